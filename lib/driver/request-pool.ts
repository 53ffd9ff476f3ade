import { TimeoutError } from '../errors/index.js';
import { after } from './timers.js';

export interface PoolOptions {
  /** How many requests are under way at a time; the others wait. Default: as many as are made. */
  readonly size?: number;
  /** Milliseconds a request waits for its place until it becomes a TimeoutError; default 10,000, `0` for as long as it takes. */
  readonly acquire?: number;
}

/** What `connection.stats()` tells. */
export interface PoolStats {
  /** Places there are; where there is no limit, those in use. */
  readonly total: number;
  readonly active: number;
  readonly idle: number;
  /** Requests that wait for a place. */
  readonly waiting: number;
  /** Requests that have waited in vain. */
  readonly timeouts: number;
}

interface Waiting {
  readonly start: () => void;
}

/** Places for requests: first come, first served, and nobody waits longer than the deadline. */
export class RequestPool {
  readonly #size: number;
  readonly #acquire: number;
  readonly #waiting = new Set<Waiting>();
  #active = 0;
  #timeouts = 0;

  constructor({ size = Infinity, acquire = 10_000 }: PoolOptions = {}) {
    this.#size = size;
    this.#acquire = acquire;
  }

  get stats(): PoolStats {
    const total = this.#size === Infinity ? this.#active : this.#size;
    return {
      total,
      active: this.#active,
      idle: total - this.#active,
      waiting: this.#waiting.size,
      timeouts: this.#timeouts,
    };
  }

  /** Runs the work when there is a place for it. @throws TimeoutError when there is none in time: nothing was sent */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#active >= this.#size || this.#waiting.size > 0) await this.#place();
    else this.#active += 1;
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #place(): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        start: () => {
          cancel();
          resolve();
        },
      };
      const cancel = after(this.#acquire, () => {
        this.#waiting.delete(waiting);
        this.#timeouts += 1;
        reject(this.#late());
      });
      this.#waiting.add(waiting);
    });
  }

  /** Whoever waits longest takes the place over. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#active -= 1;
      return;
    }
    this.#waiting.delete(next);
    next.start();
  }

  #late(): TimeoutError {
    return new TimeoutError({
      what: `No place was free for a request within ${this.#acquire} ms`,
      why: `${this.#size} requests are under way at a time (pool.size), and ${this.#waiting.size} more wait`,
      fix: ['raise pool.size', 'make the requests shorter', 'give it more time: pool.acquire'],
      outcome: 'not-sent',
    });
  }
}
