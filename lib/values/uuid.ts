import { ValidationError } from '../errors/index.js';
import { uuidV4Words, uuidV7Words } from './generators.js';
import { hasKind, INSPECT, VALUE_KIND } from './kind.js';

const PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Four 32-bit integers, the first bits first. */
export type UuidWords = readonly [number, number, number, number];

/**
 * A UUID: 16 bytes, immutable. SurrealDB: https://surrealdb.com/docs/surrealql/datamodel/uuid
 *
 * ```ts
 * const id = Uuid.v7();
 * Uuid.parse(id.toString()).equals(id); // true
 * ```
 */
export class Uuid {
  /** The 128 bits as four signed 32-bit integers: less memory than bytes, and seen by the deep equality of test frameworks. */
  readonly words: UuidWords;

  /** @throws ValidationError when the text is no UUID or there are not 16 bytes. */
  constructor(value: string | Uint8Array | Uuid | UuidWords) {
    if (typeof value === 'string') this.words = wordsOfText(value);
    else if (isWords(value)) this.words = [value[0] | 0, value[1] | 0, value[2] | 0, value[3] | 0];
    else if (Uuid.is(value)) this.words = wordsAt(value.toBytes(), 0);
    else if (value.length === 16) this.words = wordsAt(value, 0);
    else throw refused(`${value.length} bytes`, 'a UUID has 16 bytes');
  }

  /** Reads 16 bytes from `offset`, which must be there. */
  static fromBytes(bytes: Uint8Array, offset = 0): Uuid {
    return new Uuid(wordsAt(bytes, offset));
  }

  /** @throws ValidationError */
  static parse(text: string): Uuid {
    return new Uuid(text);
  }

  /** A random UUID. */
  static v4(): Uuid {
    return new Uuid(uuidV4Words());
  }

  /** A UUID that sorts by the time it was made, strictly so within this process. */
  static v7(): Uuid {
    return new Uuid(uuidV7Words());
  }

  static is(value: unknown): value is Uuid {
    return hasKind(value, 'Uuid');
  }

  get [VALUE_KIND](): 'Uuid' {
    return 'Uuid';
  }

  /** The 16 bytes, a fresh copy. */
  toBytes(): Uint8Array {
    return bytesOf(this.words);
  }

  equals(other: unknown): boolean {
    if (typeof other === 'string') return this.toString() === other.toLowerCase();
    return Uuid.is(other) && other.toString() === this.toString();
  }

  toString(): string {
    const [a, b, c, d] = this.words;
    const second = hex(b);
    const third = hex(c);
    return `${hex(a)}-${second.slice(0, 4)}-${second.slice(4)}-${third.slice(0, 4)}-${third.slice(4)}${hex(d)}`;
  }

  toJSON(): string {
    return this.toString();
  }

  [INSPECT](): string {
    return `Uuid(${this.toString()})`;
  }
}

function isWords(value: Uint8Array | Uuid | UuidWords): value is UuidWords {
  return Array.isArray(value);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

function wordsAt(bytes: Uint8Array, offset: number): UuidWords {
  return [wordAt(bytes, offset), wordAt(bytes, offset + 4), wordAt(bytes, offset + 8), wordAt(bytes, offset + 12)];
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

function bytesOf(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(16);
  for (let index = 0; index < 16; index++) bytes[index] = (words[index >> 2] as number) >>> (24 - (index & 3) * 8);
  return bytes;
}

function wordsOfText(text: string): UuidWords {
  if (!PATTERN.test(text)) throw refused(`"${text}"`, 'a UUID is 32 hexadecimal digits in groups of 8-4-4-4-12');
  const digits = text.replaceAll('-', '');
  const word = (index: number): number => Number.parseInt(digits.slice(index * 8, index * 8 + 8), 16) | 0;
  return [word(0), word(1), word(2), word(3)];
}

function refused(given: string, why: string): ValidationError {
  return new ValidationError({ what: `Not a UUID: ${given}`, why, fix: 'Use Uuid.v4() or Uuid.v7() for a new one' });
}
