import { CborError } from './cbor-error.js';
import { readHalf } from './floats.js';
import { TextReader } from './utf8.js';

export const INDEFINITE = 31;
const BREAK = 0xff;

/** The bytes of one message and the place reading has come to: heads, numbers and texts of CBOR. */
export abstract class ByteReader {
  protected readonly bytes: Uint8Array;
  protected readonly view: DataView;
  protected readonly texts: TextReader;
  protected at = 0;

  constructor(bytes: Uint8Array) {
    // A plain Uint8Array also of a Node Buffer, whose methods share memory.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.texts = new TextReader(this.bytes);
  }

  protected byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw this.error('the bytes end inside a value');
    this.at += 1;
    return byte;
  }

  protected unsigned(info: number): number | bigint {
    if (info < 24) return info;
    if (info !== 27) return this.argument(info);
    const value = this.view.getBigUint64(this.at);
    this.at += 8;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  protected negative(info: number): number | bigint {
    const value = this.unsigned(info);
    if (typeof value === 'bigint') return -1n - value;
    return value === Number.MAX_SAFE_INTEGER ? -1n - BigInt(value) : -1 - value;
  }

  /** A length or a tag: an unsigned integer that a number holds. */
  protected argument(info: number): number {
    const at = this.at;
    switch (info) {
      case 24:
        this.at = at + 1;
        return this.view.getUint8(at);
      case 25:
        this.at = at + 2;
        return this.view.getUint16(at);
      case 26:
        this.at = at + 4;
        return this.view.getUint32(at);
      case 27:
        this.at = at + 8;
        return Number(this.view.getBigUint64(at));
      default:
        if (info < 24) return info;
        throw this.error(`the length code ${info} does not exist`);
    }
  }

  /** A number of bytes or items, which take a byte each at the least: refused before anything is allocated for it. */
  protected length(info: number): number {
    const length = info < 24 ? info : this.argument(info);
    if (length > this.bytes.length - this.at) throw this.error('the bytes end inside a value');
    return length;
  }

  protected chunks(major: number): Uint8Array {
    const parts: Uint8Array[] = [];
    let total = 0;
    for (let head = this.byte(); head !== BREAK; head = this.byte()) {
      if (head >> 5 !== major || (head & 31) === INDEFINITE)
        throw this.error('a chunk of another kind inside a text or byte string');
      const length = this.length(head & 31);
      parts.push(this.bytes.subarray(this.at, this.at + length));
      this.at += length;
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

  protected simple(info: number): unknown {
    const at = this.at;
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
        this.at = at + 2;
        return readHalf(this.view.getUint16(at));
      case 26:
        this.at = at + 4;
        return this.view.getFloat32(at);
      case 27:
        this.at = at + 8;
        return this.view.getFloat64(at);
      default:
        throw this.error(
          info === INDEFINITE ? 'an end mark stands where a value should' : `the simple value ${info} does not exist`,
        );
    }
  }

  protected atBreak(): boolean {
    if (this.bytes[this.at] !== BREAK) return false;
    this.at += 1;
    return true;
  }

  protected error(why: string, cause?: unknown): CborError {
    return new CborError(why, this.at, cause);
  }
}
