import { array, binary, call, value, type BinaryOperator, type Expression } from '../../surrealql/nodes/index.js';
import { isFragment } from '../../surrealql/surql.js';
import { refused, undefinedValue } from '../query-errors.js';
import type { Target } from '../target.js';
import { related } from './geometry.js';
import { boundList, holds, operandOf, requireKind, requireList, type OperatorBuilder } from './operator.js';

/** Lists and sets; `$contains` and `$notContains` look into text too. */
export const listOperators: Readonly<Record<string, OperatorBuilder>> = {
  $contains: containsOne('CONTAINS'),
  $notContains: containsOne('CONTAINSNOT'),
  $containsAll: withList('CONTAINSALL'),
  $containsAny: withList('CONTAINSANY'),
  $containsNone: withList('CONTAINSNONE'),
  $inside: inside,
};

function containsOne(operator: BinaryOperator): OperatorBuilder {
  return (target, argument, path) => {
    requireKind(target, path, 'array', 'set', 'string', 'geometry', 'tuple', 'range');
    return binary(target.expression, operator, operandOf(elementOf(target, argument, path), argument, path));
  };
}

/** What one element is compared as: of a list its elements, of text and geometries another text or geometry. */
function elementOf(target: Target, argument: unknown, path: string): Target {
  if (target.element !== undefined) return target.element;
  if (
    !isFragment(argument) &&
    holds(target, 'string') &&
    !holds(target, 'array', 'set') &&
    typeof argument !== 'string'
  ) {
    throw refused({ path, what: `${path} needs text`, why: `${target.label} holds text`, rule: 'type' });
  }
  return { ...target, encode: (given) => given };
}

function withList(operator: BinaryOperator): OperatorBuilder {
  return (target, argument, path) => {
    requireKind(target, path, 'array', 'set', 'string', 'tuple');
    return binary(target.expression, operator, listOperand(target, argument, path));
  };
}

function listOperand(target: Target, argument: unknown, path: string): Expression {
  if (isFragment(argument)) return argument;
  const element = target.element === undefined ? { ...target, encode: (given: unknown) => given } : target.element;
  const items = requireList(argument, path);
  if (items.some(isFragment)) return array(items.map((item) => operandOf(element, item, path)));
  return value(
    items.map((item) => {
      if (item === undefined) throw undefinedValue(path);
      return element.encode(item);
    }),
  );
}

/** Of a list: every element is one of these. Of a geometry: it lies inside. Of anything else: it is one of these. */
function inside(target: Target, argument: unknown, path: string): Expression {
  if (holds(target, 'geometry')) return related('INSIDE')(target, argument, path);
  if (!holds(target, 'array', 'set')) {
    return binary(
      target.expression,
      'IN',
      isFragment(argument) ? argument : boundList(requireList(argument, path).map((item) => target.encode(item))),
    );
  }
  return binary(target.expression, 'ALLINSIDE', listOperand(target, argument, path));
}

/** How many elements a list or set has; a missing one has none (`array::len` of NONE or of a set is an error). */
export function lengthOf(target: Target): Expression {
  const list = binary(target.expression, '??', array([]));
  return call('array::len', holds(target, 'set') ? call('type::array', list) : list);
}
