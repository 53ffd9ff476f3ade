import type { Row } from '../../entity/row.js';
import type { EntityState } from '../../entity/entity-state.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import { refused } from '../../query/query-errors.js';
import { excludeEdge } from '../../unit-of-work/settle-edges.js';
import type { RecordId } from '../../values/index.js';
import type { EmSession } from '../em-session.js';
import { announced } from './bulk-events.js';
import type { DirectWrite } from './direct-write.js';
import { endProperty, endsOf, nodeOf, type Direction } from './edge-ends.js';
import { edgesBetween, edgesOf } from './known-edges.js';
import { forgetDeleted, letGo, refreshCopies } from './managed-copies.js';
import { isJudged } from './barred.js';
import { unrelateBetween, unrelateFrom } from './relate-rows.js';
import { sendDirect } from './send-direct.js';

/** Which edges go: the statement that deletes them, and where they are in memory and in the eyes of subscribers. */
interface Unrelating {
  readonly metas: readonly EntityMetadata[];
  readonly write: DirectWrite;
  criteria(meta: EntityMetadata): object;
  copies(meta: EntityMetadata): EntityState[];
}

/** Deletes every edge from one record to another; answers how many, or undefined where that is not known yet. */
export function unrelateRecords(
  session: EmSession,
  meta: EntityMetadata,
  from: unknown,
  to: unknown,
): Promise<number | undefined> {
  const ends = endsOf(session, meta, from, to);
  return deleteEdges(session, {
    metas: [meta],
    write: unrelateBetween(meta, ends, isJudged(session)),
    criteria: () => ({ [endProperty(meta, 'in').property]: ends.from, [endProperty(meta, 'out').property]: ends.to }),
    copies: () => edgesBetween(session, meta, ends),
  });
}

/** Deletes the edges of a record, on one side or on both; answers how many, or undefined where that is not known yet. */
export async function unrelateEvery(
  session: EmSession,
  metas: readonly EntityMetadata[],
  node: unknown,
  direction: Direction,
): Promise<number | undefined> {
  const [first, ...others] = [...new Set(metas)];
  if (first === undefined) throw noEdges();
  const id = sameNode(
    [first, ...others].map((meta) => nodeOf(session, meta, direction, node)),
    node,
  );
  return deleteEdges(session, {
    metas: [first, ...others],
    write: unrelateFrom([first, ...others], id, direction, isJudged(session)),
    criteria: (meta) => criteriaOf(meta, id, direction),
    copies: (meta) => edgesOf(session, meta, id, direction),
  });
}

async function deleteEdges(session: EmSession, unrelating: Unrelating): Promise<number | undefined> {
  const { metas, write } = unrelating;
  if (session.deferred !== undefined) for (const meta of metas) forgetPending(session, unrelating, meta);
  const send = async () => (await sendDirect(session, write)) as Deleted | undefined;
  const deleted = await metas.reduce((next, meta) => telling(session, meta, unrelating, next), send)();
  if (deleted === undefined) return undefined;
  const { ids, gone } = deleted;
  // Where PERMISSIONS have spared some, the rows of those written in this very transaction do not tell which.
  if (ids.length === gone.length) forgetDeleted(session, ids);
  else await refreshCopies(session, ids);
  for (const meta of metas) for (const row of gone) excludeEdge(session.uow, meta, row, session.transaction?.journal);
  return gone.length;
}

interface Deleted {
  readonly ids: readonly RecordId[];
  /** As they were. */
  readonly gone: readonly Row[];
}

function telling(
  session: EmSession,
  meta: EntityMetadata,
  { criteria }: Unrelating,
  next: () => Promise<Deleted | undefined>,
): () => Promise<Deleted | undefined> {
  const notice = { meta, action: 'delete', criteria: criteria(meta) } as const;
  return () =>
    announced(session, notice, next, (deleted) => deleted?.ids.filter(({ table }) => table === meta.table).length);
}

/** Edges that the block has made itself are made no more; copies of stored ones would show what is no longer so. */
function forgetPending(session: EmSession, { copies }: Unrelating, meta: EntityMetadata): void {
  session.deferred?.refuseFlushed(meta);
  for (const state of copies(meta)) {
    if (state.phase === 'new') session.uow.remove(state.entity);
    else if (state.id !== undefined) letGo(session, [state.id], 'unrelate');
  }
}

function criteriaOf(meta: EntityMetadata, node: RecordId, direction: Direction): object {
  const start = { [endProperty(meta, 'in').property]: node };
  const end = { [endProperty(meta, 'out').property]: node };
  return direction === 'both' ? { $or: [start, end] } : direction === 'out' ? start : end;
}

function sameNode([first, ...others]: readonly RecordId[], given: unknown): RecordId {
  const other = others.find((id) => !id.equals(first));
  if (first !== undefined && other === undefined) return first;
  throw refused({
    path: String(given),
    what: `${String(given)} is ${String(first)} to one edge and ${String(other)} to another`,
    why: 'a bare key is read as one of the table that an edge joins',
    fix: 'give the entity, or a RecordId',
    rule: 'key',
  });
}

function noEdges() {
  return refused({
    path: 'unrelateAll',
    what: 'em.unrelateAll() was given no edge class',
    fix: 'name at least one: em.unrelateAll(node, Follows)',
    rule: 'required',
  });
}
