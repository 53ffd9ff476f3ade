import type { Row } from '../../entity/row.js';
import { ValidationError } from '../../errors/index.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import { refused } from '../../query/query-errors.js';
import type { CreateChangeSet } from '../../unit-of-work/change-set.js';
import { refuseView } from '../../unit-of-work/errors.js';
import type { EmSession } from '../em-session.js';
import { isJudged } from './barred.js';
import { announced } from './bulk-events.js';
import { encodeRows } from './encode-rows.js';
import { letGo, takeWritten } from './managed-copies.js';
import { sendDirect, writeContext } from './send-direct.js';
import { rowToWrite, upsertRows, type UpsertRow } from './upsert-rows.js';

export interface UpsertOptions<T extends object> {
  /** What tells which record is meant: `id` (default), or the fields of a unique index. */
  readonly on?: (keyof T & string) | readonly (keyof T & string)[];
}

/** Writes rows whether their records exist or not; answers the entities in the order given, undefined while queued. */
export async function upsertRecords(
  session: EmSession,
  meta: EntityMetadata,
  rows: readonly object[],
  on: readonly string[],
): Promise<object[] | undefined> {
  refuseView(meta, 'upsert');
  if (meta.type === 'relation') throw edgesAreRelated(meta);
  const key = keyColumns(meta, on);
  const sets = await encodeRows(session, meta, rows, 'upsert');
  const wanted = sets.map((set, index) => upsertRow(meta, rows[index] as object, set, key));
  refuseDoubles(meta, wanted, on);
  if (wanted.length === 0) return session.deferred === undefined ? [] : undefined;
  if (session.deferred !== undefined)
    letGo(
      session,
      sets.map(({ id }) => id),
      'upsert',
    );
  const form = { answersRows: true, query: writeContext(session), judged: isJudged(session) };
  const write = upsertRows(meta, wanted, form);
  const notice = { meta, action: 'upsert', criteria: rows } as const;
  const count = () => (session.deferred === undefined ? rows.length : undefined);
  const answers = await announced(session, notice, () => sendDirect(session, write), count);
  if (answers === undefined) return undefined;
  const entities: object[] = [];
  for (const row of write.inOrder(answers)) entities.push(await takeWritten(session, meta, row as Row));
  return entities;
}

/** The columns that tell which record is meant; none for the id. */
function keyColumns(meta: EntityMetadata, on: readonly string[]): readonly string[] {
  if (on.length === 1 && on[0] === 'id') return [];
  const columns = on.map((name) => {
    const property = meta.byProperty.get(name);
    return property !== undefined && 'column' in property ? property.column : name;
  });
  const isUnique = meta.indexes.some(
    (index) =>
      index.unique === true &&
      index.where === undefined &&
      index.columns.length === columns.length &&
      index.columns.every((column) => columns.includes(column)),
  );
  if (isUnique) return columns;
  throw refused({
    path: `${meta.className}.${on.join(', ')}`,
    what: `em.upsert(${meta.className}, …) cannot go by ${on.join(', ') || 'nothing'}`,
    why: 'without a unique index over exactly these fields they do not tell which record is meant',
    fix: [`@Index({ fields: [${on.map((name) => `'${name}'`).join(', ')}], unique: true })`, `{ on: 'id' }`],
    rule: 'unique',
  });
}

function upsertRow(meta: EntityMetadata, data: object, set: CreateChangeSet, key: readonly string[]): UpsertRow {
  if (key.length > 0 && (data as { id?: unknown }).id !== undefined) throw idBesideKey(meta, key);
  if (key.length === 0) return rowToWrite(set, [], []);
  const values = key.map((column) => keyValue(meta, set.content, column));
  return rowToWrite(set, [{ columns: key, values }], key);
}

function keyValue(meta: EntityMetadata, content: Row, column: string): unknown {
  const given = content[column];
  if (given !== undefined && given !== null) return given;
  const path = meta.byColumn.get(column)?.path ?? column;
  throw refused({
    path,
    what: `em.upsert(${meta.className}, …) goes by ${path}, which has no value`,
    why: 'records without a value are not the same record',
    rule: 'required',
  });
}

/** Rows of one name are one record. */
function nameOf({ id, keys: [key] }: UpsertRow): string {
  return key === undefined ? String(id) : key.values.map((each) => `${typeof each} ${String(each)}`).join('\n');
}

/** Which of two rows is to win would depend on how they are sent. */
function refuseDoubles(meta: EntityMetadata, rows: readonly UpsertRow[], on: readonly string[]): void {
  const seen = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    const name = nameOf(row);
    const before = seen.get(name);
    if (before !== undefined)
      throw refused({
        path: `${meta.className}.${on.join(', ')}`,
        what: `Rows ${before} and ${index} of em.upsert(${meta.className}, …) are the same record`,
        why: `their ${on.join(', ')} is the same`,
        fix: 'give each record once',
        rule: 'unique',
      });
    seen.set(name, index);
  }
}

function idBesideKey(meta: EntityMetadata, key: readonly string[]): ValidationError {
  return refused({
    path: `${meta.className}.id`,
    what: `em.upsert(${meta.className}, …, { on: … }) was given an id`,
    why: `${key.join(', ')} decides which record is written; a record that exists keeps its id`,
    fix: ['leave the id out', `{ on: 'id' }`],
    rule: 'id',
  });
}

function edgesAreRelated(meta: EntityMetadata): ValidationError {
  return new ValidationError({
    what: `em.upsert() does not write edges, and ${meta.className} is one`,
    why: 'an edge keeps its ends: they tell which one is meant',
    fix: `em.relate(from, ${meta.className}, to, data, { onConflict: 'update' })`,
  });
}
