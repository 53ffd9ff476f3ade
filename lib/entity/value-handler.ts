import { clone, isNone } from '../values/index.js';
import type { ChangedPart } from './changed-parts.js';

/**
 * How the values of one field travel. `decode` makes the instance's own value of a raw one (never shared with the row,
 * so that a mutation can be seen), `encode` the way back (never shared with the instance, which may go on changing while
 * a flush is under way), `same` compares an instance's value with the raw one.
 * None of them is ever given NONE or NULL: `null` and absence are the callers' business.
 */
export interface ValueHandler {
  /** Absent where the instance may hold the raw value itself. */
  readonly decode?: (raw: unknown) => unknown;
  /** A value that cannot be converted is given back as it is, for the validation to refuse. */
  encode(value: unknown): unknown;
  /** A copy of an instance's value, for it to be put back when it was mutated; absent where `clone` makes one. */
  copy?(value: unknown): unknown;
  same(value: unknown, raw: unknown): boolean;
  /** What of an object differs, as it would be sent; undefined where it has to be sent as a whole. Absent for other values. */
  parts?(value: unknown, raw: unknown): readonly ChangedPart[] | undefined;
}

export const isMissing = (value: unknown): boolean => value === undefined || value === null || isNone(value);

/** A copy of an instance's value that may be missing. */
export function copyOf(handler: ValueHandler, value: unknown): unknown {
  return handler.copy === undefined || isMissing(value) ? clone(value) : handler.copy(value);
}

/** `same` for values that may be missing: NONE and a missing value are one, NULL is another. */
export function sameOrMissing(handler: ValueHandler, value: unknown, raw: unknown): boolean {
  if (isListOrDate(value) && isListOrDate(raw)) return handler.same(value, raw);
  if (isMissing(value)) return value === null ? raw === null : raw === undefined || isNone(raw);
  return isMissing(raw) ? false : handler.same(value, raw);
}

/** These are surely there: it takes longer to ask an object for its kind, and a flush asks for every one that it compares. */
function isListOrDate(value: unknown): boolean {
  return Array.isArray(value) || value instanceof Date;
}
