import { property } from '../surrealql/nodes/index.js';
import { fragmentOf } from '../surrealql/surql.js';
import type { ExistingPath, PathValue } from '../types/path-value.js';
import type { Expr } from './argument-types.js';

type Class<T> = abstract new (...args: never[]) => T;

/**
 * A property of the record at hand, as an argument of `fn` or inside `surql`: by the name that the class gives it, also through
 * embedded objects and links.
 *
 * ```ts
 * fn.string.lowercase(field(User, 'address.city'));
 * surql`${field(Order, 'price')} * ${field(Order, 'quantity')}`;
 * ```
 * In the decorators of the class itself, which is not there yet, it is named by a function: `field(() => User, 'name')`.
 * Most functions fail on a record that lacks the value: surql`${field(User, 'nick')} ?? ''` stands in for it.
 *
 * @throws ValidationError, when it is printed, for a property that there is not
 */
export function field<T extends object, const P extends string>(
  entity: Class<T> | (() => Class<T>),
  path: P & ExistingPath<T, P>,
): Expr<PathValue<T, P>> {
  return fragmentOf<PathValue<T, P>>(property(entity, path));
}
