import type { DefineFieldNode } from '../surrealql/nodes/definitions.js';
import { and, block, not, or, param, path, value, type Expression } from '../surrealql/nodes/expressions.js';
import { evaluate, letStatement } from '../surrealql/nodes/statements.js';
import { admitsNone } from '../types/admits.js';
import { below, conforms, hasOtherKeys, kindIs, someElement } from './conforms.js';
import { holdsLiteral, mentions } from './element-type.js';
import { pathKey, type FieldPath } from './field-path.js';
import type { WantedTable } from './wanted.js';

/** What of a definition stored records are held against. */
export interface ViolationOptions {
  /** Leave out records that lack the field: they are given a value by the same plan. */
  readonly exceptMissing: boolean;
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
      ...assertMisfit(node, subject, depth),
      ...unknownKeys(wanted, node, subject),
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
  // Without RETURN: inside a block it would end the whole script.
  const holds = block([letStatement('value', subject), evaluate(node.assert)]);
  const asked = node.type !== undefined && !admitsNone(node.type) ? [] : [not(kindIs(subject, ['none']))];
  return [and([...asked, ...(fits === undefined ? [] : [fits]), not(holds)])];
}

/**
 * A SCHEMAFULL table refuses keys of an object that no field declares, unless the object is FLEXIBLE or a literal stands in its
 * type: then the server leaves the keys to the type.
 */
function unknownKeys(
  wanted: WantedTable,
  node: DefineFieldNode,
  subject: Expression,
  leaving: readonly FieldPath[] = [],
): readonly Expression[] {
  if (!wanted.table.schemafull || node.flexible === true) return [];
  if (node.type !== undefined && (!mentions(node.type, 'object') || holdsLiteral(node.type))) return [];
  return [
    and([kindIs(subject, ['object']), hasOtherKeys(subject, keysBelow([...pathsOf(wanted), ...leaving], node.path))]),
  ];
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
  const nested = wanted.fields.flatMap(({ node }) => {
    const found = atPath(node.path, (subject) => {
      const unknown = unknownKeys(wanted, node, subject, leaving);
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
  const some = someElement(subject, depth, (element) => {
    const inner = descend(element, further, depth + 1, condition);
    found = inner !== undefined;
    return inner ?? value(false);
  });
  return found ? and([kindIs(subject, ['array', 'set']), some]) : undefined;
}
