import type { QueryRequest } from '../driver/driver.js';
import type { EntityMetadata, LinkMetadata, LinksMetadata, MetadataRegistry } from '../metadata/entity-metadata.js';
import { isPlain, RecordId } from '../values/index.js';
import { everyLink } from './links.js';
import { ANY_TABLE, entitiesOf } from './tables-read.js';
import { MADE_NAME, Words } from './words.js';

/** Members under which the statements of a flush hold the id of a written record. */
const ID_MEMBERS: readonly string[] = ['i', 'id'];

/**
 * The tables whose rows a writing request may change: those that it names, those that free text comes to through links
 * (`UPDATE $after.author …`), and those that the server changes with them (cascades, events, views); `*` for any.
 */
export function tablesWritten(
  request: Pick<QueryRequest, 'text' | 'bindings' | 'purpose'>,
  registry: MetadataRegistry,
): readonly string[] {
  if (request.purpose === 'schema') return [ANY_TABLE];
  const isRaw = request.purpose === 'raw';
  if (isRaw && MADE_NAME.test(request.text)) return [ANY_TABLE];
  const words = new Words(registry);
  words.add(request.text);
  words.add(isRaw ? request.bindings : idsIn(request.bindings));
  // The statements of a flush write columns; what people write may go through them.
  const free = new Words(registry);
  if (isRaw) free.add(request.text);
  const deletes = /\bDELETE\b/i.test(request.text);
  const found = new Set<string>();
  for (let known = -1; known !== found.size;) {
    known = found.size;
    for (const { table } of registry.entities) if (words.has(table)) found.add(table);
    for (const table of words.tables) found.add(table);
    for (const meta of registry.entities) if (follows(meta, found, deletes, registry)) found.add(meta.table);
    if (deletes) for (const text of onDeletes(registry, found)) [words, free].forEach((each) => each.add(text));
    for (const meta of [...found].flatMap((table) => entitiesOf(registry, table))) {
      const then = meta.events.map((event) => event.then);
      words.add(then);
      free.add(then);
      for (const link of everyLink(meta).filter(({ column }) => free.has(column))) goThrough(link, found, words);
    }
  }
  // A text that names none of them writes what only its author knows.
  return words.untold || (isRaw && found.size === 0) ? [ANY_TABLE] : [...found];
}

/** A text that names a link may write what it leads to: one without a target leads anywhere. */
function goThrough(link: LinkMetadata | LinksMetadata, found: Set<string>, words: Words): void {
  const targets = link.targets();
  words.untold ||= targets.length === 0;
  for (const { table } of targets) found.add(table);
}

/** Data is not looked at: what a row links to is not written with it. */
function idsIn(given: unknown, depth = 0): readonly unknown[] {
  if (RecordId.is(given)) return [given];
  if (Array.isArray(given)) return given.flatMap((each) => idsIn(each, depth + 1));
  if (typeof given !== 'object' || given === null || !isPlain(given)) return [];
  const members = Object.entries(given as Record<string, unknown>);
  return members.flatMap(([name, each]) => (depth === 0 || ID_MEMBERS.includes(name) ? idsIn(each, depth + 1) : []));
}

/** Whether the server changes records of this entity with those of the written tables. */
function follows(
  meta: EntityMetadata,
  written: ReadonlySet<string>,
  deletes: boolean,
  registry: MetadataRegistry,
): boolean {
  if (written.has(meta.table)) return false;
  if (meta.view !== undefined) {
    const words = new Words(registry);
    words.add(meta.view.as);
    return words.untold || [...written].some((table) => words.has(table));
  }
  return deletes && everyLink(meta).some((link) => isChanged(meta, link.onDelete) && leadsTo(link.targets(), written));
}

/** What users have written to run when a record of these tables is deleted. */
function onDeletes(registry: MetadataRegistry, deleted: ReadonlySet<string>): readonly unknown[] {
  const links = registry.entities.flatMap(everyLink).filter((link) => leadsTo(link.targets(), deleted));
  return links.map(({ onDelete }) => onDelete).filter((onDelete) => typeof onDelete !== 'string');
}

/** An edge goes with its ends. */
function isChanged(meta: EntityMetadata, onDelete: unknown): boolean {
  return meta.type === 'relation' || (onDelete !== 'ignore' && onDelete !== 'reject');
}

function leadsTo(targets: readonly EntityMetadata[], written: ReadonlySet<string>): boolean {
  return targets.length === 0 || targets.some(({ table }) => written.has(table));
}
