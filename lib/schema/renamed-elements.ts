import {
  and,
  binary,
  block,
  call,
  closure,
  iff,
  not,
  object,
  param,
  type Expression,
} from '../surrealql/nodes/expressions.js';
import { evaluate } from '../surrealql/nodes/statements.js';
import { below, kindIs } from './conforms.js';
import { fieldNode, type FieldPath } from './field-path.js';
import { atPath } from './violation.js';

/** A member of the objects in a list that gets another name: `items.*.old` becomes `items.*.name`. */
export interface RenamedElements {
  /** The field that holds the list: it is written as a whole, because elements cannot be written one by one. */
  readonly at: FieldPath;
  /** The list, its objects with both members. */
  readonly value: Expression;
  /** Records that hold an object whose member is to be written. */
  readonly records: Expression;
}

/** What stands under the new name already stays, or is replaced. */
export function renamedElements(path: FieldPath, old: string, existing: 'keep' | 'replace' = 'keep'): RenamedElements {
  const name = path.at(-1) as string;
  const first = path.findIndex((part) => typeof part === 'symbol');
  const at = path.slice(0, first);
  const lacks = (element: Expression): Expression =>
    and([
      kindIs(element, ['object']),
      existing === 'keep'
        ? kindIs(below(element, name), ['none'])
        : not(binary(below(element, name), '=', below(element, old))),
      not(kindIs(below(element, old), ['none'])),
    ]);
  const extended = (element: Expression): Expression =>
    either(lacks(element), call('object::extend', element, object([[name, below(element, old)]])), element);
  return {
    at,
    value: copied(fieldNode(at), path.slice(first, -1), extended, 0),
    records: atPath(path.slice(0, -1), lacks) as Expression,
  };
}

/** The value with what stands at the end of the path replaced; what does not have that form stays as it is. */
function copied(
  subject: Expression,
  [part, ...rest]: FieldPath,
  replace: (element: Expression) => Expression,
  depth: number,
): Expression {
  if (part === undefined) return replace(subject);
  if (typeof part === 'string') {
    const inner = copied(below(subject, part), rest, replace, depth);
    const holds = and([kindIs(subject, ['object']), not(kindIs(below(subject, part), ['none']))]);
    return either(holds, call('object::extend', subject, object([[part, inner]])), subject);
  }
  const name = `e${depth}`;
  const each = closure([name], copied(param(name), rest, replace, depth + 1));
  return either(kindIs(subject, ['array']), call('array::map', subject, each), subject);
}

function either(condition: Expression, then: Expression, otherwise: Expression): Expression {
  return iff(condition, block([evaluate(then)]), block([evaluate(otherwise)]));
}
