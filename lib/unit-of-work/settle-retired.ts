import { collectionOf } from '../entity/hydrate.js';
import { LinkReference } from '../entity/link-reference.js';
import type { Row } from '../entity/row.js';
import type { FlushWork } from './change-set.js';
import type { EntityState } from '../entity/entity-state.js';
import { identityOf, type RecordId } from '../values/index.js';
import type { RollbackJournal } from './journal.js';
import { excludeLastEdge, includeEdge } from './settle-edges.js';
import { isRestored } from './soft-delete.js';
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
  showRestored(uow, work, journal);
}

/** Collections that are known show again what has come back; inverse sides go by the links. */
function showRestored(uow: UnitOfWork, work: FlushWork, journal: RollbackJournal | undefined): void {
  const keys = new Set(work.changeSets.filter(isRestored).map(({ id }) => identityOf(id)));
  if (keys.size === 0) return;
  for (const state of uow.states()) {
    for (const { property, kind } of uow.shapes.of(state.meta).collections) {
      const collection = kind === 'links' ? collectionOf(state, property) : undefined;
      if (collection === undefined) continue;
      journal?.rememberCollection(collection);
      collection.unhide();
    }
    const edge = shownEdge(uow, state);
    const ids = edge === undefined ? [] : [edge['in'], edge['out'], state.id];
    if (edge !== undefined && ids.some((id) => keys.has(identityOf(id as RecordId))))
      includeEdge(uow, state.meta, edge, journal);
  }
}

/** The row of an edge that reads show, as they do both its ends. */
function shownEdge(uow: UnitOfWork, { meta, row, isHidden }: EntityState): Row | undefined {
  if (meta.type !== 'relation' || row === undefined || isHidden) return undefined;
  const ends = [row['in'], row['out']] as RecordId[];
  return ends.some((end) => uow.get(end)?.isHidden === true) ? undefined : row;
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
