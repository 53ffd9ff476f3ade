import type { Decimal } from 'decimal.js';
import type { Duration } from './duration.js';
import type { DateTime } from './date-time.js';
import { tagOf } from './js-kinds.js';
import { kindOf } from './kind.js';
import type { RecordId } from './record-id.js';

/** Kinds in the order in which the server sorts them, as far as they are known here. */
const RANKS = ['none', 'null', 'boolean', 'number', 'string', 'duration', 'datetime', 'record'] as const;
type Rank = (typeof RANKS)[number];

/**
 * The order in which the server sorts: NONE before NULL before booleans, numbers, texts (by code point), durations, datetimes
 * and record ids; below 0 when the left value comes first. `undefined` where only the server can tell: lists, objects,
 * geometries, and numbers of kinds that cannot be compared exactly.
 *
 * ```ts
 * compare(NONE, 1);                    // below 0
 * compare('ö', 'z');                   // above 0
 * compare(['a'], ['b']);               // undefined
 * ```
 */
export function compare(left: unknown, right: unknown): number | undefined {
  const rank = rankOf(left);
  const other = rankOf(right);
  if (rank === undefined || other === undefined) return undefined;
  return rank === other ? BY_RANK[rank](left, right) : RANKS.indexOf(rank) - RANKS.indexOf(other);
}

const BY_RANK: Readonly<Record<Rank, (left: unknown, right: unknown) => number | undefined>> = {
  none: () => 0,
  null: () => 0,
  boolean: (left, right) => Number(left) - Number(right),
  number: compareNumbers,
  string: (left, right) => compareTexts(left as string, right as string),
  duration: (left, right) => (left as Duration).compare(right as Duration),
  datetime: (left, right) => compareTimes(left as Date, right as Date),
  record: (left, right) => compareRecords(left as RecordId, right as RecordId),
};

function rankOf(value: unknown): Rank | undefined {
  return typeof value === 'object' && value !== null ? rankOfObject(value) : RANK_OF_TYPE[typeof value];
}

/** Of objects only `null` is looked up here. */
const RANK_OF_TYPE: Readonly<Record<string, Rank>> = {
  undefined: 'none',
  object: 'null',
  boolean: 'boolean',
  number: 'number',
  bigint: 'number',
  string: 'string',
};

function rankOfObject(value: object): Rank | undefined {
  switch (kindOf(value)) {
    case 'NONE':
      return 'none';
    case 'Decimal':
      return 'number';
    case 'Duration':
      return 'duration';
    case 'RecordId':
      return 'record';
    default:
      return tagOf(value) === '[object Date]' ? 'datetime' : undefined;
  }
}

function compareNumbers(left: unknown, right: unknown): number | undefined {
  if (typeof left === 'object' && typeof right === 'object') return (left as Decimal).comparedTo(right as Decimal);
  if (typeof left === 'object' || typeof right === 'object') return undefined;
  const [a, b] = [left as number, right as number];
  if (a !== a || b !== b) return undefined;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By code point; JavaScript compares UTF-16 units, and so takes an emoji for less than `ﬁ`. */
function compareTexts(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at++) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (a !== b) return weightOf(a) - weightOf(b);
  }
  return left.length - right.length;
}

/** Characters that need two units come after all that need one. */
function weightOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function compareTimes(left: Date, right: Date): number | undefined {
  if (kindOf(left) !== 'DateTime' && kindOf(right) !== 'DateTime')
    return compareNumbers(left.getTime(), right.getTime());
  const [a, b] = [nanosecondsOf(left), nanosecondsOf(right)];
  return a === undefined || b === undefined ? undefined : compareNumbers(a, b);
}

function nanosecondsOf(date: Date): bigint | undefined {
  if (kindOf(date) === 'DateTime') {
    const { seconds, nanoseconds } = date as DateTime;
    return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
  }
  const time = date.getTime();
  return Number.isNaN(time) ? undefined : BigInt(time) * 1_000_000n;
}

/** Keys that are numbers before those that are texts. */
function compareRecords(left: RecordId, right: RecordId): number | undefined {
  if (left.table !== right.table) return compareTexts(left.table, right.table);
  const [a, b] = [left.key, right.key];
  const kinds = [typeof a, typeof b];
  return kinds.includes('object') ? compareUuids(a, b) : compare(a, b);
}

function compareUuids(left: unknown, right: unknown): number | undefined {
  if (kindOf(left) !== 'Uuid' || kindOf(right) !== 'Uuid') return undefined;
  return compareTexts(String(left), String(right));
}
