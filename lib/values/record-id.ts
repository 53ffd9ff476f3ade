import { ValidationError } from '../errors/index.js';
import { equals } from './equals.js';
import { quoteIdentifier } from './identifier.js';
import { hasKind, VALUE_KIND } from './kind.js';
import { formatKey } from './literal.js';
import { parseRecordId } from './record-id-text.js';
import { assertRecordKey, type RecordKey } from './record-key.js';

/**
 * The address of a record: its table and its key. https://surrealdb.com/docs/surrealql/datamodel/ids
 *
 * ```ts
 * const id = new RecordId('user', 'tobie');
 * String(id);                               // user:tobie
 * String(new RecordId('user', '1'));        // user:`1`, another record than user:1
 * RecordId.parse('user:tobie').equals(id);  // true
 * ```
 */
export class RecordId<TableName extends string = string, Key extends RecordKey = RecordKey> {
  readonly table: TableName;
  readonly key: Key;

  /**
   * @param key text, an integer (a bigint beyond 2^53), a Uuid, a list or an object.
   * @throws ValidationError for an empty table or what SurrealDB takes for no key.
   */
  constructor(table: TableName, key: Key) {
    if (typeof table !== 'string' || table.length === 0) {
      throw new ValidationError({ what: `Not a table name: ${String(table)}`, fix: "new RecordId('user', 'tobie')" });
    }
    if (typeof key !== 'string') assertRecordKey(table, key);
    this.table = table;
    this.key = key;
  }

  /**
   * Reads `table:key` as SurrealQL does, and refuses what SurrealQL would cut short or evaluate (`user:a-b`).
   *
   * @throws ValidationError
   */
  static parse(text: string): RecordId {
    return parseRecordId(text, (table, key) => new RecordId(table, key));
  }

  static is(value: unknown): value is RecordId {
    return hasKind(value, 'RecordId');
  }

  get [VALUE_KIND](): 'RecordId' {
    return 'RecordId';
  }

  /**
   * Compares with a record id, a link or entity (anything whose `id` is a record id), or the text of an id.
   * Keys are compared by value: `1` equals `1n`, not `'1'`.
   */
  equals(other: unknown): boolean {
    if (typeof other === 'string') return this.toString() === other || equalsText(this, other);
    const id = toRecordId(other);
    return id !== undefined && id.table === this.table && equals(id.key, this.key);
  }

  /** `table:key`, quoted where SurrealQL needs it; `RecordId.parse` reads it back. */
  toString(): string {
    return `${quoteIdentifier(this.table)}:${formatKey(this.key)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

function equalsText(id: RecordId, text: string): boolean {
  try {
    const other = RecordId.parse(text);
    return other.table === id.table && equals(other.key, id.key);
  } catch (error) {
    if (ValidationError.is(error)) return false;
    throw error;
  }
}

/**
 * The record id that `value` is or has: a RecordId of this or another copy of the package or of the official client, or the
 * `id` of a link or entity. `undefined` for anything else, also for text.
 */
export function toRecordId(value: unknown): RecordId | undefined {
  if (RecordId.is(value)) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const id = (value as { readonly id?: unknown }).id;
  return RecordId.is(id) ? id : undefined;
}
