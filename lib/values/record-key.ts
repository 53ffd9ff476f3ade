import { ValidationError } from '../errors/index.js';
import { standInFor } from './foreign.js';
import { isPlain, tagOf } from './js-kinds.js';
import { kindOf } from './kind.js';
import type { Uuid } from './uuid.js';

/** What a record's key may be; lists and objects may hold any value SurrealDB has. */
export type RecordKey = string | number | bigint | Uuid | readonly unknown[] | { readonly [name: string]: unknown };

export const INT64_MIN = -(2n ** 63n);
export const INT64_MAX = 2n ** 63n - 1n;

/**
 * The key as a record has it; `-0` is 0, and the official client's Uuid becomes ours.
 *
 * @throws ValidationError for what SurrealDB takes for no key: fractions, null, booleans, dates, decimals, other values.
 */
export function normalRecordKey<Key extends RecordKey>(table: string, key: Key): Key {
  if (typeof key === 'number' && Number.isSafeInteger(key)) return (key === 0 ? 0 : key) as Key;
  const own: unknown =
    typeof key === 'object' && key !== null && !Array.isArray(key) && !isPlain(key) ? standInFor(key) : undefined;
  const normal = own === undefined ? key : own;
  const problem = problemOf(normal);
  if (problem === undefined) return normal as Key;
  throw new ValidationError({
    what: `Not a key for a record of "${table}": ${describe(normal)}`,
    why: problem,
    fix: 'A key is text, an integer (a bigint beyond 2^53), a Uuid, a list or an object',
  });
}

function problemOf(key: unknown): string | undefined {
  switch (typeof key) {
    case 'string':
      return undefined;
    case 'number':
      return Number.isInteger(key) ? 'a number of this size is not exact' : 'SurrealDB keys have no fractions';
    case 'bigint':
      return key >= INT64_MIN && key <= INT64_MAX ? undefined : 'it does not fit 64 bits';
    case 'object':
      return key === null ? 'null is no key' : objectProblem(key);
    default:
      return `${typeof key} is no key`;
  }
}

function objectProblem(key: object): string | undefined {
  if (Array.isArray(key)) return undefined;
  const kind = kindOf(key);
  if (kind === 'Uuid') return undefined;
  if (kind !== undefined) return `a ${kind} is no key`;
  const tag = tagOf(key);
  return tag === '[object Object]' ? undefined : `${tag.slice(8, -1)} is no key`;
}

function describe(key: unknown): string {
  if (typeof key === 'object' && key !== null) return kindOf(key) === undefined ? tagOf(key) : String(key);
  return typeof key === 'bigint' ? `${key}n` : String(key);
}
