/**
 * Jest copies objects before it shows how they differ, and reads every getter for that; of one with this list it takes these
 * properties only. A copy has no private members: what Jest may call on one must not need them.
 */
export const COMPARED_BY_JEST = Symbol.for('@jest/serializableProperties');

/**
 * Whether Jest or Vitest is comparing: it goes through whatever can be gone through, and what is not loaded must not fail for
 * that. Nothing but the stack tells it from code that goes through a collection in earnest; it is asked for in vain only.
 */
export function isCompared(): boolean {
  return /@jest[\\/]expect-utils|@vitest[\\/]expect/.test(new Error().stack ?? '');
}
