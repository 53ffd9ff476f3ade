import type { Bound } from './bounds.js';
import { equals } from './equals.js';
import { hasKind, INSPECT, VALUE_KIND } from './kind.js';
import { formatRange } from './literal.js';

/**
 * A range of values. https://surrealdb.com/docs/surrealql/datamodel/ranges
 *
 * ```ts
 * new Range(new BoundIncluded(18), new BoundExcluded(65)); // 18..65
 * new Range(undefined, new BoundIncluded(5));              // ..=5
 * ```
 */
export class Range<Begin = unknown, End = Begin> {
  readonly begin: Bound<Begin>;
  readonly end: Bound<End>;

  constructor(begin: Bound<Begin>, end: Bound<End>) {
    this.begin = begin;
    this.end = end;
  }

  static is(value: unknown): value is Range {
    return hasKind(value, 'Range');
  }

  get [VALUE_KIND](): 'Range' {
    return 'Range';
  }

  equals(other: unknown): boolean {
    return Range.is(other) && equals(this, other);
  }

  toString(): string {
    return formatRange(this.begin, this.end);
  }

  toJSON(): string {
    return this.toString();
  }

  [INSPECT](): string {
    return `Range(${this.toString()})`;
  }
}
