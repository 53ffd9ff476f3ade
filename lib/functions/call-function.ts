import { ValidationError } from '../errors/index.js';
import { call, literal, type Expression, type FragmentNode } from '../surrealql/nodes/index.js';
import { fragmentOf, isFragment } from '../surrealql/surql.js';
import type { Signature } from './signatures.js';
import { toExpression } from './to-expression.js';

/** @throws ValidationError for too few or too many arguments, and for one that is undefined */
export function callFunction(
  name: string,
  [least, most]: Exclude<Signature, string>,
  given: readonly unknown[],
): FragmentNode {
  const last = given.findLastIndex((each) => each !== undefined);
  const args = given.slice(0, last + 1);
  if (args.length < least || args.length > most) throw wrongCount(name, least, most, args.length);
  const missing = args.findIndex((each) => each === undefined);
  if (missing !== -1) throw undefinedArgument(name, missing);
  return fragmentOf(call(name, ...args.map((each) => argumentOf(name, each))));
}

/** What refers to a condition of the statement is looked up before the statement runs, and so cannot be bound. */
const REFERRING: ReadonlySet<string> = new Set([
  'search::highlight',
  'search::offsets',
  'search::score',
  'vector::distance::knn',
]);

function argumentOf(name: string, given: unknown): Expression {
  return REFERRING.has(name) && !isFragment(given) ? literal(given) : toExpression(given, name);
}

function wrongCount(name: string, least: number, most: number, given: number): ValidationError {
  const range = least === most ? String(least) : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  return new ValidationError({
    what: `${name} takes ${range} argument${range === '1' ? '' : 's'}, it was given ${given}`,
    errors: [{ path: name, message: `takes ${range} arguments`, rule: 'arguments' }],
  });
}

function undefinedArgument(name: string, at: number): ValidationError {
  return new ValidationError({
    what: `Argument ${at + 1} of ${name} is undefined`,
    why: 'the server would take it for NONE',
    fix: ['check where the value comes from', 'NONE, where that is meant'],
    errors: [{ path: `${name}.${at}`, message: 'is undefined', rule: 'undefined' }],
  });
}
