import type { EntityState } from '../entity/entity-state.js';
import type { EntityShape } from '../entity/entity-shape.js';
import { collectionOf } from '../entity/hydrate.js';
import { missingKey } from '../entity/make-id.js';
import type { LinkCollection } from '../entity/link-collection.js';
import type { CollectionChanges } from '../entity/pending-links.js';
import type { EdgesMetadata } from '../metadata/entity-metadata.js';
import { toRecordId, type RecordId } from '../values/index.js';
import { findAftermath } from './aftermath.js';
import { computeCreate, computeDelete, computeUpdate, type GuardMode } from './change-computer.js';
import type { ChangeSet, CollectionWork, FlushWork, GuardCheck, Unrelate } from './change-set.js';
import { inCommitOrder } from './commit-order.js';
import { PendingEdges } from './pending-edges.js';
import { changedId } from './errors.js';
import { computeSoftDelete } from './soft-delete.js';
import type { UnitOfWork } from './unit-of-work.js';

export interface WorkScope {
  readonly guards: GuardMode;
  /** Narrows the flush to one graph (`em.save`). */
  readonly only?: Iterable<EntityState> | undefined;
  /** Entities that must still be as they were read, though they are not written. */
  readonly guarded?: Iterable<EntityState> | undefined;
}

/** Compares every tracked entity with the row that was read. */
export function computeWork(uow: UnitOfWork, { guards, only, guarded }: WorkScope): FlushWork {
  const sets: ChangeSet[] = [];
  const links = new LinkWork(uow);
  for (const state of only ?? uow.states()) {
    if (state.meta.readOnly || state.phase === 'detached') continue;
    const shape = uow.shapes.of(state.meta);
    const set = computeOne(uow, shape, state, guards);
    if (set !== undefined) sets.push(set);
    const stays = state.phase !== 'removed' || uow.softRemovals.has(state);
    if (stays && shape.collections.length > 0) links.collect(shape, state);
  }
  sets.push(...links.edges.changeSets());
  return {
    changeSets: inCommitOrder(sets),
    unrelates: links.unrelates,
    checks: checksOf(uow, sets, guarded),
    collections: links.collections,
    unread: links.unread,
    aftermath: findAftermath(uow, sets),
  };
}

/** What was only read is compared as a whole; what is written carries its own guard. */
function checksOf(
  uow: UnitOfWork,
  sets: readonly ChangeSet[],
  guarded: Iterable<EntityState> | undefined,
): GuardCheck[] {
  if (guarded === undefined) return [];
  const deleted = new Set(sets.filter((set) => set.action === 'delete').map((set) => set.state));
  return [...guarded]
    .filter((state) => !deleted.has(state) && state.row !== undefined && state.phase === 'managed')
    .map((state) => {
      const { guard, id } = computeDelete(uow.shapes.of(state.meta), state, state.id as RecordId, 'changed');
      return { action: 'check', meta: state.meta, state, id, guard };
    });
}

function computeOne(uow: UnitOfWork, shape: EntityShape, state: EntityState, guards: GuardMode): ChangeSet | undefined {
  if (state.phase === 'new') uow.ensureId(state);
  const { id, replaces } = state;
  if (id === undefined) throw missingKey(state.meta);
  if (state.phase === 'removed')
    return uow.softRemovals.has(state)
      ? computeSoftDelete(shape, state, id, guards)
      : { ...computeDelete(shape, state, id, guards), mayBeGone: uow.orphans.isKnownById(state) };
  if (state.phase === 'new') {
    const set = computeCreate(shape, state, id);
    return replaces === undefined
      ? set
      : {
          ...set,
          replaces: { state: replaces, row: replaces.row, guard: computeDelete(shape, replaces, id, guards).guard },
        };
  }
  checkId(state, id);
  return computeUpdate(shape, state, id, guards);
}

function checkId(state: EntityState, id: RecordId): void {
  const held = (state.entity as { readonly id?: unknown }).id;
  if (held !== id && toRecordId(held)?.equals(id) !== true) throw changedId(state, held);
}

/** What the collections of all entities have to write. */
class LinkWork {
  readonly edges: PendingEdges;
  readonly unrelates: Unrelate[] = [];
  readonly collections: CollectionWork[] = [];
  readonly unread: LinkCollection[] = [];

  constructor(uow: UnitOfWork) {
    this.edges = new PendingEdges(uow);
  }

  collect(shape: EntityShape, state: EntityState): void {
    for (const property of shape.collections) {
      const collection = collectionOf(state, property.property);
      const changes = collection?.changes();
      if (collection === undefined || changes === undefined) continue;
      if (collection.isUnread) {
        this.unread.push(collection);
        continue;
      }
      this.collections.push({ owner: state, property, collection, changes });
      if (property.kind === 'edges') this.#collectEdges(property, state, changes);
    }
  }

  #collectEdges(property: EdgesMetadata, owner: EntityState, { added, removed, cleared }: CollectionChanges): void {
    const from = owner.id as RecordId;
    if (cleared) this.unrelates.push({ owner, property, from, to: undefined });
    for (const to of removed) this.unrelates.push({ owner, property, from, to });
    for (const link of added) this.edges.add(property, from, link);
  }
}
