import { property } from '../surrealql/nodes/index.js';
import { fragmentOf } from '../surrealql/surql.js';
import type { ExistingPath, PathValue } from '../types/path-value.js';
import type { Expr } from './argument-types.js';

/**
 * A property of the record at hand, as an argument of `fn` or inside `surql`: by the name that the class gives it, also through
 * embedded objects and links.
 *
 * ```ts
 * fn.string.lowercase(field(User, 'address.city'));
 * surql`${field(Order, 'price')} * ${field(Order, 'quantity')}`;
 * ```
 * @throws ValidationError, when it is printed, for a property that there is not
 */
export function field<T extends object, const P extends string>(
  entity: abstract new (...args: never[]) => T,
  path: P & ExistingPath<T, P>,
): Expr<PathValue<T, P>> {
  return fragmentOf<PathValue<T, P>>(property(entity, path));
}
