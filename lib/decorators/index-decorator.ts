import type { IndexOptions } from '../metadata/options.js';
import { classFactory } from '../metadata/decorator-factory.js';
import { stageClass } from './context.js';
import type { ClassDecoration } from './signatures.js';

/**
 * An index of the table. `fields` are the class's properties; `address.city` and `tags.*` reach inside.
 *
 * ```ts
 * @Index({ fields: ['email'], unique: true })
 * @Index({ count: true })
 * class User {}
 * ```
 *
 * @see https://surrealdb.com/docs/surrealql/statements/define/indexes
 */
export const Index = classFactory("Index({ fields: ['…'] })", index);
function index(options: IndexOptions): ClassDecoration {
  // Decorators run from the class upwards; metadata keeps the order in which they are read.
  return (...args) => stageClass(args, 'Index', (staged) => staged.indexes.unshift(Object.freeze({ ...options })));
}
