import { hasKind, INSPECT, VALUE_KIND } from './kind.js';

/**
 * A float whose number is whole. JavaScript has one kind of number, so a plain `1` is sent as an int; a field of type `float`
 * makes a float of it by itself, and this says it where no type does: schemaless tables, fields of type `number` or `any`.
 * https://surrealdb.com/docs/surrealql/datamodel/numbers
 *
 * ```ts
 * await db.create('reading', { celsius: new Float(21) }); // 21f
 * ```
 */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  static is(value: unknown): value is Float {
    return hasKind(value, 'Float');
  }

  get [VALUE_KIND](): 'Float' {
    return 'Float';
  }

  valueOf(): number {
    return this.value;
  }

  /** As SurrealQL writes it: `21f`. */
  toString(): string {
    return `${String(this.value)}f`;
  }

  toJSON(): number {
    return this.value;
  }

  [INSPECT](): string {
    return `Float(${this.value})`;
  }
}
