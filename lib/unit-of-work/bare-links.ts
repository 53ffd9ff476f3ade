import type { EntityShape } from '../entity/entity-shape.js';
import type { EntityState } from '../entity/entity-state.js';
import { collectionOf } from '../entity/hydrate.js';
import { LinkReference } from '../entity/link-reference.js';

/** Link properties that were given an entity, an id or text, which the next flush makes a link. */
export function bareLinks(shape: EntityShape, state: EntityState): string[] {
  return shape.links.map(({ property }) => property).filter((property) => isBareLink(state, property));
}

/** Whether something waits where links belong for the next flush to make links of it. */
export function holdsBare({ links, collections }: EntityShape, state: EntityState): boolean {
  return (
    links.some(({ property }) => isBareLink(state, property)) ||
    collections.some(({ property }) => isGiven(state, property) && !collectionOf(state, property)?.belongsTo(state))
  );
}

function isBareLink(state: EntityState, property: string): boolean {
  return isGiven(state, property) && !LinkReference.is(heldBy(state, property));
}

function isGiven(state: EntityState, property: string): boolean {
  const held = heldBy(state, property);
  return held !== undefined && held !== null;
}

const heldBy = ({ entity }: EntityState, property: string) => (entity as Record<string, unknown>)[property];
