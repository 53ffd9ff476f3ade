import { RandomPool } from './random.js';

/** 80 bits: a millisecond's first random part, and the counter that follows it within the same millisecond. */
interface Tail {
  readonly high: number;
  readonly middle: number;
  readonly low: number;
}

/**
 * Makes ids that sort by the time of their making, strictly also within one millisecond and when the clock steps back:
 * the random part of the last id is then counted up.
 */
export class TimeOrdered {
  readonly random: RandomPool;
  #millis = -1;
  #tail: Tail = { high: 0, middle: 0, low: 0 };

  constructor(random: RandomPool = new RandomPool()) {
    this.random = random;
  }

  /** The next time (48 bits of milliseconds) and tail (16 + 32 + 32 bits). */
  next(now: number = Date.now()): { readonly millis: number } & Tail {
    if (now > this.#millis) {
      this.#millis = now;
      this.#tail = this.#fresh();
    } else {
      this.#tail = this.#counted(this.#tail);
    }
    return { millis: this.#millis, ...this.#tail };
  }

  #fresh(): Tail {
    // The top bit stays clear: room to count up within the millisecond.
    return { high: (this.random.word() >>> 16) & 0x7fff, middle: this.random.word(), low: this.random.word() };
  }

  #counted(tail: Tail): Tail {
    // A random step keeps the next id unguessable; uuids drop its lowest six bits, so it is never below 64.
    const low = tail.low + 64 + (this.random.word() >>> 8);
    if (low <= 0xffffffff) return { ...tail, low };
    const middle = tail.middle + 1;
    if (middle <= 0xffffffff) return { ...tail, middle, low: low % 0x100000000 };
    if (tail.high < 0xffff) return { high: tail.high + 1, middle: 0, low: low % 0x100000000 };
    this.#millis += 1;
    return this.#fresh();
  }
}
