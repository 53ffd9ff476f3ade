import type { EntityState } from '../../entity/entity-state.js';
import type { Row } from '../../entity/row.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import { refused } from '../../query/query-errors.js';
import { path, value, type Assignment, type Statement } from '../../surrealql/nodes/index.js';
import type { CreateChangeSet } from '../../unit-of-work/change-set.js';
import { includeEdge } from '../../unit-of-work/settle-edges.js';
import { NONE } from '../../values/index.js';
import { insertRequest, insertRows } from '../bulk-insert.js';
import type { EmSession } from '../em-session.js';
import { announced } from './bulk-events.js';
import { endProperty, endsOf, type EdgeEnds } from './edge-ends.js';
import type { DirectWrite } from './direct-write.js';
import { encodeRows, encodeUnjudged } from './encode-rows.js';
import { edgesBetween } from './known-edges.js';
import { letGo, takeWritten } from './managed-copies.js';
import { isJudged } from './barred.js';
import { relateOnce } from './relate-rows.js';
import { requestOf, sendDirect } from './send-direct.js';

export interface RelateOptions {
  /**
   * What to do where such an edge exists: `error` (default) leaves it to the table's unique indexes, `ignore` answers the
   * stored one, `update` gives it the data.
   */
  readonly onConflict?: 'error' | 'ignore' | 'update';
  /** Milliseconds that the server may take to write it: `TIMEOUT`. */
  readonly timeout?: number;
}

export interface Relating {
  readonly session: EmSession;
  readonly meta: EntityMetadata;
  readonly ends: EdgeEnds;
  readonly data: object;
}

/** Makes an edge at once; answers it, or undefined in a deferred transaction. */
export async function relateRecords(
  { session, meta, ends, data }: Relating,
  { onConflict = 'error', timeout }: RelateOptions,
): Promise<object | undefined> {
  checkOption(meta, onConflict);
  const row = rowOf(meta, ends, data);
  if (session.deferred !== undefined && leavesWithFlush({ session, meta, ends, data }, row, onConflict))
    return undefined;
  const edge =
    onConflict === 'error'
      ? (await insertRows(session, meta, [row], { returning: 'after', ...(timeout !== undefined && { timeout }) }))
          ?.entities?.[0]
      : await relateUnlessThere({ session, meta, ends, data }, row, { onConflict, timeout });
  if (edge !== undefined) includeEdge(session.uow, meta, { in: ends.from, out: ends.to }, session.transaction?.journal);
  return edge;
}

export function relating(session: EmSession, meta: EntityMetadata, from: unknown, to: unknown, data: object): Relating {
  return { session, meta, ends: endsOf(session, meta, from, to), data };
}

/**
 * In a deferred transaction a plain new edge is one more entity, and so is one whose end is new: it leaves after its ends.
 * Only one that may meet a stored edge is a write of its own.
 */
function leavesWithFlush(
  { session, meta, ends, data }: Relating,
  row: object,
  onConflict: NonNullable<RelateOptions['onConflict']>,
): boolean {
  const { uow } = session;
  const pending = edgesBetween(session, meta, ends).find(({ phase }) => phase === 'new');
  const isNew = [ends.from, ends.to].some((id) => uow.get(id)?.phase === 'new');
  if (onConflict === 'error' || (isNew && pending === undefined)) {
    uow.create(meta, row);
    session.deferred?.madeRows(meta);
  } else if (pending === undefined) return false;
  else if (onConflict === 'update') uow.assign(pending.entity, data);
  return true;
}

async function relateUnlessThere(
  { session, meta, ends, data }: Relating,
  row: object,
  { onConflict, timeout }: OnceOptions,
): Promise<object | undefined> {
  session.deferred?.refuseFlushed(meta);
  const [set] = (await encodeRows(session, meta, [row], 'relate')) as [CreateChangeSet];
  if (session.deferred !== undefined && onConflict === 'update')
    letGo(session, edgesBetween(session, meta, ends).flatMap(idsOf), 'relate');
  const write = onceOf({ session, meta, ends, data }, set, { onConflict, timeout });
  const notice = { meta, action: 'upsert', criteria: [row] } as const;
  const answer = await announced(
    session,
    notice,
    () => sendDirect(session, write),
    (written) => (written === undefined ? undefined : 1),
  );
  if (answer === undefined) return undefined;
  // A row that its own transaction has written is read without its id.
  const { id, row: stored } = answer as { readonly id: unknown; readonly row: Row };
  return takeWritten(session, meta, { ...stored, id });
}

interface OnceOptions {
  readonly onConflict: 'ignore' | 'update';
  readonly timeout: number | undefined;
}

function onceOf({ session, meta, ends, data }: Relating, set: CreateChangeSet, options: OnceOptions): DirectWrite {
  const changes = assignmentsOf(set);
  const named = (data as { readonly id?: unknown }).id !== undefined;
  return relateOnce(meta, { set, ends, changes, named, judged: isJudged(session), ...options });
}

/** What an edge is sent as. @throws ValidationError for data that the edge cannot have */
export function relateRequest(
  relating: Relating,
  { onConflict = 'error', timeout }: RelateOptions,
): readonly Statement[] {
  const { session, meta, ends, data } = relating;
  checkOption(meta, onConflict);
  const row = rowOf(meta, ends, data);
  if (onConflict === 'error')
    return insertRequest(session, meta, [row], { returning: 'after', ...(timeout !== undefined && { timeout }) });
  const [set] = encodeUnjudged(session, meta, [row], 'relate') as [CreateChangeSet];
  return requestOf(session, onceOf(relating, set, { onConflict, timeout }));
}

function rowOf(meta: EntityMetadata, ends: EdgeEnds, data: object): object {
  const [start, end] = [endProperty(meta, 'in'), endProperty(meta, 'out')];
  for (const { property, path: place } of [start, end])
    if ((data as Record<string, unknown>)[property] !== undefined)
      throw refused({
        path: place,
        what: `${place} was given in the data of an edge`,
        why: `em.relate(from, ${meta.className}, to, data) is told the ends before and after the class`,
        fix: 'leave it out of the data',
        rule: 'readonly',
      });
  return { ...data, [start.property]: ends.from, [end.property]: ends.to };
}

/** What an edge that exists is given: the fields that were named. Its ends are what it is. */
function assignmentsOf({ content, given = [] }: CreateChangeSet): Assignment[] {
  const changed = given.filter((column) => !['id', 'in', 'out'].includes(column));
  return changed.map((column) => ({
    target: path(column),
    operator: '=',
    value: value(column in content ? content[column] : NONE),
  }));
}

function checkOption(meta: EntityMetadata, onConflict: string): void {
  if (['error', 'ignore', 'update'].includes(onConflict)) return;
  throw refused({
    path: meta.className,
    what: `onConflict of em.relate() cannot be ${JSON.stringify(onConflict)}`,
    fix: `'error', 'ignore' or 'update'`,
    rule: 'option',
  });
}

function idsOf({ id }: EntityState) {
  return id === undefined ? [] : [id];
}
