/** The first bytes of a CBOR item: its major type and its count, length, tag or simple value. */
export interface CborHead {
  readonly major: number;
  /** undefined where the item's length is left open (indefinite). */
  readonly value: number | undefined;
  /** Where what follows the head begins. */
  readonly next: number;
}

export const CBOR = Object.freeze({ uint: 0, nint: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 });
const BREAK = 0xff;

/** Reads one head; throws a RangeError for bytes that cannot be CBOR. */
export function readHead(bytes: Uint8Array, at: number): CborHead {
  const initial = byteAt(bytes, at);
  const major = initial >> 5;
  const info = initial & 31;
  if (info < 24) return { major, value: info, next: at + 1 };
  if (info === 31 && major >= CBOR.bytes && major <= CBOR.map) return { major, value: undefined, next: at + 1 };
  if (info > 27) throw malformed(at);
  const width = 1 << (info - 24);
  let value = 0;
  for (let index = 1; index <= width; index += 1) value = value * 256 + byteAt(bytes, at + index);
  return { major, value, next: at + 1 + width };
}

/** Where the item that begins at `at` ends. Keeps its own stack, so no depth of nesting can exhaust the real one. */
export function skipItem(bytes: Uint8Array, at: number): number {
  const open: (number | undefined)[] = [1];
  let next = at;
  while (open.length > 0) {
    const left = open[open.length - 1];
    if (left === 0) {
      open.pop();
    } else if (left === undefined && byteAt(bytes, next) === BREAK) {
      open.pop();
      next += 1;
    } else {
      if (left !== undefined) open[open.length - 1] = left - 1;
      next = enter(bytes, next, open);
    }
  }
  return next;
}

/** Passes an item's head and own bytes, and notes how many items it holds. */
function enter(bytes: Uint8Array, at: number, open: (number | undefined)[]): number {
  const { major, value, next } = readHead(bytes, at);
  if (value === undefined) {
    open.push(undefined);
    return next;
  }
  if (major === CBOR.bytes || major === CBOR.text) {
    if (next + value > bytes.byteLength) throw malformed(at);
    return next + value;
  }
  if (major === CBOR.array) open.push(value);
  if (major === CBOR.map) open.push(value * 2);
  if (major === CBOR.tag) open.push(1);
  return next;
}

/**
 * Walks the entries of a map without decoding them: `visit` gets each text key and where its value begins and ends.
 * Answers where the map ends; throws a RangeError when the item is no map or a key no text.
 */
export function walkMap(
  bytes: Uint8Array,
  at: number,
  visit: (key: string, start: number, end: number) => void,
): number {
  const { major, value, next } = readHead(bytes, at);
  if (major !== CBOR.map) throw malformed(at);
  let position = next;
  for (let index = 0; value === undefined || index < value; index += 1) {
    if (value === undefined && byteAt(bytes, position) === BREAK) return position + 1;
    const start = skipItem(bytes, position);
    const key = readText(bytes, position);
    if (key === undefined) throw malformed(position);
    position = skipItem(bytes, start);
    visit(key, start, position);
  }
  return position;
}

/** The text that begins at `at`, or undefined when the item is no text; text sent in pieces is put together. */
export function readText(bytes: Uint8Array, at: number): string | undefined {
  const { major, value, next } = readHead(bytes, at);
  if (major !== CBOR.text) return undefined;
  if (value !== undefined) return slice(bytes, next, next + value).toString('utf8');
  const pieces: Buffer[] = [];
  for (let position = next; byteAt(bytes, position) !== BREAK;) {
    const piece = readHead(bytes, position);
    if (piece.major !== CBOR.text || piece.value === undefined) throw malformed(position);
    const end = piece.next + piece.value;
    pieces.push(slice(bytes, piece.next, end));
    position = end;
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Where each element of the array that begins at `at` begins; undefined when the item is no array. */
export function elementsOf(bytes: Uint8Array, at: number): readonly number[] | undefined {
  const { major, value, next } = readHead(bytes, at);
  if (major !== CBOR.array) return undefined;
  const starts: number[] = [];
  let position = next;
  for (let index = 0; value === undefined || index < value; index += 1) {
    if (value === undefined && byteAt(bytes, position) === BREAK) break;
    starts.push(position);
    position = skipItem(bytes, position);
  }
  return starts;
}

function slice(bytes: Uint8Array, start: number, end: number): Buffer {
  const part = bytes.subarray(start, end);
  return Buffer.from(part.buffer, part.byteOffset, part.byteLength);
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw malformed(at);
  return byte;
}

function malformed(at: number): RangeError {
  return new RangeError(`Malformed CBOR at byte ${at}`);
}
