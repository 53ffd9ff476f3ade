import type { DefineFieldNode } from '../surrealql/nodes/definitions.js';
import {
  and,
  block,
  call,
  EACH,
  not,
  or,
  param,
  path,
  value,
  type Expression,
} from '../surrealql/nodes/expressions.js';
import { evaluate, letStatement, type Statement } from '../surrealql/nodes/statements.js';
import { admitsNone } from '../types/admits.js';
import { below, conforms, hasOtherKeys, kindIs, someElement } from './conforms.js';
import { elementType, holdsLiteral, mentions } from './element-type.js';
import { pathKey, type FieldPath } from './field-path.js';
import type { WantedTable } from './wanted.js';

/** What of a definition stored records are held against. */
export interface ViolationOptions {
  /** Leave out records that lack the field: they are given a value by the same plan. */
  readonly exceptMissing: boolean;
  /** VALUE is a new one: what it makes of the values that stand there has to fit as well. */
  readonly recomputed?: boolean;
}

/**
 * The records that could not be written any more under this definition: a value of another type, one that ASSERT refuses,
 * or a key that a SCHEMAFULL table does not know. Undefined when there can be none.
 */
export function violation(
  wanted: WantedTable,
  node: DefineFieldNode,
  options: ViolationOptions,
): Expression | undefined {
  if (node.computed !== undefined) return undefined;
  return atPath(node.path, (subject, depth) => {
    const broken = [
      ...typeMisfit(node, subject, depth, options),
      ...(options.recomputed === true ? valueMisfit(node, subject, depth) : assertMisfit(node, subject, depth)),
      ...unknownKeys(wanted, node, subject, depth),
    ];
    return broken.length === 0 ? undefined : or(broken);
  });
}

function typeMisfit(
  node: DefineFieldNode,
  subject: Expression,
  depth: number,
  { exceptMissing }: ViolationOptions,
): readonly Expression[] {
  const fits = node.type === undefined ? undefined : conforms(subject, node.type, depth);
  if (fits === undefined) return [];
  return [exceptMissing ? and([not(kindIs(subject, ['none'])), not(fits)]) : not(fits)];
}

function assertMisfit(node: DefineFieldNode, subject: Expression, depth: number): readonly Expression[] {
  if (node.assert === undefined) return [];
  const fits = node.type === undefined ? undefined : conforms(subject, node.type, depth);
  const asked = node.type !== undefined && !admitsNone(node.type) ? [] : [not(kindIs(subject, ['none']))];
  // A statement must not begin with a parameter that is compared: it would be taken for its declaration.
  const breaks = block([...unchanged(subject), evaluate(not(node.assert))]);
  return [and([...asked, ...(fits === undefined ? [] : [fits]), breaks])];
}

/** What VALUE makes of a value that would fit, held against type and ASSERT. */
function valueMisfit(node: DefineFieldNode, subject: Expression, depth: number): readonly Expression[] {
  const { value: made, type, assert } = node;
  const result = param('value');
  const fits = type === undefined ? undefined : conforms(subject, type, depth);
  const misfits = [
    ...(type === undefined
      ? []
      : [conforms(result, type, depth)].flatMap((each) => (each === undefined ? [] : [not(each)]))),
    ...(assert === undefined ? [] : [and([not(kindIs(result, ['none'])), not(assert)])]),
  ];
  if (made === undefined || misfits.length === 0) return [];
  const breaks = block([...unchanged(subject), letStatement('value', made), evaluate(or(misfits))]);
  return [and([not(kindIs(subject, ['none'])), ...(fits === undefined ? [] : [fits]), breaks])];
}

/**
 * What clauses know of a field that a write does not speak of. Without RETURN: inside a block it would end the whole script.
 */
function unchanged(subject: Expression): readonly Statement[] {
  return ['value', 'before', 'after'].map((name) => letStatement(name, subject));
}

/**
 * A SCHEMAFULL table refuses keys of an object that no field declares, unless the object is FLEXIBLE, a literal stands in its
 * type (then the server leaves the keys to the type), or lists do: the definition of their elements, `.*`, declares the keys of
 * objects too. Elements that the server defines itself are looked at together with the field around them; those of a set it never
 * looks into.
 */
