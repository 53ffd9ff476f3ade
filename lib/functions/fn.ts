import type { FragmentNode } from '../surrealql/nodes/index.js';
import { functionTree } from './function-tree.js';
import type { Functions } from './families/index.js';

/**
 * The functions of SurrealDB by their own names, as expressions: in where, orderBy, the fields of a select, `@Computed`, defaults,
 * the changes of a patch, inside `surql` and in one another. Texts and numbers among the arguments are values, which are bound;
 * `field(User, 'name')` is a property. Alone an expression is run by `em.run`.
 *
 * ```ts
 * await em.find(User, fn.string.starts_with(field(User, 'name'), 'A'), { orderBy: desc(fn.string.len(field(User, 'name'))) });
 * await em.patch(Post, id, { slug: fn.string.slug(field(Post, 'title')), seen: fn.time.now() });
 * await em.run(fn.math.sqrt(16));                                    // 4
 * await em.run(fn.array.map(['a', 'b'], (each) => fn.string.uppercase(each)));   // ['A', 'B']
 * ```
 * A function of JavaScript among the arguments is called once and describes a closure that the server runs.
 *
 * @throws ValidationError for a wrong number of arguments
 * @throws CapabilityError, when it is sent, for a function that the connected server does not have
 * @see https://surrealdb.com/docs/surrealql/functions/database
 */
export const fn: Functions = functionTree<'expression'>((expression: FragmentNode) => expression);
