import { encodeUtf8Into } from './utf8.js';

const FIRST_SIZE = 1024;
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
/** Longer text goes through the platform's encoder. */
const SHORT_TEXT = 40;

/** A growing buffer that CBOR heads, numbers and texts are written into. */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_SIZE);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  /** The bytes written so far, in a buffer of their own size. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = value;
  }

  /** A major type with its argument, in the shortest form. */
  head(major: number, argument: number): void {
    this.#room(9);
    const type = major << 5;
    if (argument < 24) {
      this.#bytes[this.#at++] = type | argument;
    } else if (argument < 0x100) {
      this.#bytes[this.#at++] = type | 24;
      this.#bytes[this.#at++] = argument;
    } else if (argument < 0x10000) {
      this.#bytes[this.#at++] = type | 25;
      this.#bytes[this.#at++] = argument >> 8;
      this.#bytes[this.#at++] = argument;
    } else if (argument < 0x100000000) {
      this.#bytes[this.#at++] = type | 26;
      this.#view.setUint32(this.#at, argument);
      this.#at += 4;
    } else {
      this.#bytes[this.#at++] = type | 27;
      this.#view.setUint32(this.#at, Math.floor(argument / 0x100000000));
      this.#view.setUint32(this.#at + 4, argument >>> 0);
      this.#at += 8;
    }
  }

  /** A major type with an argument of up to 64 bits, in the shortest form. */
  longHead(major: number, argument: bigint): void {
    if (argument <= MAX_SAFE) return this.head(major, Number(argument));
    this.#room(9);
    this.#bytes[this.#at++] = (major << 5) | 27;
    this.#view.setBigUint64(this.#at, argument);
    this.#at += 8;
  }

  float(value: number): void {
    this.#room(9);
    this.#bytes[this.#at++] = 0xfb;
    this.#view.setFloat64(this.#at, value);
    this.#at += 8;
  }

  /** A 32-bit float: exact for the members of a Float32Array, at half the size. */
  single(value: number): void {
    this.#room(5);
    this.#bytes[this.#at++] = 0xfa;
    this.#view.setFloat32(this.#at, value);
    this.#at += 4;
  }

  text(text: string): void {
    const length = text.length;
    if (length > SHORT_TEXT || !this.#shortText(text, length)) this.#longText(text, length);
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Writes ASCII letter by letter; false, with nothing written, at the first other letter. */
  #shortText(text: string, length: number): boolean {
    this.#room(length + 2);
    const bytes = this.#bytes;
    let at = this.#at;
    if (length < 24) {
      bytes[at++] = 0x60 | length;
    } else {
      bytes[at++] = 0x78;
      bytes[at++] = length;
    }
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 127) return false;
      bytes[at++] = code;
    }
    this.#at = at;
    return true;
  }

  /** The head's width is guessed from the letters' count and the text moved where more bytes need a wider one. */
  #longText(text: string, length: number): void {
    this.#room(length * 3 + 9);
    const guess = widthOf(length);
    const start = this.#at;
    const written = encodeUtf8Into(text, this.#bytes.subarray(start + guess));
    const width = widthOf(written);
    if (width !== guess) this.#bytes.copyWithin(start + width, start + guess, start + guess + written);
    this.head(3, written);
    this.#at += written;
  }

  #room(count: number): void {
    if (this.#at + count > this.#bytes.length) this.#grow(count);
  }

  #grow(count: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + count));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

function widthOf(length: number): number {
  return length < 24 ? 1 : length < 0x100 ? 2 : length < 0x10000 ? 3 : length < 0x100000000 ? 5 : 9;
}
