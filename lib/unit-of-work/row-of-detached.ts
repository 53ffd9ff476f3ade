import type { EntityShape } from '../entity/entity-shape.js';
import type { EntityState } from '../entity/entity-state.js';
import type { Row } from '../entity/row.js';
import { withoutSecrets } from '../entity/without-secrets.js';
import type { RecordId } from '../values/index.js';
import { computeCreate } from './change-computer.js';

/** What an instance that was not read here stands for: the record with the values that it holds. */
export function rowOfDetached(shape: EntityShape, state: EntityState, id: RecordId): Row {
  const row: Row = { ...withoutSecrets(shape, computeCreate(shape, state, id).content), id };
  const version = shape.meta.version;
  if (version !== undefined) row[version.column] = (state.entity as Record<string, unknown>)[version.property];
  return row;
}
