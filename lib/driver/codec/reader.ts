import { CborError } from './cbor-error.js';
import { readHalf } from './half.js';
import { KeyCache } from './key-cache.js';
import { decodeUtf8 } from './utf8.js';
import { valueOfTag } from './tagged.js';

/** Deeper than anything the server sends (it refuses about 500) and far from the end of JavaScript's stack. */
const MAX_DEPTH = 1000;
const BREAK = 0xff;
const INDEFINITE = 31;
const SHORT_TEXT = 24;

/** Reads the CBOR that SurrealDB writes, one message at a time. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #keys: KeyCache;
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array, keys: KeyCache = new KeyCache()) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#keys = keys;
  }

  /** The one item that fills the bytes. @throws CborError */
  readAll(): unknown {
    try {
      const value = this.#item();
      if (this.#at !== this.#bytes.length) throw this.#error(`${this.#bytes.length - this.#at} bytes follow the value`);
      return value;
    } catch (error) {
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
      case 27: {
        this.#at = at + 8;
        return Number(this.#view.getBigUint64(at));
      }
      default:
        if (info < 24) return info;
        throw this.#error(`the length code ${info} does not exist`);
    }
  }

  /** A length of bytes or items, which take a byte each at the least: refused before anything is allocated for it. */
  #length(info: number): number {
    const length = this.#argument(info);
    if (length > this.#bytes.length - this.#at) throw this.#error('the bytes end inside a value');
    return length;
  }

  #byteString(info: number): Uint8Array {
    if (info === INDEFINITE) return this.#chunks(2);
    const length = this.#length(info);
    const start = this.#at;
    this.#at = start + length;
    // Never Buffer's slice, which shares memory with the frame.
    return Uint8Array.prototype.slice.call(this.#bytes, start, start + length) as Uint8Array;
  }

  #text(info: number): string {
    if (info === INDEFINITE) return decodeUtf8(this.#chunks(3));
    const length = info < 24 ? info : this.#length(info);
    const start = this.#at;
    const end = start + length;
    if (end > this.#bytes.length) throw this.#error('the bytes end inside a value');
    this.#at = end;
    if (length > SHORT_TEXT) return decodeUtf8(this.#bytes.subarray(start, end));
    return this.#shortText(start, end);
  }

  /** Short text is faster letter by letter than through a TextDecoder, as long as it is ASCII. */
  #shortText(start: number, end: number): string {
    let text = '';
    for (let at = start; at < end; at++) {
      const code = this.#bytes[at] as number;
      if (code > 127) return decodeUtf8(this.#bytes.subarray(start, end));
      text += String.fromCharCode(code);
    }
    return text;
  }

  #chunks(major: number): Uint8Array {
    const parts: Uint8Array[] = [];
    let total = 0;
    for (let head = this.#byte(); head !== BREAK; head = this.#byte()) {
      if (head >> 5 !== major || (head & 31) === INDEFINITE) throw this.#error('a chunk of another kind inside a text or byte string');
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
      for (let index = 0; index < length; index++) list.push(this.#item());
    }
    this.#depth -= 1;
    return list;
  }

  #map(info: number): Record<string, unknown> {
    this.#enter();
    const map: Record<string, unknown> = {};
    if (info === INDEFINITE) {
      while (!this.#atBreak()) this.#member(map);
    } else {
      const size = this.#length(info);
      for (let index = 0; index < size; index++) this.#member(map);
    }
    this.#depth -= 1;
    return map;
  }

  #member(map: Record<string, unknown>): void {
    const key = this.#key();
    const value = this.#item();
    if (key === '__proto__') Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
    else map[key] = value;
  }

  #key(): string {
    const head = this.#byte();
    if (head >> 5 !== 3) throw this.#error('a key of a map is no text');
    const info = head & 31;
    if (info === INDEFINITE) return decodeUtf8(this.#chunks(3));
    const length = this.#length(info);
    const start = this.#at;
    this.#at = start + length;
    const known = this.#keys.find(this.#bytes, start, length);
    if (known !== undefined) return known;
    const text = this.#shortText(start, start + length);
    this.#keys.add(this.#bytes, start, length, text);
    return text;
  }

  #tagged(info: number): unknown {
    const start = this.#at - 1;
    this.#enter();
    const tag = this.#argument(info);
    const content = this.#item();
    this.#depth -= 1;
    return valueOfTag(tag, content, start);
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
        throw this.#error(info === INDEFINITE ? 'an end mark stands where a value should' : `the simple value ${info} does not exist`);
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
