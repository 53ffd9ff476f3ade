import { ValidationError } from '../errors/index.js';
import { quoteIdentifier } from './identifier.js';
import { hasKind, VALUE_KIND } from './kind.js';

/**
 * A table as a value: where a statement takes a bound target, a plain string would be a string.
 *
 * ```ts
 * await em.query('SELECT * FROM $table', { table: new Table('user') });
 * ```
 */
export class Table<Name extends string = string> {
  readonly name: Name;

  /** @throws ValidationError when the name is empty or no text. */
  constructor(name: Name) {
    if (typeof name !== 'string' || name === '') {
      throw new ValidationError({ what: `Not a table name: ${String(name)}`, why: 'a table name is non-empty text' });
    }
    this.name = name;
  }

  static is(value: unknown): value is Table {
    return hasKind(value, 'Table');
  }

  get [VALUE_KIND](): 'Table' {
    return 'Table';
  }

  equals(other: unknown): boolean {
    return Table.is(other) && other.name === this.name;
  }

  /** The name, quoted where SurrealQL needs it. */
  toString(): string {
    return quoteIdentifier(this.name);
  }

  toJSON(): string {
    return this.name;
  }
}
