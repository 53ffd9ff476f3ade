import { everyLink } from './links.js';
import type { EntityMetadata, MetadataRegistry } from '../metadata/entity-metadata.js';
import type { Statement } from '../surrealql/nodes/index.js';
import { Words } from './words.js';

/** Stands for every table: what ends with any write. */
export const ANY_TABLE = '*';

/**
 * The tables that an answer hangs on: those that the statement names or comes to through links, and those that computed fields and
 * views of these come to. Rather one too many; `*` where a text may lead anywhere.
 */
export function tablesRead(statement: Statement, registry: MetadataRegistry): readonly string[] {
  const words = new Words(registry);
  words.add(statement);
  const found = new Set<string>();
  const visit = (table: string): void => {
    if (found.has(table)) return;
    found.add(table);
    for (const meta of entitiesOf(registry, table)) words.add(hiddenTexts(meta));
  };
  // What is found may bring words of its own.
  for (let known = -1; known !== found.size;) {
    known = found.size;
    const entities = [...found].flatMap((table) => entitiesOf(registry, table));
    const links = entities.flatMap(everyLink).filter(({ column }) => words.has(column));
    const named = registry.entities.filter(({ table }) => words.has(table));
    for (const { table } of [...named, ...links.flatMap((link) => link.targets())]) visit(table);
    for (const table of words.tables) visit(table);
  }
  // Who writes a table that no entity has names it by a word like any other.
  const isStrange = [...found].some((table) => entitiesOf(registry, table).length === 0);
  return words.untold || isStrange ? [...found, ANY_TABLE] : [...found];
}

export function entitiesOf(registry: MetadataRegistry, table: string): readonly EntityMetadata[] {
  return registry.entities.filter((meta) => meta.table === table);
}

/** What the server evaluates at every read without its standing in the statement. */
function hiddenTexts({ properties, view }: EntityMetadata): readonly unknown[] {
  const computed = properties.flatMap((each) => (each.kind === 'computed' && !each.stored ? [each.expression] : []));
  return view === undefined ? computed : [...computed, view.as];
}
