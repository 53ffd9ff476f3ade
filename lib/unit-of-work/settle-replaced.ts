import { collectionOf } from '../entity/hydrate.js';
import { LinkReference } from '../entity/link-reference.js';
import type { FlushWork } from './change-set.js';
import type { RollbackJournal } from './journal.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Memory after records were replaced in place: who held the old instance of one holds the new one. */
export function settleReplaced(uow: UnitOfWork, { changeSets }: FlushWork, journal?: RollbackJournal): void {
  const successors = new Map<object, object>();
  for (const set of changeSets)
    if (set.action === 'create' && set.replaces !== undefined)
      successors.set(set.replaces.state.entity, set.state.entity);
  if (successors.size === 0) return;
  for (const state of uow.states()) {
    const shape = uow.shapes.of(state.meta);
    for (const { property } of shape.links) {
      const held = (state.entity as Record<string, unknown>)[property];
      const successor = LinkReference.is(held) && held.held !== undefined ? successors.get(held.held) : undefined;
      if (successor !== undefined) (held as LinkReference).fill(successor);
    }
    for (const { property } of shape.collections) {
      const collection = collectionOf(state, property);
      if (collection === undefined) continue;
      journal?.rememberCollection(collection);
      collection.substitute(successors);
    }
  }
}
