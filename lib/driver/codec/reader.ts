import { Uuid, type DateTime, type RecordId, type RecordIdRange } from '../../values/index.js';
import { CborError } from './cbor-error.js';
import { readHalf } from './half.js';
import { Shape } from './shape.js';
import { dateTime, recordId, valueOfTag } from './tagged.js';
import { TAG } from './tags.js';
import { decodeShort, decodeUtf8 } from './utf8.js';

/** Deeper than anything the server sends (it refuses about 500) and far from the end of JavaScript's stack. */
const MAX_DEPTH = 512;
const BREAK = 0xff;
const INDEFINITE = 31;
const HALF = 0xf9;
const SINGLE = 0xfa;
const DOUBLE = 0xfb;
/** Shorter lists are not worth looking ahead. */
const VECTOR = 8;
const SHORT_TEXT = 24;
/** Larger maps are dictionaries rather than rows. */
const MAX_SHAPED = 128;

/** Reads one message of the CBOR that SurrealDB writes. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #shapes: Shape;
  /** Names of tables, remembered like keys. */
  readonly #tables: Shape;
  /** Values of the maps that are being read, each map's from its base on. */
  readonly #values: unknown[] = [];
  #top = 0;
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    // A plain Uint8Array also of a Node Buffer, whose methods share memory.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#shapes = Shape.root(this.#bytes);
    this.#tables = Shape.root(this.#bytes);
  }

  /** The one item that fills the bytes. @throws CborError */
  readAll(): unknown {
    try {
      const value = this.#item();
      if (this.#at !== this.#bytes.length) throw this.#error(`${this.#bytes.length - this.#at} bytes follow the value`);
      return value;
    } catch (error) {
      // Only DataView throws it here: a number at the end of the bytes that is not complete.
      if (error instanceof RangeError) throw this.#error('the bytes end inside a value', error);
      throw error;
    }
  }

  #item(): unknown {
    const head = this.#byte();
    const info = head & 31;
    switch (head >> 5) {
      case 0:
        return this.#unsigned(info);
      case 1:
        return this.#negative(info);
      case 2:
        return this.#byteString(info);
      case 3:
        return this.#text(info);
      case 4:
        return this.#list(info);
      case 5:
        return this.#map(info);
      case 6:
        return this.#tagged(info);
      default:
        return this.#simple(info);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw this.#error('the bytes end inside a value');
    this.#at += 1;
    return byte;
  }

  #unsigned(info: number): number | bigint {
    if (info < 24) return info;
    if (info !== 27) return this.#argument(info);
    const value = this.#view.getBigUint64(this.#at);
    this.#at += 8;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  #negative(info: number): number | bigint {
    const value = this.#unsigned(info);
    if (typeof value === 'bigint') return -1n - value;
    return value === Number.MAX_SAFE_INTEGER ? -1n - BigInt(value) : -1 - value;
  }

  /** A length or a tag: an unsigned integer that a number holds. */
  #argument(info: number): number {
    const at = this.#at;
    switch (info) {
      case 24:
        this.#at = at + 1;
        return this.#view.getUint8(at);
      case 25:
        this.#at = at + 2;
        return this.#view.getUint16(at);
      case 26:
        this.#at = at + 4;
        return this.#view.getUint32(at);
      case 27:
        this.#at = at + 8;
        return Number(this.#view.getBigUint64(at));
      default:
        if (info < 24) return info;
        throw this.#error(`the length code ${info} does not exist`);
    }
  }

  /** A number of bytes or items, which take a byte each at the least: refused before anything is allocated for it. */
  #length(info: number): number {
    const length = info < 24 ? info : this.#argument(info);
    if (length > this.#bytes.length - this.#at) throw this.#error('the bytes end inside a value');
    return length;
  }

  #byteString(info: number): Uint8Array {
    if (info === INDEFINITE) return this.#chunks(2);
    const length = this.#length(info);
    const start = this.#at;
    this.#at = start + length;
    return this.#bytes.slice(start, start + length);
  }

  #text(info: number): string {
    if (info === INDEFINITE) return decodeUtf8(this.#chunks(3));
    const length = this.#length(info);
    const start = this.#at;
    this.#at = start + length;
    return this.#textAt(start, length);
  }

  #textAt(start: number, length: number): string {
    if (length > SHORT_TEXT) return decodeUtf8(this.#bytes.subarray(start, start + length));
    return decodeShort(this.#bytes, start, start + length);
  }

  #chunks(major: number): Uint8Array {
    const parts: Uint8Array[] = [];
    let total = 0;
    for (let head = this.#byte(); head !== BREAK; head = this.#byte()) {
      if (head >> 5 !== major || (head & 31) === INDEFINITE)
        throw this.#error('a chunk of another kind inside a text or byte string');
      const length = this.#length(head & 31);
      parts.push(this.#bytes.subarray(this.#at, this.#at + length));
      this.#at += length;
      total += length;
    }
    const whole = new Uint8Array(total);
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #list(info: number): unknown[] {
    this.#enter();
    const list: unknown[] = [];
    if (info === INDEFINITE) {
      while (!this.#atBreak()) list.push(this.#item());
    } else {
      const length = this.#length(info);
      if (length >= VECTOR && this.#isVector(length)) return this.#vector(length);
      for (let index = 0; index < length; index++) list.push(this.#item());
    }
    this.#depth -= 1;
    return list;
  }

  /** True when the next `length` items are floats, as in an embedding. */
  #isVector(length: number): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let index = 0; index < length; index++) {
      const head = bytes[at];
      if (head === DOUBLE) at += 9;
      else if (head === SINGLE) at += 5;
      else if (head === HALF) at += 3;
      else return false;
    }
    return at <= bytes.length;
  }

  /** A list made here alone holds nothing but doubles, which the engine then keeps unboxed. */
  #vector(length: number): number[] {
    const vector = new Array<number>(length);
    const bytes = this.#bytes;
    const view = this.#view;
    let at = this.#at;
    for (let index = 0; index < length; index++) {
      const head = bytes[at];
      if (head === DOUBLE) {
        vector[index] = view.getFloat64(at + 1);
        at += 9;
      } else if (head === SINGLE) {
        vector[index] = view.getFloat32(at + 1);
        at += 5;
      } else {
        vector[index] = readHalf(view.getUint16(at + 1));
        at += 3;
      }
    }
    this.#at = at;
    this.#depth -= 1;
    return vector;
  }

  #map(info: number): Record<string, unknown> {
    this.#enter();
    const size = info === INDEFINITE ? -1 : this.#length(info);
    const map = size > 0 && size <= MAX_SHAPED ? this.#shapedMap(size) : this.#members({}, size);
    this.#depth -= 1;
    return map;
  }

  /** A map whose keys are likely to come again: see Shape. */
  #shapedMap(size: number): Record<string, unknown> {
    const values = this.#values;
    const base = this.#top;
    this.#top = base + size;
    let shape = this.#shapes;
    for (let index = 0; index < size; index++) {
      const head = this.#at;
      const next = this.#nextShape(shape);
      if (next === undefined) {
        this.#at = head;
        return this.#members(this.#membersSoFar(shape, base), size - index);
      }
      shape = next;
      values[base + index] = this.#item();
    }
    this.#top = base;
    return shape.build(values, base);
  }

  /** The shape with the text that follows; undefined when it is no short text or not worth remembering. */
  #nextShape(shape: Shape): Shape | undefined {
    const head = this.#byte();
    const info = head & 31;
    if (head >> 5 !== 3 || info > 24) return undefined;
    const length = this.#length(info);
    const start = this.#at;
    this.#at = start + length;
    const known = shape.next(start, length);
    return known === undefined ? shape.add(start, length, this.#textAt(start, length)) : known;
  }

  #membersSoFar(shape: Shape, base: number): Record<string, unknown> {
    this.#top = base;
    return Object.fromEntries(shape.path().map((key, index) => [key, this.#values[base + index]]));
  }

  /** Reads `size` members into `map`, up to the end mark when it is negative. */
  #members(map: Record<string, unknown>, size: number): Record<string, unknown> {
    for (let left = size; left !== 0 && !(size < 0 && this.#atBreak()); left--) {
      const head = this.#byte();
      if (head >> 5 !== 3) throw this.#error('a key of a map is no text');
      const key = this.#text(head & 31);
      const value = this.#item();
      if (key === '__proto__')
        Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
      else map[key] = value;
    }
    return map;
  }

  #tagged(info: number): unknown {
    const start = this.#at - 1;
    const tag = info < 24 ? info : this.#argument(info);
    const head = this.#bytes[this.#at];
    // The commonest values straight from the bytes, without a list in between.
    if (tag === TAG.RECORD_ID && head === 0x82) return this.#recordId(start);
    if (tag === TAG.DATETIME && head === 0x82) return this.#dateTime(start);
    if (tag === TAG.UUID && head === 0x50) return this.#uuid();
    this.#enter();
    const content = this.#item();
    this.#depth -= 1;
    return valueOfTag(tag, content, start);
  }

  #recordId(start: number): RecordId | RecordIdRange {
    this.#at += 1;
    const from = this.#at;
    const shape = this.#nextShape(this.#tables);
    if (shape === undefined) this.#at = from;
    const table = shape === undefined ? this.#item() : shape.key;
    this.#enter();
    const key = this.#item();
    this.#depth -= 1;
    return recordId(table, key, start);
  }

  #dateTime(start: number): DateTime {
    this.#at += 1;
    const seconds = this.#item();
    const nanoseconds = this.#item();
    return dateTime(seconds, nanoseconds, start);
  }

  #uuid(): Uuid {
    const start = this.#at + 1;
    this.#at = start + 16;
    if (this.#at > this.#bytes.length) throw this.#error('the bytes end inside a value');
    return Uuid.fromBytes(this.#bytes, start);
  }

  #simple(info: number): unknown {
    const at = this.#at;
    switch (info) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
        return null;
      case 23:
        return undefined;
      case 25:
        this.#at = at + 2;
        return readHalf(this.#view.getUint16(at));
      case 26:
        this.#at = at + 4;
        return this.#view.getFloat32(at);
      case 27:
        this.#at = at + 8;
        return this.#view.getFloat64(at);
      default:
        throw this.#error(
          info === INDEFINITE ? 'an end mark stands where a value should' : `the simple value ${info} does not exist`,
        );
    }
  }

  #atBreak(): boolean {
    if (this.#bytes[this.#at] !== BREAK) return false;
    this.#at += 1;
    return true;
  }

  #enter(): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw this.#error(`the value is nested deeper than ${MAX_DEPTH} levels`);
  }

  #error(why: string, cause?: unknown): CborError {
    return new CborError(why, this.#at, cause);
  }
}
