import {
  and,
  array,
  binary,
  not,
  or,
  value,
  type BinaryOperator,
  type Expression,
} from '../../surrealql/nodes/index.js';
import { isFragment } from '../../surrealql/surql.js';
import { DateTime } from '../../values/index.js';
import { refused, undefinedValue } from '../query-errors.js';
import type { Target } from '../target.js';
import { encodeBound } from '../typed-value.js';
import { boundList, holds, operandOf, requireList, type OperatorBuilder } from './operator.js';

/** Equality, order and membership. */
export const compareOperators: Readonly<Record<string, OperatorBuilder>> = {
  $eq: equal,
  $ne: (target, argument, path) => {
    const condition = equal(target, argument, path);
    return condition.kind === 'Binary' && condition.operator === '='
      ? binary(condition.left, '!=', condition.right)
      : not(condition);
  },
  $gt: (target, argument, path) => {
    const end = endOfMillisecond(target, argument);
    return end === undefined ? compare(target, '>', argument, path) : compare(target, '>=', end, path);
  },
  $gte: (target, argument, path) => compare(target, '>=', argument, path),
  $lt: (target, argument, path) => present(target, compare(target, '<', argument, path)),
  $lte: (target, argument, path) => present(target, atMost(target, argument, path)),
  $between: (target, argument, path) => {
    const bounds = requireList(argument, path);
    if (bounds.length !== 2)
      throw refused({ path, what: `${path} needs two bounds`, why: `it has ${bounds.length}`, rule: 'type' });
    return and([compare(target, '>=', bounds[0], path), atMost(target, bounds[1], path)]);
  },
  $in: among,
  $nin: (target, argument, path) => {
    const condition = among(target, argument, path);
    return condition.kind === 'Binary' && condition.operator === 'IN'
      ? binary(condition.left, 'NOT IN', condition.right)
      : not(condition);
  },
};

export function equal(target: Target, argument: unknown, path: string): Expression {
  const end = endOfMillisecond(target, argument);
  if (end === undefined) return binary(target.expression, '=', operandOf(target, argument, path));
  return and([compare(target, '>=', argument, path), compare(target, '<', end, path)]);
}

function compare(target: Target, operator: BinaryOperator, argument: unknown, path: string): Expression {
  if (argument === undefined) throw undefinedValue(path);
  if (argument === null) {
    throw refused({
      path,
      what: `${path} cannot be null`,
      why: 'nothing is greater or less than a missing value',
      fix: 'use $isNone or $exists',
      rule: 'type',
    });
  }
  const right =
    !isFragment(argument) && encodeBound(target.type, argument) ? value(argument) : operandOf(target, argument, path);
  return binary(target.expression, operator, right);
}

function atMost(target: Target, argument: unknown, path: string): Expression {
  const end = endOfMillisecond(target, argument);
  return end === undefined ? compare(target, '<=', argument, path) : compare(target, '<', end, path);
}

/** For the server NONE and NULL are less than everything; a record that lacks the field is not less. */
function present(target: Target, condition: Expression): Expression {
  return target.mayLack ? and([binary(target.expression, '>', value(null)), condition]) : condition;
}

/**
 * The server's clock counts nanoseconds, a Date does not: a Date stands for its whole millisecond, and this is where
 * that ends. A DateTime is exact.
 */
function endOfMillisecond(target: Target, argument: unknown): Date | undefined {
  if (target.wholeMilliseconds || DateTime.is(argument) || !isDate(argument) || !holds(target, 'datetime'))
    return undefined;
  return new Date(argument.getTime() + 1);
}

function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]';
}

function among(target: Target, argument: unknown, path: string): Expression {
  if (isFragment(argument)) return binary(target.expression, 'IN', argument);
  const items = requireList(argument, path);
  if (items.length === 0) return or([]);
  if (items.some((item) => endOfMillisecond(target, item) !== undefined))
    return or(items.map((item) => equal(target, item, path)));
  if (items.some(isFragment))
    return binary(target.expression, 'IN', array(items.map((item) => operandOf(target, item, path))));
  return binary(target.expression, 'IN', boundList(items.map((item) => encodeItem(target, item, path))));
}

function encodeItem(target: Target, item: unknown, path: string): unknown {
  if (item === undefined) throw undefinedValue(path);
  return target.encode(item);
}
