import type { EntityState } from '../entity/entity-state.js';
import { collectionOf } from '../entity/hydrate.js';
import { holdsBare } from './bare-links.js';
import { computeUpdate } from './change-computer.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Whether a flush would write nothing of this entity. */
export function isClean(uow: UnitOfWork, state: EntityState): boolean {
  if (state.phase !== 'managed' || state.id === undefined) return false;
  const shape = uow.shapes.of(state.meta);
  if (holdsBare(shape, state) || computeUpdate(shape, state, state.id, 'none') !== undefined) return false;
  return shape.collections.every(({ property }) => collectionOf(state, property)?.changes() === undefined);
}
