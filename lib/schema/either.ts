import { block, iff, type Expression } from '../surrealql/nodes/expressions.js';
import { evaluate } from '../surrealql/nodes/statements.js';

/** One of two expressions; the other one is not evaluated. */
export function either(condition: Expression, then: Expression, otherwise: Expression): Expression {
  return iff(condition, block([evaluate(then)]), block([evaluate(otherwise)]));
}
