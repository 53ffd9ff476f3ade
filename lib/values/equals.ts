import type { Decimal } from 'decimal.js';
import type { BoundIncluded } from './bounds.js';
import type { DateTime } from './date-time.js';
import type { Duration } from './duration.js';
import type { FileRef } from './file-ref.js';
import type { Float } from './float.js';
import { standInFor } from './foreign.js';
import { bytesOf, isPlain, isTypedArray, tagOf } from './js-kinds.js';
import { kindOf, type ValueKind } from './kind.js';
import type { Range } from './range.js';
import type { RecordId } from './record-id.js';
import type { RecordIdRange } from './record-id-range.js';
import type { Table } from './table.js';

export interface EqualsOptions {
  /**
   * A member that is `undefined` or `NONE` counts as missing: `{ a: undefined }` equals `{}`. Off by default, because a
   * query result tells a field that is NONE from one that was not asked for.
   */
  readonly absentIsMissing?: boolean;
}

/**
 * Deep equality of values, as change detection needs it: dates by time (`DateTime` to the nanosecond), decimals and
 * durations by amount, ids, geometries and bytes by content, vectors like lists of their numbers, sets without order, NaN equals NaN, 0 equals -0, `1n` equals
 * `1`, `undefined` equals `NONE`. Objects are compared by their own enumerable members, whatever their class.
 *
 * ```ts
 * equals({ at: new Date(0) }, { at: new DateTime(0) }); // true
 * equals({ a: undefined }, {});                         // false
 * ```
 */
export function equals(left: unknown, right: unknown, options?: EqualsOptions): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null)
    return sameScalar(left, right);
  if (Array.isArray(left)) return isList(right) && sameLists(left, right, options);
  if (isPlain(left) && isPlain(right)) return sameObjects(left, right, options);
  return sameClassed(ownValue(left), ownValue(right), options);
}

/** The official client's values count as Reverie's own. */
function ownValue(value: object): object {
  if (tagOf(value) !== '[object Object]' || kindOf(value) !== undefined) return value;
  const standIn = standInFor(value);
  return standIn === undefined ? value : standIn;
}

function sameClassed(left: object, right: object, options: EqualsOptions | undefined): boolean {
  const leftKind = kindOf(left);
  const rightKind = kindOf(right);
  if (leftKind === undefined && rightKind === undefined) return sameBuiltIn(left, right, options);
  return sameValue(left, leftKind, right, rightKind, options);
}

function sameScalar(left: unknown, right: unknown): boolean {
  if (typeof left === 'number') {
    if (typeof right === 'number') return left !== left && right !== right;
    return typeof right === 'bigint' && Number.isInteger(left) && BigInt(left) === right;
  }
  if (typeof left === 'bigint') return typeof right === 'number' && Number.isInteger(right) && BigInt(right) === left;
  if (left === undefined) return kindOf(right) === 'NONE';
  return right === undefined && kindOf(left) === 'NONE';
}

function sameValue(
  left: object,
  leftKind: ValueKind | undefined,
  right: object,
  rightKind: ValueKind | undefined,
  options: EqualsOptions | undefined,
): boolean {
  if (leftKind === 'DateTime' || rightKind === 'DateTime') return sameTime(left, right);
  if (leftKind !== rightKind) return false;
  switch (leftKind) {
    case 'RecordId':
      return (
        (left as RecordId).table === (right as RecordId).table &&
        equals((left as RecordId).key, (right as RecordId).key, options)
      );
    case 'RecordIdRange':
      return (
        (left as RecordIdRange).table === (right as RecordIdRange).table &&
        sameRange(left as Range, right as Range, options)
      );
    case 'Range':
      return sameRange(left as Range, right as Range, options);
    case 'BoundIncluded':
    case 'BoundExcluded':
      return equals((left as BoundIncluded).value, (right as BoundIncluded).value, options);
    case 'Duration':
      return (left as Duration).nanoseconds === (right as Duration).nanoseconds;
    case 'FileRef':
      return (left as FileRef).bucket === (right as FileRef).bucket && (left as FileRef).key === (right as FileRef).key;
    case 'Float':
      return Object.is((left as Float).value + 0, (right as Float).value + 0);
    case 'Table':
      return (left as Table).name === (right as Table).name;
    case 'Decimal':
      return sameDecimal(left as Decimal, right as Decimal);
    case 'NONE':
      return true;
    default:
      // A Uuid or a geometry: both have one canonical text.
      return String(left) === String(right);
  }
}

