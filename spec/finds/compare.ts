import { DateTime, Decimal, Duration, RecordId, Uuid } from '../../lib/index.js';

/** A value's place in the order of all values of its type: less than, equal to or greater than another. */
export function compare(a: unknown, b: unknown): number {
  const [left, right] = [comparable(a), comparable(b)];
  if (left instanceof Decimal || right instanceof Decimal)
    return new Decimal(left as number).comparedTo(right as number);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right);
  if (Array.isArray(left) && Array.isArray(right)) return compareLists(left, right);
  return (left as number) < (right as number) ? -1 : (left as number) > (right as number) ? 1 : 0;
}

/** Missing values come first, NONE before NULL. */
export function compareMissing(a: unknown, b: unknown): number {
  const rank = (value: unknown) => (value === undefined ? 0 : value === null ? 1 : 2);
  return rank(a) - rank(b) || (rank(a) === 2 ? compare(a, b) : 0);
}

/** The order of a stored datetime and what a condition gives: a Date stands for its whole millisecond. */
export function compareTo(stored: unknown, given: unknown): number {
  return given instanceof Date && !DateTime.is(given) && DateTime.is(stored)
    ? Math.sign(stored.seconds * 1000 + Math.floor(stored.nanoseconds / 1e6) - given.getTime())
    : compare(stored, given);
}

function compareLists(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [index, item] of a.entries()) {
    if (index >= b.length) return 1;
    const order = compare(item, b[index]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Text by its bytes, times by their nanoseconds. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string') return new TextEncoder().encode(value);
  if (typeof value === 'boolean') return Number(value);
  // A DateTime is a Date too.
  if (DateTime.is(value)) return BigInt(value.seconds) * 1_000_000_000n + BigInt(value.nanoseconds);
  if (value instanceof Date) return BigInt(value.getTime()) * 1_000_000n;
  if (Duration.is(value)) return value.nanoseconds;
  if (Uuid.is(value)) return new TextEncoder().encode(String(value));
  if (RecordId.is(value)) return value.key;
  return value instanceof Set ? [...(value as Set<number>)].sort((a, b) => a - b) : value;
}
