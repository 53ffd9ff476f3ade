import type { EntityState } from '../entity/entity-state.js';
import type { EmbeddedMetadata, IndexMetadata } from '../metadata/entity-metadata.js';
import { buildExists, buildFits } from '../query/index.js';
import { call, object, value, type Expression } from '../surrealql/nodes/index.js';
import { computeCreate } from '../unit-of-work/change-computer.js';
import { defaultsOf } from '../unit-of-work/default-of.js';
import type { RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';

/** Whether a flush of the entity would meet no other record under a unique index, nor under its id where it is new. */
export async function isUniqueEntity(session: EmSession, entity: object): Promise<boolean> {
  const state = session.uow.require(entity, 'isUnique');
  session.uow.ensureId(state);
  const { meta, id } = state;
  session.refuseQueued(meta);
  const rivals = meta.indexes.flatMap((index) => rivalsUnder(index, state));
  if (state.phase === 'new' && id !== undefined) rivals.push({ where: { id } });
  // An index knows nothing of filters.
  const context = session.finder.contextWith(false);
  const taken = rivals.map(({ where, condition }) =>
    session.batch.run(() => buildExists(meta, where, context, {}, partOf(session, state, condition))),
  );
  return (await Promise.all(taken)).every((exists) => exists !== true);
}

/** Records that stand in the way, if the entity meets the condition of the index. */
interface Rivals {
  readonly where: object;
  readonly condition?: object | undefined;
}

/** The other records that hold what the entity holds; none where the index leaves the entity out. */
function rivalsUnder(index: IndexMetadata, state: EntityState): Rivals[] {
  if (index.unique !== true) return [];
  const { meta, id } = state;
  const held = index.columns.map((column) => heldBy(state, column));
  if (held.some((each) => each === undefined || (each.isMissing && index.nullsDistinct !== false))) return [];
  const deletedAt = meta.softDelete?.property;
  if (deletedAt !== undefined && isMissing((state.entity as Instance)[deletedAt]) === false) return [];
  const where = {
    $and: [
      ...held.map((each) => each?.where ?? {}),
      ...(id === undefined ? [] : [{ id: { $ne: id } }]),
      ...(index.where === undefined ? [] : [index.where]),
      ...(deletedAt === undefined ? [] : [{ [deletedAt]: null }]),
    ],
  };
  return [{ where, condition: index.where }];
}

/** That the entity meets a condition: the server is asked. One that is known in part alone is taken to meet it. */
function partOf(session: EmSession, state: EntityState, condition: object | undefined): Expression[] {
  if (condition === undefined || state.loadedColumns !== undefined) return [];
  const { meta, id } = state;
  const { content } = computeCreate(session.uow.shapes.of(meta), state, id as RecordId);
  const held = value({ ...content, ...(id !== undefined && { id }) });
  const row = state.phase === 'new' ? call('object::extend', object(defaultsOf(meta)), held) : held;
  return [buildFits(meta, { $and: [condition] }, row, session.finder.contextWith(false))];
}

type Instance = Record<string, unknown>;

interface Held {
  readonly where: object;
  readonly isMissing: boolean;
}

/** The condition that a record holds the same in this column; undefined where nothing is known of it. */
function heldBy(state: EntityState, column: string): Held | undefined {
  const [first = '', ...rest] = column.split('.');
  const property = state.meta.byColumn.get(first);
  if (property === undefined || !state.isAssigned(first, property.property)) return undefined;
  const embedded = property.kind === 'field' ? property.embedded : undefined;
  const held = heldAt((state.entity as Instance)[property.property], rest, embedded);
  return held && { ...held, where: { [property.property]: held.where } };
}

function heldAt(value: unknown, [first, ...rest]: readonly string[], embedded?: EmbeddedMetadata): Held | undefined {
  if (first === undefined) return { where: (value ?? null) as object, isMissing: isMissing(value) };
  if (first === '*') {
    const list = isMissing(value) ? [] : [...(value as Iterable<unknown>)];
    return rest.length === 0 ? { where: { $containsAny: list }, isMissing: list.length === 0 } : undefined;
  }
  const member = embedded?.fields.find((field) => field.column === first);
  if (member === undefined) return undefined;
  const below = heldAt(
    isMissing(value) ? undefined : (value as Instance)[member.property],
    rest,
    member.kind === 'field' ? member.embedded : undefined,
  );
  return below && { ...below, where: { [member.property]: below.where } };
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}
