import type { EntityState } from '../entity/entity-state.js';
import type { EmbeddedMetadata, IndexMetadata } from '../metadata/entity-metadata.js';
import { buildExists } from '../query/index.js';
import type { EmSession } from './em-session.js';

/** Whether a flush of the entity would meet no other record under a unique index, nor under its id where it is new. */
export async function isUniqueEntity(session: EmSession, entity: object): Promise<boolean> {
  const state = session.uow.require(entity, 'isUnique');
  session.uow.ensureId(state);
  const { meta, id } = state;
  session.refuseQueued(meta);
  const others = meta.indexes.flatMap((index) => othersUnder(index, state));
  const wheres = state.phase === 'new' && id !== undefined ? [{ id }, ...others] : others;
  // An index knows nothing of filters.
  const context = session.finder.contextWith(false);
  const taken = wheres.map((where) => session.batch.run(() => buildExists(meta, where, context)));
  return (await Promise.all(taken)).every((exists) => exists !== true);
}

/** The other records that hold what the entity holds; none where the index leaves the entity out. */
function othersUnder(index: IndexMetadata, state: EntityState): object[] {
  if (index.unique !== true) return [];
  const { meta, id } = state;
  const held = index.columns.map((column) => heldBy(state, column));
  if (held.some((each) => each === undefined || (each.isMissing && index.nullsDistinct !== false))) return [];
  const deletedAt = meta.softDelete?.property;
  if (deletedAt !== undefined && isMissing((state.entity as Instance)[deletedAt]) === false) return [];
  return [
    {
      $and: [
        ...held.map((each) => each?.where ?? {}),
        ...(id === undefined ? [] : [{ id: { $ne: id } }]),
        ...(index.where === undefined ? [] : [index.where]),
        ...(deletedAt === undefined ? [] : [{ [deletedAt]: null }]),
      ],
    },
  ];
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
