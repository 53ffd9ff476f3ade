/**
 * Jest copies objects before it shows how they differ, and reads every getter for that; of one with this list it takes these
 * properties only. A copy has no private members: what Jest may call on one must not need them.
 */
export const COMPARED_BY_JEST = Symbol.for('@jest/serializableProperties');
