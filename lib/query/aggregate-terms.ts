import {
  and,
  binary,
  block,
  call,
  closure,
  evaluate,
  iff,
  param,
  value,
  type Expression,
} from '../surrealql/nodes/index.js';
import type { AggregateKind } from '../types/aggregate.js';
import { valueMembers } from '../types/admits.js';
import type { SurrealType } from '../types/surreal-type.js';
import { NONE } from '../values/index.js';
import { refused } from './query-errors.js';

/** What an aggregate is made of. */
export interface AggregateSource {
  readonly kind: AggregateKind;
  /** A value of each record, or the condition of `countIf`; nothing for `count`. */
  readonly of?: Expression;
  /** Undefined where only the server knows it. */
  readonly type?: SurrealType;
  /** For messages. */
  readonly label: string;
}

/** An aggregate in two steps: what the server can make of a group, and what that means. */
export interface AggregateTerm {
  readonly grouped: Expression;
  readonly final: (grouped: Expression, howMany: Expression) => Expression;
  /** The final form needs to know how many records have a value: sums and extremes of nothing are 0 or infinite (3.0.2). */
  readonly of?: Expression;
}

const MATH: Partial<Record<AggregateKind, string>> = {
  sum: 'math::sum',
  avg: 'math::mean',
  median: 'math::median',
  stddev: 'math::stddev',
  variance: 'math::variance',
};

const asItIs = (grouped: Expression): Expression => grouped;

/** @throws ValidationError for numbers asked of what holds none */
export function aggregateTerm(source: AggregateSource): AggregateTerm {
  const { kind, of = value(NONE) } = source;
  const math = MATH[kind];
  if (math !== undefined) {
    requireNumbers(source);
    if (kind === 'avg' && isAll(source.type, DECIMALS)) return exactMean(of);
    return { grouped: call(math, of), final: unlessNone, of };
  }
  switch (kind) {
    case 'count':
      return { grouped: call('count'), final: asItIs };
    case 'countIf':
      return { grouped: call('count', of), final: asItIs };
    case 'countDistinct':
      return { grouped: call('array::group', of), final: (all) => call('array::len', differing(all)) };
    case 'distinct':
      return { grouped: call('array::group', of), final: differing };
    case 'collect':
      return { grouped: call('array::group', of), final: present };
    default:
      return extreme(kind === 'min' ? 'min' : 'max', of, source.type);
  }
}

/** Within a group `math::mean` is a float of decimals too, and rounds their digits (3.0.2). */
function exactMean(of: Expression): AggregateTerm {
  const final = (sum: Expression, howMany: Expression) => unlessNone(binary(sum, '/', howMany), howMany);
  return { grouped: call('math::sum', of), final, of };
}

/** `math::` and `time::` work within a group; whatever else has an order is collected and compared behind it. */
function extreme(name: 'min' | 'max', of: Expression, type: SurrealType | undefined): AggregateTerm {
  if (isAll(type, NUMBERS)) return { grouped: call(`math::${name}`, of), final: unlessNone, of };
  if (isAll(type, DATES)) return { grouped: call(`time::${name}`, of), final: unlessNone, of };
  return {
    grouped: call('array::group', of),
    final: (all, howMany) => unlessNone(call(`array::${name}`, present(all)), howMany),
    of,
  };
}

/** How many records of a group have a value. */
export function countOf(of: Expression): Expression {
  return call('count', isPresent(of));
}

function isPresent(of: Expression): Expression {
  return and([binary(of, '!=', value(NONE)), binary(of, '!=', value(null))]);
}

const present = (list: Expression): Expression =>
  call('array::filter', list, closure(['each'], isPresent(param('each'))));
const differing = (list: Expression): Expression => call('array::distinct', present(list));

function unlessNone(grouped: Expression, howMany: Expression): Expression {
  return iff(binary(howMany, '>', value(0)), block([evaluate(grouped)]), block([evaluate(value(NONE))]));
}

const NUMBERS: ReadonlySet<string> = new Set(['int', 'float', 'decimal', 'number']);
const DECIMALS: ReadonlySet<string> = new Set(['decimal']);
const DATES: ReadonlySet<string> = new Set(['datetime']);

function isAll(type: SurrealType | undefined, kinds: ReadonlySet<string>): boolean {
  if (type === undefined) return false;
  const members = valueMembers(type);
  return members.length > 0 && members.every((member) => kinds.has(kindOfMember(member)));
}

function kindOfMember(member: SurrealType): string {
  return member.kind === 'literal' && typeof member.value !== 'string' ? 'number' : member.kind;
}

/** The server would answer 0 for texts, without an error. */
function requireNumbers({ kind, type, label }: AggregateSource): void {
  if (type === undefined || valueMembers(type).some(({ kind }) => kind === 'any') || isAll(type, NUMBERS)) return;
  throw refused({
    path: label,
    what: `${kind}() of ${label} cannot be right`,
    why: 'it holds no numbers',
    fix: 'count(), min(), max(), collect() and distinct() take values of every kind',
    rule: 'type',
  });
}

/** Columns of the grouped rows: names of their own, whatever the user calls them. */
export const groupColumn = (at: number): string => `g${at}`;
export const resultColumn = (at: number): string => `a${at}`;
