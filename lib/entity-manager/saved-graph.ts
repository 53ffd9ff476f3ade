import type { EntityState } from '../entity/entity-state.js';
import { LinkCollection } from '../entity/link-collection.js';
import { LinkReference } from '../entity/link-reference.js';
import { stateOf } from '../entity/stamp.js';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.js';

/** The entities to save, the new ones that they link to, and what they own. */
export function savedGraph(uow: UnitOfWork, entities: readonly object[]): ReadonlySet<EntityState> {
  const graph = new Set<EntityState>();
  const pending = [...entities];
  // It grows on the way: records are made in the order in which they were given.
  for (const entity of pending) {
    const state = stateOf(entity);
    if (state === undefined || state.owner !== uow || graph.has(state)) continue;
    graph.add(state);
    pending.push(...relatedOf(uow, state));
  }
  return graph;
}

function relatedOf(uow: UnitOfWork, state: EntityState): object[] {
  const shape = uow.shapes.of(state.meta);
  const instance = state.entity as Record<string, unknown>;
  const related: object[] = [];
  for (const property of [...shape.links, ...shape.collections]) {
    const held = instance[property.property];
    const targets = LinkReference.is(held)
      ? [held.peek()]
      : LinkCollection.is(held)
        ? addedOf(held, property.owns)
        : [];
    for (const target of targets)
      if (target !== undefined && (property.owns || stateOf(target)?.phase === 'new')) related.push(target);
  }
  return related;
}

function addedOf(collection: LinkCollection, owned: boolean): (object | undefined)[] {
  if (owned && collection.isLoaded) return collection.get();
  return collection.changes()?.added.map((link) => link.entity) ?? [];
}
