import { Float, Uuid, type DateTime, type RecordId, type RecordIdRange } from '../../values/index.js';
import { ByteReader, INDEFINITE } from './byte-reader.js';
import { endOfFloats, readFloats } from './floats.js';
import { Shape } from './shape.js';
import { dateTime, recordId, valueOfTag } from './tagged.js';
import { TAG } from './tags.js';
import { decodeUtf8 } from './utf8.js';

/** Deeper than anything the server sends (it refuses about 500) and far from the end of JavaScript's stack. */
const MAX_DEPTH = 512;
/** Shorter lists are not worth looking ahead. */
const VECTOR = 8;
/** Larger maps are dictionaries rather than rows. */
const MAX_SHAPED = 128;

/** Reads one message of the CBOR that SurrealDB writes. */
export class Reader extends ByteReader {
  readonly #shapes: Shape;
  /** Names of tables, remembered like keys. */
  readonly #tables: Shape;
  /** Values of the maps that are being read, each map's from its base on. */
  readonly #values: unknown[] = [];
  #top = 0;
  /** Whether whole floats are told from ints. */
  #exact: boolean;
  #depth = 0;

  constructor(bytes: Uint8Array, exact = false) {
    super(bytes);
    this.#exact = exact;
    this.#shapes = Shape.root(this.bytes);
    this.#tables = Shape.root(this.bytes);
  }

  /** The one item that fills the bytes. @throws CborError */
  readAll(): unknown {
    try {
      const value = this.#item();
      if (this.at !== this.bytes.length) throw this.error(`${this.bytes.length - this.at} bytes follow the value`);
      return value;
    } catch (error) {
      // Only DataView throws it here: a number at the end of the bytes that is not complete.
      if (error instanceof RangeError) throw this.error('the bytes end inside a value', error);
      throw error;
    }
  }

  #item(): unknown {
    const head = this.byte();
    const info = head & 31;
    switch (head >> 5) {
      case 0:
        return this.unsigned(info);
      case 1:
        return this.negative(info);
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
        return this.#exact ? exactly(this.simple(info)) : this.simple(info);
    }
  }

  #byteString(info: number): Uint8Array {
    if (info === INDEFINITE) return this.chunks(2);
    const length = this.length(info);
    const start = this.at;
    this.at = start + length;
    return this.bytes.slice(start, start + length);
  }

  #text(info: number): string {
    if (info === INDEFINITE) return decodeUtf8(this.chunks(3));
    const length = this.length(info);
    const start = this.at;
    this.at = start + length;
    return this.texts.text(start, length);
  }

  #list(info: number): unknown[] {
    this.#enter();
    let list: unknown[] = [];
    if (info === INDEFINITE) {
      while (!this.atBreak()) list.push(this.#item());
    } else {
      const length = this.length(info);
      const end = length < VECTOR ? -1 : endOfFloats(this.bytes, this.at, length);
      if (end < 0) for (let index = 0; index < length; index++) list.push(this.#item());
      else list = this.#vector(length, end);
    }
    this.#depth -= 1;
    return list;
  }

  #vector(length: number, end: number): number[] {
    const vector = readFloats(this.view, this.at, length);
    this.at = end;
    return this.#exact ? (vector.map(exactly) as number[]) : vector;
  }

  #map(info: number): Record<string, unknown> {
    this.#enter();
    const size = info === INDEFINITE ? -1 : this.length(info);
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
      const head = this.at;
      const next = this.#nextShape(shape);
      if (next === undefined) {
        this.at = head;
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
    const head = this.byte();
    const info = head & 31;
    if (head >> 5 !== 3 || info > 24) return undefined;
    const length = this.length(info);
    const start = this.at;
    this.at = start + length;
    const known = shape.next(start, length);
    return known === undefined ? shape.add(start, length, this.texts.text(start, length)) : known;
  }

  #membersSoFar(shape: Shape, base: number): Record<string, unknown> {
    this.#top = base;
    return Object.fromEntries(shape.path().map((key, index) => [key, this.#values[base + index]]));
  }

  /** Reads `size` members into `map`, up to the end mark when it is negative. */
  #members(map: Record<string, unknown>, size: number): Record<string, unknown> {
    for (let left = size; left !== 0 && !(size < 0 && this.atBreak()); left--) {
      const head = this.byte();
      if (head >> 5 !== 3) throw this.error('a key of a map is no text');
      const key = this.#text(head & 31);
      const value = this.#item();
      if (key === '__proto__')
        Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
      else map[key] = value;
    }
    return map;
  }

  #tagged(info: number): unknown {
    const start = this.at - 1;
    const tag = info < 24 ? info : this.argument(info);
    const head = this.bytes[this.at];
    // The commonest values straight from the bytes, without a list in between.
    if (tag === TAG.RECORD_ID && head === 0x82) return this.#recordId(start);
    if (tag === TAG.DATETIME && head === 0x82) return this.#dateTime(start);
    if (tag === TAG.UUID && head === 0x50) return this.#uuid();
    this.#enter();
    const exact = this.#exact;
    // Coordinates are floats anyway.
    if (tag >= TAG.POINT) this.#exact = false;
    const content = this.#item();
    this.#exact = exact;
    this.#depth -= 1;
    return valueOfTag(tag, content, start);
  }

  #recordId(start: number): RecordId | RecordIdRange {
    this.at += 1;
    const from = this.at;
    const shape = this.#nextShape(this.#tables);
    if (shape === undefined) this.at = from;
    const table = shape === undefined ? this.#item() : shape.key;
    this.#enter();
    const key = this.#item();
    this.#depth -= 1;
    return recordId(table, key, start);
  }

  #dateTime(start: number): DateTime {
    this.at += 1;
    const seconds = this.#item();
    const nanoseconds = this.#item();
    return dateTime(seconds, nanoseconds, start);
  }

  #uuid(): Uuid {
    const start = this.at + 1;
    this.at = start + 16;
    if (this.at > this.bytes.length) throw this.error('the bytes end inside a value');
    return Uuid.fromBytes(this.bytes, start);
  }

  #enter(): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw this.error(`the value is nested deeper than ${MAX_DEPTH} levels`);
  }
}

/** A float as what `encode` makes a float of again. */
function exactly(value: unknown): unknown {
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? new Float(value as number) : value;
}
