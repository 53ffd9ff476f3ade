import type { EntityShape } from '../entity/entity-shape.js';
import type { EntityState } from '../entity/entity-state.js';
import { collectionOf, idsOf } from '../entity/hydrate.js';
import type { Row } from '../entity/row.js';
import { withoutSecrets } from '../entity/without-secrets.js';
import type { RecordId } from '../values/index.js';
import { computeCreate } from './change-computer.js';

/** What an instance that was not read here stands for: the record with the values that it holds. */
export function rowOfDetached(shape: EntityShape, state: EntityState, id: RecordId): Row {
  const row: Row = { ...withoutSecrets(shape, computeCreate(shape, state, id).content), id };
  const version = shape.meta.version;
  if (version !== undefined) row[version.column] = (state.entity as Record<string, unknown>)[version.property];
  for (const links of shape.linkArrays) {
    const ids = idsOf(row[links.column]);
    collectionOf(state, links.property)?.reset();
    // Where it names no members, nobody has read which there are.
    if (ids.length > 0) collectionOf(state, links.property)?.adoptIds(ids);
    else delete row[links.column];
  }
  return row;
}
