import type { Bound } from './bounds.js';
import { equals } from './equals.js';
import { hasKind, INSPECT, VALUE_KIND } from './kind.js';
import { formatRecordIdRange } from './literal.js';
import type { RecordKey } from './record-key.js';

/**
 * Every record of a table whose key lies in a range. https://surrealdb.com/docs/surrealql/datamodel/ids#record-ranges
 *
 * ```ts
 * await em.query('SELECT * FROM $days', { days: new RecordIdRange('day', new BoundIncluded(1), new BoundExcluded(8)) });
 * ```
 */
export class RecordIdRange<TableName extends string = string, Key extends RecordKey = RecordKey> {
  readonly table: TableName;
  readonly begin: Bound<Key>;
  readonly end: Bound<Key>;

  constructor(table: TableName, begin: Bound<Key>, end: Bound<Key>) {
    this.table = table;
    this.begin = begin;
    this.end = end;
  }

  static is(value: unknown): value is RecordIdRange {
    return hasKind(value, 'RecordIdRange');
  }

  get [VALUE_KIND](): 'RecordIdRange' {
    return 'RecordIdRange';
  }

  equals(other: unknown): boolean {
    return RecordIdRange.is(other) && equals(this, other);
  }

  /** As SurrealQL has it: `day:1..8`. */
  toString(): string {
    return formatRecordIdRange(this.table, this.begin, this.end);
  }

  toJSON(): string {
    return this.toString();
  }

  [INSPECT](): string {
    return `RecordIdRange(${this.toString()})`;
  }
}