function unknownKeys(
  wanted: WantedTable,
  node: DefineFieldNode,
  subject: Expression,
  depth: number,
  leaving: readonly FieldPath[] = [],
): readonly Expression[] {
  if (!wanted.table.schemafull || node.flexible === true) return [];
  const isObject = kindIs(subject, ['object']);
  const holdsObjects = node.type === undefined || (mentions(node.type, 'object') && !holdsLiteral(node.type));
  if (node.type === undefined || elementType(node.type) === undefined) {
    if (!holdsObjects) return [];
    return [and([isObject, hasOtherKeys(subject, keysBelow([...pathsOf(wanted), ...leaving], node.path))])];
  }
  const element = impliedBelow(wanted, node.path);
  if (element === undefined) return [];
  const within = (part: Expression): Expression => or(unknownKeys(wanted, element, part, depth + 1, leaving));
  if (unknownKeys(wanted, element, subject, depth + 1, leaving).length === 0) return [];
  return [
    and([kindIs(subject, ['array']), someElement(subject, depth, within)]),
    ...(holdsObjects ? [and([isObject, someElement(call('object::values', subject), depth, within)])] : []),
  ];
}

/** The definition that the server makes for the elements of a field. */
function impliedBelow({ fields }: WantedTable, path: FieldPath): DefineFieldNode | undefined {
  const key = pathKey([...path, EACH]);
  return fields.find(({ node, implied }) => implied && pathKey(node.path) === key)?.node;
}

const pathsOf = ({ fields }: WantedTable): readonly FieldPath[] => fields.map(({ node }) => node.path);

/** Names that stand directly below a path. */
function keysBelow(paths: readonly FieldPath[], parent: FieldPath): readonly string[] {
  const key = pathKey(parent);
  const names = paths.flatMap((at) => {
    const last = at.at(-1);
    return at.length === parent.length + 1 && typeof last === 'string' && pathKey(at.slice(0, -1)) === key
      ? [last]
      : [];
  });
  return [...new Set(names)];
}

/**
 * Records that a SCHEMAFULL table would refuse for what they hold beside the declared fields, at any depth. What is `leaving`
 * is taken out of them by the same plan.
 */
export function undeclared(wanted: WantedTable, leaving: readonly FieldPath[]): Expression {
  const ends = wanted.table.type === 'RELATION' ? ['in', 'out'] : [];
  const top = hasOtherKeys(param('this'), ['id', ...ends, ...keysBelow([...pathsOf(wanted), ...leaving], [])]);
  const nested = wanted.fields.flatMap(({ node, implied }) => {
    if (implied) return [];
    const found = atPath(node.path, (subject, depth) => {
      const unknown = unknownKeys(wanted, node, subject, depth, leaving);
      return unknown.length === 0 ? undefined : or(unknown);
    });
    return found === undefined ? [] : [found];
  });
  return or([top, ...nested]);
}

/** A condition on what stands at a path, for any element where the path leads through arrays; a missing parent never counts. */
export function atPath(
  at: FieldPath,
  condition: (subject: Expression, depth: number) => Expression | undefined,
): Expression | undefined {
  const [first, ...rest] = at;
  if (typeof first !== 'string') return undefined;
  return descend(path(first), rest, 0, condition);
}

function descend(
  subject: Expression,
  rest: FieldPath,
  depth: number,
  condition: (subject: Expression, depth: number) => Expression | undefined,
): Expression | undefined {
  const [part, ...further] = rest;
  if (part === undefined) return condition(subject, depth);
  if (typeof part === 'string') {
    const inner = descend(below(subject, part), further, depth, condition);
    return inner === undefined ? undefined : and([kindIs(subject, ['object']), inner]);
  }
  let found = false;
  const some = someElement(call('type::array', subject), depth, (element) => {
    const inner = descend(element, further, depth + 1, condition);
    found = inner !== undefined;
    return inner ?? value(false);
  });
  return found ? and([kindIs(subject, ['array', 'set']), some]) : undefined;
}
