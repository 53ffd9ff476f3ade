import type { DefineIndexNode } from '../surrealql/nodes/definitions.js';
import { pathKey } from './field-path.js';
import type { IndexModel } from './model.js';

const VARIANTS = { plain: '', unique: 'UNIQUE', count: 'COUNT' } as const;

/**
 * The model of an index that has nothing for the server to fill in; undefined for the others. Asking the server is to be
 * avoided for indexes: it builds each that is defined, and keeps account of it in memory until it ends.
 */
export function simpleIndex({ name, columns, variant, comment }: DefineIndexNode): IndexModel | undefined {
  if (variant.kind === 'fulltext' || variant.kind === 'hnsw' || variant.kind === 'diskann') return undefined;
  return Object.freeze({
    name,
    columns: Object.freeze(columns.map(pathKey)),
    variant: VARIANTS[variant.kind],
    ...(comment !== undefined && { comment }),
  });
}
