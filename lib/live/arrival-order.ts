import { deadline } from '../driver/timers.js';

interface Held<V> {
  readonly stamp: number;
  readonly arrival: number;
  readonly value: V;
}

/**
 * Holds each value for a moment and gives them on in the order of their stamps. The server hands the events of separate
 * statements on in parallel, so that an update may overtake the create before it by some milliseconds.
 */
export class ArrivalOrder<V> {
  readonly #hold: number;
  readonly #limit: number;
  readonly #release: (value: V) => void;
  /** By stamp; of equal ones the first to come first. */
  #held: Held<V>[] = [];
  #cancel: (() => void) | undefined;

  /** @param hold milliseconds. @param limit how many may be held; one more sends all of them on. */
  constructor(hold: number, limit: number, release: (value: V) => void) {
    this.#hold = hold;
    this.#limit = limit;
    this.#release = release;
  }

  add(stamp: number, value: V): void {
    if (this.#hold <= 0) return this.#release(value);
    let place = this.#held.length;
    while (place > 0 && (this.#held[place - 1] as Held<V>).stamp > stamp) place -= 1;
    this.#held.splice(place, 0, { stamp, arrival: performance.now(), value });
    if (this.#held.length > this.#limit) this.flush();
    else this.#cancel ??= deadline(this.#hold, () => this.#ripen());
  }

  /** Gives on all that is held. */
  flush(): void {
    this.#releaseFirst(this.#held.length);
    this.#arm();
  }

  clear(): void {
    this.#held = [];
    this.#arm();
  }

  /** Gives on what has been held long enough, and whatever belongs before it. */
  #ripen(): void {
    // A timer may fire a fraction early.
    const ripe = performance.now() - this.#hold + 1;
    this.#releaseFirst(this.#held.findLastIndex(({ arrival }) => arrival <= ripe) + 1);
    this.#arm();
  }

  #releaseFirst(count: number): void {
    for (const { value } of this.#held.splice(0, count)) this.#release(value);
  }

  #arm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#held.length === 0) return;
    const earliest = this.#held.reduce((least, { arrival }) => Math.min(least, arrival), Number.POSITIVE_INFINITY);
    this.#cancel = deadline(Math.max(0, earliest + this.#hold - performance.now()), () => this.#ripen());
  }
}
