import { collectionOf } from '../entity/hydrate.js';
import { LinkReference } from '../entity/link-reference.js';
import type { FlushWork } from './change-set.js';
import type { EntityState } from '../entity/entity-state.js';
import { identityOf, type RecordId } from '../values/index.js';
import type { RollbackJournal } from './journal.js';
import { excludeLastEdge } from './settle-edges.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Memory after records were deleted softly: links to them are unloaded, collections show them no more. They stay tracked. */
export function settleRetired(uow: UnitOfWork, work: FlushWork, journal?: RollbackJournal): void {
  const retired = work.changeSets.filter((set) => set.action === 'delete' && set.soft !== undefined);
  for (const { state } of retired) if (state.phase === 'removed') state.phase = 'managed';
  hideRetired(
    uow,
    retired.map(({ id }) => id),
    journal,
  );
}

/** Those of these records that are tracked, and hidden from reads. */
export function hideRetired(uow: UnitOfWork, ids: readonly RecordId[], journal?: RollbackJournal): void {
  const hidden = ids.map((id) => uow.get(id)).filter((state) => state?.isHidden === true) as EntityState[];
  if (hidden.length === 0) return;
  const keys = new Set(hidden.map(({ id }) => identityOf(id as RecordId)));
  for (const state of uow.states()) hideFrom(uow, state, keys, journal);
  for (const { meta, row } of hidden)
    if (meta.type === 'relation' && row !== undefined) excludeLastEdge(uow, meta, row, journal);
}

function hideFrom(
  uow: UnitOfWork,
  state: EntityState,
  keys: ReadonlySet<string>,
  journal: RollbackJournal | undefined,
): void {
  const shape = uow.shapes.of(state.meta);
  const instance = state.entity as Record<string, unknown>;
  for (const { property } of shape.links) {
    const held = instance[property];
    if (LinkReference.is(held) && keys.has(identityOf(held.id))) held.unload();
  }
  for (const { property } of shape.collections) {
    const collection = collectionOf(state, property);
    if (collection === undefined) continue;
    journal?.rememberCollection(collection);
    collection.hide(keys);
  }
}
