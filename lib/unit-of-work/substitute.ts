import type { EntityState } from '../entity/entity-state.js';
import { collectionOf } from '../entity/hydrate.js';
import type { LinkCollection } from '../entity/link-collection.js';
import { LinkReference } from '../entity/link-reference.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Links and collections of these entities that hold one instance of a record hold its successor from here on. */
export function substitute(
  uow: UnitOfWork,
  holders: Iterable<EntityState>,
  successors: ReadonlyMap<object, object>,
  before?: (collection: LinkCollection) => void,
): void {
  if (successors.size === 0) return;
  for (const state of holders) {
    const shape = uow.shapes.of(state.meta);
    for (const { property } of shape.links) {
      const held = (state.entity as Record<string, unknown>)[property];
      const successor = LinkReference.is(held) && held.held !== undefined ? successors.get(held.held) : undefined;
      if (successor !== undefined) (held as LinkReference).fill(successor);
    }
    for (const { property } of shape.collections) {
      const collection = collectionOf(state, property);
      if (collection === undefined) continue;
      before?.(collection);
      collection.substitute(successors);
    }
  }
}
