import { EntityState } from '../entity/entity-state.js';
import { attachCollections, hydrate } from '../entity/hydrate.js';
import type { Row } from '../entity/row.js';
import { stampState } from '../entity/stamp.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { RecordId } from '../values/index.js';
import type { UnitOfWork } from './unit-of-work.js';

/** An instance that is not stored, as far as anybody knows. */
export function stateOfInstance(uow: UnitOfWork, meta: EntityMetadata, entity: object): EntityState {
  const state = new EntityState(meta, entity, 'new', uow);
  stampState(entity, state);
  attachCollections(uow.shapes.of(meta), state);
  return state;
}

/** An entity of which only the id is known. */
export function stateOfReference(uow: UnitOfWork, meta: EntityMetadata, id: RecordId): EntityState {
  const shape = uow.shapes.of(meta);
  const state = new EntityState(meta, shape.instantiate(), 'reference', uow);
  state.id = id;
  (state.entity as { id: RecordId }).id = id;
  stampState(state.entity, state);
  attachCollections(shape, state);
  return state;
}

/** An entity as a row has it. */
export function stateOfRow(
  uow: UnitOfWork,
  meta: EntityMetadata,
  row: Row,
  columns: ReadonlySet<string> | undefined,
): EntityState {
  const shape = uow.shapes.of(meta);
  const state = new EntityState(meta, shape.instantiate(), 'managed', uow);
  state.id = row['id'] as RecordId;
  state.loadedColumns = columns;
  stampState(state.entity, state);
  hydrate(shape, state, row);
  return state;
}
