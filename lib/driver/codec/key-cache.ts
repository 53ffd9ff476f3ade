const SLOTS = 256;
const MAX_LENGTH = 64;

interface Entry {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/**
 * The keys of maps, looked up by their bytes: every row repeats them, and building the same string ten thousand times
 * costs more than comparing a few bytes. One entry a slot; a newcomer takes the slot over.
 */
export class KeyCache {
  readonly #slots: (Entry | undefined)[] = new Array<Entry | undefined>(SLOTS).fill(undefined);

  /** The string of `bytes[start…start + length)`, or undefined when it is not known. */
  find(bytes: Uint8Array, start: number, length: number): string | undefined {
    if (length > MAX_LENGTH) return undefined;
    const entry = this.#slots[slotOf(bytes, start, length)];
    if (entry === undefined || entry.bytes.length !== length) return undefined;
    const known = entry.bytes;
    for (let index = 0; index < length; index++) {
      if (known[index] !== bytes[start + index]) return undefined;
    }
    return entry.text;
  }

  add(bytes: Uint8Array, start: number, length: number, text: string): void {
    if (length > MAX_LENGTH) return;
    this.#slots[slotOf(bytes, start, length)] = { bytes: bytes.slice(start, start + length), text };
  }
}

function slotOf(bytes: Uint8Array, start: number, length: number): number {
  if (length === 0) return 0;
  const first = bytes[start] as number;
  const middle = bytes[start + (length >> 1)] as number;
  const last = bytes[start + length - 1] as number;
  return (length * 7 + first * 31 + middle * 17 + last * 5) & (SLOTS - 1);
}
