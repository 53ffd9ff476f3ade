import { hasKind, VALUE_KIND } from './kind.js';

/**
 * An end of a range that belongs to it: `..=5`.
 *
 * ```ts
 * new Range(undefined, new BoundIncluded(5)); // ..=5
 * ```
 */
export class BoundIncluded<T = unknown> {
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }

  static is(value: unknown): value is BoundIncluded {
    return hasKind(value, 'BoundIncluded');
  }

  get [VALUE_KIND](): 'BoundIncluded' {
    return 'BoundIncluded';
  }
}

/**
 * An end of a range that does not belong to it: `..5`, or `5>..` at its beginning.
 *
 * ```ts
 * new Range(new BoundExcluded(1), undefined); // 1>..
 * ```
 */
export class BoundExcluded<T = unknown> {
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }

  static is(value: unknown): value is BoundExcluded {
    return hasKind(value, 'BoundExcluded');
  }

  get [VALUE_KIND](): 'BoundExcluded' {
    return 'BoundExcluded';
  }
}

/** One end of a range; `undefined` is open. */
export type Bound<T = unknown> = BoundIncluded<T> | BoundExcluded<T> | undefined;
