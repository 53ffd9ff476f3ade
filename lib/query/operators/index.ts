import { and, not, type Expression } from '../../surrealql/nodes/index.js';
import { isFragment } from '../../surrealql/surql.js';
import { isPlain } from '../../values/index.js';
import { describe, refused, undefinedValue, unknownOperator } from '../query-errors.js';
import type { Target } from '../target.js';
import { compareOperators, equal } from './compare.js';
import { geometryOperators } from './geometry.js';
import { lengthOf, listOperators } from './list.js';
import { nullOperators } from './null.js';
import { requireKind, type OperatorBuilder } from './operator.js';
import { textOperators } from './text.js';

const INT = { kind: 'int' } as const;

const OPERATORS: Readonly<Record<string, OperatorBuilder>> = Object.freeze({
  ...compareOperators,
  ...textOperators,
  ...listOperators,
  ...geometryOperators,
  ...nullOperators,
  $size: (target, argument, path) => {
    requireKind(target, path, 'array', 'set');
    return sizeCondition(lengthOf(target), argument, path);
  },
  $not: (target, argument, path) => {
    if (argument === undefined) throw undefinedValue(path);
    if (isOperators(argument) && Object.keys(argument).length === 0) throw emptyNot(path);
    return not(
      isFragment(argument) || !isOperators(argument)
        ? equal(target, argument, path)
        : buildOperators(target, argument, path),
    );
  },
});

export const OPERATOR_NAMES: readonly string[] = Object.freeze(Object.keys(OPERATORS));

/** An object whose every key is an operator; `{}` counts as one without conditions. */
export function isOperators(candidate: unknown): candidate is Readonly<Record<string, unknown>> {
  if (typeof candidate !== 'object' || candidate === null || Array.isArray(candidate) || isFragment(candidate))
    return false;
  return isPlain(candidate) && Object.keys(candidate).every((key) => key.startsWith('$'));
}

/** All operators of one field; all of them must hold. */
export function buildOperators(target: Target, operators: Readonly<Record<string, unknown>>, path: string): Expression {
  const terms = Object.entries(operators).map(([name, argument]) => {
    const build = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (build === undefined) throw unknownOperator(path, name, OPERATOR_NAMES);
    if (argument === undefined) throw undefinedValue(`${path}.${name}`);
    return build(target, argument, `${path}.${name}`);
  });
  if (terms.length === 0) throw emptyObject(path);
  return terms.length === 1 && terms[0] !== undefined ? terms[0] : and(terms);
}

/** A value to be equal to, or operators. */
export function buildCondition(target: Target, condition: unknown): Expression {
  if (condition === undefined) throw undefinedValue(target.label);
  return isOperators(condition)
    ? buildOperators(target, condition, target.label)
    : equal(target, condition, target.label);
}

/** `$size`: a number, or operators on one. */
export function sizeCondition(length: Expression, argument: unknown, path: string): Expression {
  const target: Target = {
    expression: length,
    type: INT,
    label: path,
    mayLack: false,
    wholeMilliseconds: true,
    encode: (given) => {
      if (typeof given === 'number' && Number.isInteger(given)) return given;
      throw refused({
        path,
        what: `${path} needs a whole number`,
        why: `it was given ${describe(given)}`,
        rule: 'type',
      });
    },
  };
  return buildCondition(target, argument);
}

export function emptyNot(path: string): Error {
  return refused({
    path,
    what: `${path} is empty`,
    why: 'the complement of no condition would match nothing at all',
    fix: 'leave $not out, or put a condition into it',
    rule: 'operator',
  });
}

/** Nothing is asked by it: whoever means the empty object has to say so. */
export function emptyObject(path: string): Error {
  return refused({
    path,
    what: `${path} has no condition`,
    why: 'an empty object would match everything',
    fix: ['leave the key out; where({ … }) leaves out what lost its members', 'the empty object itself: { $eq: {} }'],
    rule: 'operator',
  });
}
