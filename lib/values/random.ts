const POOL_SIZE = 4096;
const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';
/** The largest multiple of 36 in a byte: greater bytes are thrown away, so every letter is equally likely. */
const UNBIASED = 252;

/** Random bytes from the platform's generator, fetched 4 KiB at a time because each fetch is a system call. */
export class RandomPool {
  readonly #bytes = new Uint8Array(POOL_SIZE);
  #next = POOL_SIZE;

  byte(): number {
    if (this.#next >= POOL_SIZE) this.#refill();
    const at = this.#next++;
    const value = this.#bytes[at] as number;
    // A byte that was handed out must not stay readable in memory.
    this.#bytes[at] = 0;
    return value;
  }

  /** 32 random bits, as an unsigned integer. */
  word(): number {
    return ((this.byte() << 24) | (this.byte() << 16) | (this.byte() << 8) | this.byte()) >>> 0;
  }

  /** `length` letters of `[0-9a-z]`, each equally likely. */
  letters(length: number): string {
    let text = '';
    while (text.length < length) {
      const byte = this.byte();
      if (byte < UNBIASED) text += LETTERS[byte % 36];
    }
    return text;
  }

  #refill(): void {
    globalThis.crypto.getRandomValues(this.#bytes);
    this.#next = 0;
  }
}
