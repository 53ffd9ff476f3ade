import type { VectorOptions } from '../metadata/options.js';
import type { Box } from '../types/type-of.js';
import { factory } from '../metadata/decorator-factory.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

/**
 * A vector for nearest-neighbour search: `array<float>` with an HNSW index (`index: false` leaves that out, `index: 'diskann'` keeps it on the
 * disk where the server can).
 *
 * ```ts
 * @VectorField({ dimension: 384, distance: 'cosine' }) embedding!: number[];
 * ```
 *
 * @see https://surrealdb.com/docs/surrealql/statements/define/indexes#vector-search-indexes
 */
export const VectorField = factory('VectorField({ dimension: 384 })', vectorField);
function vectorField<const O extends VectorOptions>(
  options: O,
): PropertyDecoration<
  Box<number[], readonly number[]> | (O extends { readonly optional: true } ? Box<undefined> : never)
> {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'VectorField', (property) => ({
      kind: 'vector',
      property,
      options: Object.freeze({ ...options }),
    }));
}
