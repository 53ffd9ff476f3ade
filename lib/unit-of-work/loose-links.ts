import type { EntityState } from '../entity/entity-state.js';
import { collectionOf } from '../entity/hydrate.js';

/** What an instance made with `new` holds where links belong, taken off it: to be read as the data of `create` would be. */
export function takeLooseLinks(state: EntityState): Record<string, unknown> {
  const loose: Record<string, unknown> = {};
  const instance = state.entity as Record<string, unknown>;
  for (const { kind, property } of state.meta.properties) {
    if (kind === 'field' || kind === 'computed' || instance[property] === undefined) continue;
    if (collectionOf(state, property) !== undefined) continue;
    loose[property] = instance[property];
    instance[property] = undefined;
  }
  return loose;
}
