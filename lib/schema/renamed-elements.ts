import { and, binary, call, closure, not, object, param, type Expression } from '../surrealql/nodes/expressions.js';
import { below, kindIs } from './conforms.js';
import { either } from './either.js';
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

interface RenamingOptions {
  /** Of what stands under the old name; default as it is. */
  readonly moved?: (held: Expression) => Expression;
  /** Whether what stands under the new name already is replaced; default it stays. */
  readonly replaces?: boolean;
}

export function renamedElements(
  path: FieldPath,
  old: string,
  { moved = (held) => held, replaces = false }: RenamingOptions = {},
): RenamedElements {
  const name = path.at(-1) as string;
  const held = (element: Expression): Expression => moved(below(element, old));
  const isToWrite = (element: Expression): Expression =>
    and([
      kindIs(element, ['object']),
      replaces ? not(binary(below(element, name), '=', held(element))) : kindIs(below(element, name), ['none']),
      not(kindIs(below(element, old), ['none'])),
    ]);
  const extended = (element: Expression): Expression =>
    either(isToWrite(element), call('object::extend', element, object([[name, held(element)]])), element);
  return {
    ...changedElements(path.slice(0, -1), extended),
    records: atPath(path.slice(0, -1), isToWrite) as Expression,
  };
}

/** The list that a path leads into, and what is to be written there to change what stands at the path's end. */
export function changedElements(
  path: FieldPath,
  change: (element: Expression) => Expression,
): Pick<RenamedElements, 'at' | 'value'> {
  const first = path.findIndex((part) => typeof part === 'symbol');
  const at = path.slice(0, first);
  return { at, value: copied(fieldNode(at), path.slice(first), change, 0) };
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
