import { hasKind, VALUE_KIND } from './kind.js';

/** The type of `NONE`. */
export class None {
  get [VALUE_KIND](): 'NONE' {
    return 'NONE';
  }
  toString(): string {
    return 'NONE';
  }
  /** Absent in JSON, as `undefined` is. */
  toJSON(): undefined {
    return undefined;
  }
}

/**
 * SurrealDB's `NONE`: the field is not there. On the wire it is what `undefined` is; use it where the intent must show.
 * https://surrealdb.com/docs/surrealql/datamodel/none-and-null
 *
 * ```ts
 * user.nickname = NONE; // the flush removes the field
 * ```
 */
export const NONE: None = Object.freeze(new None());

/** True for `NONE`, also the `NONE` of another copy of the package. */
export function isNone(value: unknown): value is None {
  return hasKind(value, 'NONE');
}

/**
 * True for `undefined` and `NONE`; `null` is a value.
 *
 * ```ts
 * [undefined, NONE, null].map(isAbsent); // [true, true, false]
 * ```
 */
export function isAbsent(value: unknown): value is undefined | None {
  return value === undefined || isNone(value);
}
