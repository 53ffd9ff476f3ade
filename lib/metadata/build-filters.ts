import type { FieldMetadata, FilterMetadata } from './entity-metadata.js';
import type { FilterOptions } from './options.js';

/** The name under which soft delete is switched off: `{ filters: { softDelete: false } }`. */
export const SOFT_DELETE = 'softDelete';

/** Soft delete is a filter like any other, and the first. */
export function buildFilters(
  declared: readonly FilterOptions<never>[],
  softDelete: FieldMetadata | undefined,
): readonly FilterMetadata[] {
  const own = declared.map((filter) => Object.freeze({ ...filter, default: filter.default === true }));
  if (softDelete === undefined) return Object.freeze(own);
  const live = Object.freeze({ [softDelete.property]: Object.freeze({ $isNone: true }) });
  return Object.freeze([Object.freeze({ name: SOFT_DELETE, where: live, default: true }), ...own]);
}
