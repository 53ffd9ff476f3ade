import type { EntityState } from '../entity/entity-state.js';
import { attachCollections } from '../entity/hydrate.js';
import { missingKey } from '../entity/make-id.js';
import type { DataAssigner } from './data-assigner.js';
import { takeLooseLinks } from './loose-links.js';
import { stateOfInstance } from './make-state.js';
import { metadataOfInstance } from './metadata-of-instance.js';
import { rowOfDetached } from './row-of-detached.js';
import type { UnitOfWork } from './unit-of-work.js';

/** An instance made with `new`: its links are read as the data of `create` would be. */
export function fillInstance(uow: UnitOfWork, assigner: DataAssigner, state: EntityState): EntityState {
  const loose = takeLooseLinks(state);
  attachCollections(uow.shapes.of(state.meta), state);
  assigner.assign(state, loose, 'create');
  return state;
}

/** An instance with an id that no unit of work has seen: what it holds now counts as what was read. */
export function stateOfDetached(uow: UnitOfWork, assigner: DataAssigner, entity: object): EntityState {
  const meta = metadataOfInstance(uow.registry, entity, 'merge');
  const state = fillInstance(uow, assigner, stateOfInstance(uow, meta, entity));
  uow.ensureId(state);
  if (state.id === undefined) throw missingKey(meta);
  state.row = rowOfDetached(uow.shapes.of(meta), state, state.id);
  state.phase = 'managed';
  return state;
}
