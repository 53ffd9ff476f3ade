import { type ConnectionError, TimeoutError } from '../errors/index.js';
import type { Flight } from './flight.js';
import { after } from './timers.js';

export interface PoolOptions {
  /**
   * How many connections there are at most. Each carries one request at a time; the others wait. Left out: one WebSocket that carries
   * any number side by side; over http as many as there are requests.
   */
  readonly size?: number;
  /** WebSockets that are opened at once and never closed for idleness; default 1. */
  readonly min?: number;
  /** Requests that one WebSocket carries at a time on average, so that `size * requests` are under way at most; default 1. */
  readonly requests?: number;
  /** Milliseconds after which a WebSocket that nothing needs is closed, down to `min`; default 60,000, `0` for never. */
  readonly idle?: number;
  /**
   * Milliseconds after which a WebSocket is given up for a fresh one, as soon as nothing is on it; default `0`, for never. Up to a tenth
   * less, so that those that were opened together do not go together.
   */
  readonly lifetime?: number;
  /** Milliseconds a request waits for its place until it becomes a TimeoutError; default 10,000, `0` for as long as it takes. */
  readonly acquire?: number;
}

/** What `connection.stats()` tells. */
export interface PoolStats {
  /** Connections that there are: over ws the sockets that are open, over http the places, or the requests where there is no limit. */
  readonly total: number;
  /** Those with a request under way. */
  readonly active: number;
  readonly idle: number;
  /** Requests that wait for a place. */
  readonly waiting: number;
  /** Requests that have waited in vain. */
  readonly timeouts: number;
}

export interface Places {
  /** How many there are. */
  readonly size?: number | undefined;
  /** Milliseconds that one is waited for; 0 for as long as it takes. */
  readonly acquire?: number | undefined;
  /** What an error tells; default: the places themselves. */
  readonly stats?: () => PoolStats;
}

interface Waiting {
  start(): void;
  fail(error: Error): void;
}

/** Places for requests: first come, first served, and nobody waits longer than the deadline. */
export class RequestPool {
  readonly #size: number;
  readonly #acquire: number;
  readonly #told: () => PoolStats;
  readonly #waiting = new Set<Waiting>();
  #active = 0;
  #timeouts = 0;

  constructor({ size = Infinity, acquire = 10_000, stats = () => this.stats }: Places = {}) {
    this.#size = size;
    this.#acquire = acquire;
    this.#told = stats;
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
  async run<T>(flight: Flight, work: () => Promise<T>): Promise<T> {
    if (this.#active >= this.#size || this.#waiting.size > 0) await this.#place(flight);
    else this.#active += 1;
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Whoever waits will not be served any more. */
  close(error: ConnectionError): void {
    for (const waiting of this.#waiting) waiting.fail(error);
  }

  #place(flight: Flight): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        cancel();
        this.#waiting.delete(waiting);
      };
      const waiting: Waiting = {
        start: () => {
          leave();
          resolve();
        },
        fail: (error) => {
          leave();
          reject(error);
        },
      };
      const cancel = after(this.#acquire, () => {
        this.#timeouts += 1;
        waiting.fail(this.#late());
      });
      // Who has given up is told so elsewhere; here the place in the line is free.
      flight.onAbandon(() => waiting.fail(this.#late()));
      this.#waiting.add(waiting);
    });
  }

  /** Whoever waits longest takes the place over. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#active -= 1;
    else next.start();
  }

  #late(): TimeoutError {
    const stats = this.#told();
    return new TimeoutError({
      what: `No place was free for a request within ${this.#acquire} ms`,
      why: `${this.#size} requests are under way at a time at most (pool.size); ${said(stats)}`,
      fix: ['raise pool.size', 'make the requests shorter', 'give it more time: pool.acquire'],
      outcome: 'not-sent',
      stats: { ...stats },
    });
  }
}

function said({ total, active, idle, waiting, timeouts }: PoolStats): string {
  return `total ${total}, active ${active}, idle ${idle}, waiting ${waiting}, timeouts ${timeouts}`;
}
