import type { EntityState } from '../entity/entity-state.js';
import type { Row } from '../entity/row.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';

export function classOf(meta: EntityMetadata, row: Row): EntityMetadata {
  return meta.hierarchy === undefined ? meta : meta.hierarchy.classOf(row);
}

/** What was a reference stands for a record from now on; only now it is known of which class that is. */
export function becomeOne(state: EntityState, actual: EntityMetadata): void {
  state.phase = 'managed';
  if (state.meta === actual) return;
  state.meta = actual;
  Object.setPrototypeOf(state.entity, actual.target.prototype as object);
}

/** A new entity shows its class where the class declares the discriminator. */
export function showClass({ meta, entity }: EntityState): void {
  const { hierarchy } = meta;
  const shown = hierarchy === undefined ? undefined : meta.byColumn.get(hierarchy.column);
  if (shown !== undefined) (entity as Record<string, unknown>)[shown.property] = hierarchy?.value;
}