/** The plain text is canonical but for the sign of zero; `toString` would depend on each copy's settings. */
function sameDecimal(left: Decimal, right: Decimal): boolean {
  const text = left.toFixed();
  return text === right.toFixed() || (left.isZero() && right.isZero());
}

function sameRange(left: Range, right: Range, options: EqualsOptions | undefined): boolean {
  return equals(left.begin, right.begin, options) && equals(left.end, right.end, options);
}

function sameTime(left: object, right: object): boolean {
  if (tagOf(left) !== '[object Date]' || tagOf(right) !== '[object Date]') return false;
  const a = left as DateTime;
  const b = right as DateTime;
  return nanosecondsOf(a) === nanosecondsOf(b) && secondsOf(a) === secondsOf(b);
}

function secondsOf(date: DateTime): number {
  return kindOf(date) === 'DateTime' ? date.seconds : Math.floor(date.getTime() / 1000);
}

function nanosecondsOf(date: DateTime): number {
  if (kindOf(date) === 'DateTime') return date.nanoseconds;
  const time = date.getTime();
  return (time - Math.floor(time / 1000) * 1000) * 1e6;
}

/** A typed array of numbers is stored as a list of them. */
function isList(value: object): value is ArrayLike<unknown> & object {
  return Array.isArray(value) || (isTypedArray(value) && bytesOf(value) === undefined);
}

function sameLists(left: ArrayLike<unknown>, right: ArrayLike<unknown>, options: EqualsOptions | undefined): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) {
    if (!equals(left[index], right[index], options)) return false;
  }
  return true;
}

function sameObjects(left: object, right: object, options: EqualsOptions | undefined): boolean {
  const a = left as Readonly<Record<string, unknown>>;
  const b = right as Readonly<Record<string, unknown>>;
  const keys = Object.keys(a);
  if (options !== undefined && options.absentIsMissing === true) {
    return (
      keys.every((key) => equals(own(a, key), own(b, key), options)) &&
      Object.keys(b).every((key) => equals(own(a, key), own(b, key), options))
    );
  }
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(b, key) || !equals(a[key], b[key], options)) return false;
  }
  return true;
}

function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function sameBuiltIn(left: object, right: object, options: EqualsOptions | undefined): boolean {
  const tag = tagOf(left);
  const other = tagOf(right);
  if (tag === '[object Object]' && other === '[object Object]') return sameObjects(left, right, options);
  const bytes = bytesOf(left);
  if (bytes !== undefined) {
    const others = bytesOf(right);
    return others !== undefined && sameBytes(bytes, others);
  }
  if (isTypedArray(left)) return isList(right) && sameLists(left, right, options);
  if (tag !== other) return false;
  if (tag === '[object Date]') {
    const [a, b] = [(left as Date).getTime(), (right as Date).getTime()];
    return a === b || (Number.isNaN(a) && Number.isNaN(b));
  }
  if (tag === '[object Set]') return sameSets(left as Set<unknown>, right as Set<unknown>, options);
  if (tag === '[object Map]') return sameMaps(left as Map<unknown, unknown>, right as Map<unknown, unknown>, options);
  return tag === '[object RegExp]' && String(left) === String(right);
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

function sameSets(
  left: ReadonlySet<unknown>,
  right: ReadonlySet<unknown>,
  options: EqualsOptions | undefined,
): boolean {
  if (left.size !== right.size) return false;
  const unmatched = [...right].filter((member) => !left.has(member));
  for (const member of left) {
    if (right.has(member)) continue;
    const at = unmatched.findIndex((candidate) => equals(member, candidate, options));
    if (at === -1) return false;
    unmatched.splice(at, 1);
  }
  return true;
}

function sameMaps(
  left: ReadonlyMap<unknown, unknown>,
  right: ReadonlyMap<unknown, unknown>,
  options: EqualsOptions | undefined,
): boolean {
  if (left.size !== right.size) return false;
  for (const [key, value] of left) {
    if (!right.has(key) || !equals(value, right.get(key), options)) return false;
  }
  return true;
}
