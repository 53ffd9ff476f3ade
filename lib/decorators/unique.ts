import { factory } from '../metadata/decorator-factory.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

/**
 * A unique index on one property, beside the decorator that says what it is. Records without a value do not conflict.
 *
 * ```ts
 * @Unique() @Field('string') email!: string;
 * ```
 *
 * @see https://surrealdb.com/docs/surrealql/statements/define/indexes#unique-index
 */
export const Unique = factory('Unique()', unique);
function unique(options: { readonly name?: string } = {}): PropertyDecoration<never> {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'Unique', (property) => ({ kind: 'unique', property, ...options }));
}
