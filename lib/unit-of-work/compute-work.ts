import type { EntityState } from '../entity/entity-state.js';
import type { EntityShape } from '../entity/entity-shape.js';
import { LinkCollection } from '../entity/link-collection.js';
import { missingKey } from '../entity/make-id.js';
import type { EdgesMetadata } from '../metadata/entity-metadata.js';
import type { RecordId } from '../values/index.js';
import { computeCreate, computeDelete, computeUpdate, type GuardMode } from './change-computer.js';
import type { ChangeSet, FlushWork, GuardCheck, Unrelate } from './change-set.js';
import { inCommitOrder } from './commit-order.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Compares every tracked entity with the row that was read. `only` narrows it to one graph (`em.save`). */
export function computeWork(
  uow: UnitOfWork,
  guards: GuardMode,
  only?: ReadonlySet<EntityState>,
  guarded?: Iterable<EntityState>,
): FlushWork {
  const sets: ChangeSet[] = [];
  const unrelates: Unrelate[] = [];
  for (const state of only ?? uow.states()) {
    if (state.phase === 'reference' || state.meta.readOnly) continue;
    const shape = uow.shapes.of(state.meta);
    const set = computeOne(uow, shape, state, guards);
    if (set !== undefined) sets.push(set);
    if (state.phase !== 'removed') collectEdges(uow, shape, state, sets, unrelates);
  }
  return { changeSets: inCommitOrder(sets), unrelates, checks: checksOf(uow, sets, guarded) };
}

/** What was only read is compared as a whole; what is written carries its own guard. */
function checksOf(
  uow: UnitOfWork,
  sets: readonly ChangeSet[],
  guarded: Iterable<EntityState> | undefined,
): GuardCheck[] {
  if (guarded === undefined) return [];
  const written = new Set(sets.map((set) => set.state));
  return [...guarded]
    .filter((state) => !written.has(state) && state.row !== undefined && state.phase === 'managed')
    .map((state) => {
      const { guard, id } = computeDelete(uow.shapes.of(state.meta), state, state.id as RecordId, 'changed');
      return { action: 'check', meta: state.meta, state, id, guard };
    });
}

function computeOne(uow: UnitOfWork, shape: EntityShape, state: EntityState, guards: GuardMode): ChangeSet | undefined {
  if (state.phase === 'new') uow.ensureId(state);
  if (state.id === undefined) throw missingKey(state.meta);
  if (state.phase === 'new') return computeCreate(shape, state, state.id);
  if (state.phase === 'removed') return computeDelete(shape, state, state.id, guards);
  return computeUpdate(shape, state, state.id, guards);
}

function collectEdges(
  uow: UnitOfWork,
  shape: EntityShape,
  state: EntityState,
  sets: ChangeSet[],
  unrelates: Unrelate[],
): void {
  for (const property of shape.collections) {
    if (property.kind !== 'edges') continue;
    const collection = (state.entity as Record<string, unknown>)[property.property];
    const changes = LinkCollection.is(collection) ? collection.changes() : undefined;
    if (changes === undefined) continue;
    const from = state.id as RecordId;
    if (changes.cleared) unrelates.push({ owner: state, property, from, to: undefined });
    for (const to of changes.removed) unrelates.push({ owner: state, property, from, to });
    for (const { id, data } of changes.added) sets.push(edgeCreate(uow, property, from, id, data));
  }
}

/** The edge is an entity of its own, tracked once the flush has made it. */
function edgeCreate(
  uow: UnitOfWork,
  property: EdgesMetadata,
  owner: RecordId,
  target: RecordId,
  data: object | undefined,
): ChangeSet {
  const inward = property.direction === 'in';
  const ends = inward ? { in: target, out: owner } : { in: owner, out: target };
  const meta = property.edge();
  const edge = uow.create(meta, { ...data, ...ends }, false);
  const state = uow.require(edge, 'create');
  return computeCreate(uow.shapes.of(meta), state, state.id as RecordId);
}
