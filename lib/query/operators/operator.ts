import { array, call, value, type Expression } from '../../surrealql/nodes/index.js';
import { isFragment } from '../../surrealql/surql.js';
import { printType } from '../../types/print-type.js';
import { valueMembers } from '../../types/admits.js';
import { describe, refused, undefinedValue } from '../query-errors.js';
import type { Target } from '../target.js';

/** Builds the condition of one operator. `path` names field and operator in messages: `User.age.$gt`. */
export type OperatorBuilder = (target: Target, argument: unknown, path: string) => Expression;

/** A value to compare with: `surql` as it stands, anything else as the column holds it. */
export function operandOf(target: Target, argument: unknown, path: string): Expression {
  if (argument === undefined) throw undefinedValue(path);
  return isFragment(argument) ? argument : bound(target.encode(argument));
}

/** A set that is bound in a WHERE counts as a list (3.0.2) and so equals no stored set: it is made one where it stands. */
export function bound(encoded: unknown): Expression {
  return isSet(encoded) ? call('type::set', value([...encoded])) : value(encoded);
}

/** Several values to compare with. */
export function boundList(items: readonly unknown[]): Expression {
  return items.some(isSet) ? array(items.map(bound)) : value(items);
}

function isSet(given: unknown): given is ReadonlySet<unknown> {
  return Object.prototype.toString.call(given) === '[object Set]';
}

export function requireList(argument: unknown, path: string): readonly unknown[] {
  if (Array.isArray(argument)) return argument as readonly unknown[];
  if (isSet(argument)) return [...argument];
  throw refused({ path, what: `${path} needs a list`, why: `it was given ${describe(argument)}`, rule: 'type' });
}

export function requireText(argument: unknown, path: string): string {
  if (typeof argument === 'string') return argument;
  throw refused({ path, what: `${path} needs text`, why: `it was given ${describe(argument)}`, rule: 'type' });
}

/** Text to look for: `surql` as it stands. */
export function textOperand(argument: unknown, path: string): Expression {
  return isFragment(argument) ? argument : value(requireText(argument, path));
}

export function requireBoolean(argument: unknown, path: string): boolean {
  if (typeof argument === 'boolean') return argument;
  throw refused({ path, what: `${path} needs true or false`, why: `it was given ${describe(argument)}`, rule: 'type' });
}

/** True when one of the kinds may stand in the column; `any` holds everything. */
export function holds(target: Target, ...kinds: readonly string[]): boolean {
  return valueMembers(target.type).some(
    (member) =>
      member.kind === 'any' ||
      kinds.includes(member.kind) ||
      (member.kind === 'literal' && kinds.includes(typeof member.value)),
  );
}

/** Refuses an operator on a column whose values it could never match. */
export function requireKind(target: Target, path: string, ...kinds: readonly string[]): void {
  if (holds(target, ...kinds)) return;
  throw refused({
    path,
    what: `${path} cannot match`,
    why: `${target.label} holds ${printType(target.type)}, the operator works on ${kinds.join(', ')}`,
    rule: 'operator',
  });
}
