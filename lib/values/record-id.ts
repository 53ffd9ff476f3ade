import { ValidationError } from '../errors/index.js';
import { equals } from './equals.js';
import { standInFor, stringRecordIdText } from './foreign.js';
import { hasKind, INSPECT, kindOf, VALUE_KIND } from './kind.js';
import { formatRecordId } from './literal.js';
import { parseRecordId } from './literal-reader.js';
import { normalRecordKey, type RecordKey } from './record-key.js';

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
      throw new ValidationError({
        what: `Not a table name: ${JSON.stringify(table)}`,
        fix: "new RecordId('user', 'tobie')",
      });
    }
    this.table = table;
    this.key = typeof key === 'string' ? key : normalRecordKey(table, key);
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
    const id = typeof other === 'string' ? parsedOrUndefined(other) : toRecordId(other);
    return id !== undefined && id.table === this.table && equals(id.key, this.key);
  }

  /** `table:key`, quoted where SurrealQL needs it; `RecordId.parse` reads it back. */
  toString(): string {
    return formatRecordId(this.table, this.key);
  }

  toJSON(): string {
    return this.toString();
  }

  [INSPECT](): string {
    return `RecordId(${this.toString()})`;
  }
}

function parsedOrUndefined(text: string): RecordId | undefined {
  try {
    return RecordId.parse(text);
  } catch (error) {
    if (ValidationError.is(error)) return undefined;
    throw error;
  }
}

/**
 * The record id that `value` is or has: a RecordId of this or another copy of the package or of the official client, or the
 * `id` of a link or entity. `undefined` for anything else, also for text.
 *
 * ```ts
 * toRecordId(user)?.key; // the key of the entity's id
 * ```
 */
export function toRecordId(value: unknown): RecordId | undefined {
  if (RecordId.is(value)) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const own = foreignRecordId(value);
  if (own !== undefined) return own;
  const { id } = value as { readonly id?: unknown };
  if (RecordId.is(id)) return id;
  return typeof id === 'object' && id !== null ? foreignRecordId(id) : undefined;
}

function foreignRecordId(value: object): RecordId | undefined {
  const text = stringRecordIdText(value);
  if (text !== undefined) return parsedOrUndefined(text);
  const standIn = standInFor(value);
  if (kindOf(standIn) !== 'RecordId') return undefined;
  const { table, key } = standIn as RecordId;
  return new RecordId(table, key);
}
