import type { Row } from '../entity/row.js';
import { ValidationError } from '../errors/index.js';
import type { EntityMetadata, LinkMetadata } from '../metadata/entity-metadata.js';
import { toId, type FetchNode } from '../query/index.js';
import { isPlain, RecordId, toRecordId } from '../values/index.js';
import { Arrivals } from './arrivals.js';
import { attachFetched } from './attach-fetched.js';
import type { EmSession } from './em-session.js';

/**
 * Takes a row that a query of the user's own has brought. Only the columns that it has count as read: of what is missing
 * nobody can tell whether it was left out or is NONE.
 */
export function mapRow(session: EmSession, meta: EntityMetadata, row: unknown): object {
  const arrivals = new Arrivals(session, false);
  const entity = adopt(arrivals, meta, requireRow(session, meta, row));
  arrivals.announceNow();
  return entity;
}

function adopt(arrivals: Arrivals, meta: EntityMetadata, given: Row): object {
  const links = meta.properties.filter((each): each is LinkMetadata => each.kind === 'link');
  const fetched = links.filter(({ column }) => isRow(given[column]));
  const row: Row = { ...given };
  for (const { column } of fetched) {
    row[aliasOf(column)] = given[column];
    row[column] = (given[column] as Row)['id'];
  }
  const columns = columnsOf(meta, given);
  const entity = arrivals.adopt(meta, row, columns);
  attachFetched(
    arrivals,
    entity,
    row,
    fetched.map((link) => nodeOf(arrivals.session, link, given[link.column] as Row)),
  );
  return entity;
}

const aliasOf = (column: string): string => `__fetched_${column}`;

/** A link that was followed by FETCH in the user's query. */
function nodeOf(session: EmSession, property: LinkMetadata, row: Row): FetchNode {
  const meta = session.core.registry.byTable((row['id'] as RecordId).table) ?? property.target();
  return {
    property,
    alias: aliasOf(property.column),
    many: false,
    meta,
    partial: false,
    columns: columnsOf(meta, row),
    children: [],
  };
}

/** Undefined where the row has every column. */
function columnsOf(meta: EntityMetadata, row: Row): ReadonlySet<string> | undefined {
  const all = [...meta.byColumn.keys()];
  return all.every((column) => row[column] !== undefined)
    ? undefined
    : new Set(all.filter((column) => row[column] !== undefined));
}

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !RecordId.is(value) && RecordId.is((value as Row)['id']);

function requireRow(session: EmSession, meta: EntityMetadata, row: unknown): Row {
  const id = typeof row === 'object' && row !== null ? toRecordId((row as Row)['id']) : undefined;
  if (id !== undefined) return { ...(row as Row), id: toId(meta, id, session.finder.context) };
  const what = `This is no row of ${meta.className}`;
  const given: unknown = isPlain(row) ? (row as Row)['id'] : undefined;
  const isText = typeof given === 'string';
  const why = isText
    ? `its id is the text ${JSON.stringify(given)}: in rows as they are read it is a RecordId, in JSON a text`
    : 'a row has the id of its record';
  throw new ValidationError({
    what,
    why,
    fix: isText
      ? 'em.map(Entity, { ...row, id: RecordId.parse(row.id) })'
      : 'select the id too: SELECT id, name FROM …',
    errors: [{ path: `${meta.className}.id`, message: `${what}: ${why}`, rule: 'type' }],
  });
}
