import { FIRST_PAUSE, pauseAfter } from './backoff.js';
import { isUnreachable } from './is-unreachable.js';
import { Nap } from './nap.js';

/**
 * - `idle`: not connected, and nobody wants to be
 * - `connecting`: an attempt is under way
 * - `waiting`: the pause between two attempts
 * - `connected`, `closed`
 */
export type LinkState = 'idle' | 'connecting' | 'waiting' | 'connected' | 'closed';

export interface LinkKeeperOptions<L> {
  /** One attempt; the link is ready for use. */
  readonly connect: () => Promise<L>;
  /** How many failed attempts a call sits through. */
  readonly patience: number;
  /** How many failed attempts in a row the connection's own wish survives; 0 for none of its own. */
  readonly attempts: number;
  /** Milliseconds of the longest pause between two attempts. */
  readonly longestPause: number;
  /** True while the connection is wanted though no call waits for it. */
  readonly isWanted: () => boolean;
  readonly closedError: () => Error;
  readonly events: LinkEvents<L>;
}

export interface LinkEvents<L> {
  connected(link: L): void;
  /** An attempt begins to get a lost connection back. */
  reconnecting(attempt: number, waited: number): void;
  failed(attempt: number, error: unknown, pause: number): void;
  /** No further attempt is made until somebody calls. */
  gaveUp(error: unknown): void;
}

interface Waiter<L> {
  /** Attempts that failed while it waited. */
  failures: number;
  readonly resolve: (link: L) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Keeps one link: hands it to calls, makes it when it is missing, and makes a lost one again by itself while it is wanted. There
 * is one attempt at a time, whoever waits for it. Only a server that cannot be reached is tried again: one that refuses us would
 * refuse us again.
 */
export class LinkKeeper<L> {
  readonly #options: LinkKeeperOptions<L>;
  #state: LinkState = 'idle';
  #link: L | undefined;
  #waiters: Waiter<L>[] = [];
  #nap: Nap | undefined;
  #running: Promise<void> | undefined;
  #wasConnected = false;

  constructor(options: LinkKeeperOptions<L>) {
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }

  get link(): L | undefined {
    return this.#link;
  }

  /** The link, or the next one; fails when as many attempts have failed as a call sits through. */
  get(): Promise<L> {
    if (this.#isClosed()) return Promise.reject(this.#options.closedError());
    if (this.#link !== undefined) return Promise.resolve(this.#link);
    return new Promise((resolve, reject) => {
      this.#waiters.push({ failures: 0, resolve, reject });
      // A call does not sit out the long pauses of a server that has been away for a while.
      this.#nap?.hurry(pauseAfter(1, { longest: FIRST_PAUSE }));
      this.#start(0);
    });
  }

  /** The link is gone; it is made again at once if it is wanted. False when it was no longer, or never, the current one. */
  lost(link: L): boolean {
    if (this.#link !== link) return false;
    this.#link = undefined;
    this.#state = 'idle';
    return true;
  }

  /** Starts over after a loss. Clients that lost one server together do not come back in the same millisecond. */
  recover(): void {
    if (this.#isWanted(0)) this.#start(Math.round(Math.random() * FIRST_PAUSE));
  }

  /** No link is made any more, and who waits for one is told; answers with the last one, for its owner to close. */
  async close(): Promise<L | undefined> {
    this.#state = 'closed';
    this.#nap?.end();
    this.#rejectAll(this.#options.closedError());
    await this.#running;
    return this.#link;
  }

  #isWanted(failures: number): boolean {
    return failures < this.#options.attempts && this.#options.isWanted();
  }

  #start(delay: number): void {
    if (this.#running === undefined && !this.#isClosed()) this.#running = this.#run(delay);
  }

  async #run(delay: number): Promise<void> {
    let waited = delay;
    if (delay > 0) await this.#pause(delay);
    for (let attempt = 1; !this.#isClosed(); attempt += 1) {
      this.#state = 'connecting';
      if (this.#wasConnected) this.#options.events.reconnecting(attempt, waited);
      try {
        return this.#connected(await this.#options.connect());
      } catch (error) {
        if (this.#isClosed()) return;
        const goesOn = isUnreachable(error);
        this.#disappoint(error, goesOn);
        if (!goesOn || (this.#waiters.length === 0 && !this.#isWanted(attempt))) {
          this.#state = 'idle';
          this.#running = undefined;
          return this.#options.events.gaveUp(error);
        }
        // The pauses of a call grow from its own first one.
        const failures = Math.min(attempt, ...this.#waiters.map((waiter) => waiter.failures));
        waited = pauseAfter(failures, { longest: this.#options.longestPause });
        this.#options.events.failed(attempt, error, waited);
        await this.#pause(waited);
      }
    }
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #connected(link: L): void {
    this.#link = link;
    if (this.#isClosed()) return;
    this.#state = 'connected';
    // It may be lost again before anybody else has a turn.
    this.#running = undefined;
    this.#wasConnected = true;
    this.#options.events.connected(link);
    for (const { resolve } of this.#waiters.splice(0)) resolve(link);
  }

  /** Whoever has sat through enough failures is told; of one that will not go away, everybody. */
  #disappoint(error: unknown, goesOn: boolean): void {
    if (!goesOn) return this.#rejectAll(error);
    for (const waiter of this.#waiters) waiter.failures += 1;
    const tired = this.#waiters.filter(({ failures }) => failures >= this.#options.patience);
    this.#waiters = this.#waiters.filter(({ failures }) => failures < this.#options.patience);
    for (const { reject } of tired) reject(error);
  }

  #rejectAll(error: unknown): void {
    for (const { reject } of this.#waiters.splice(0)) reject(error);
  }

  async #pause(milliseconds: number): Promise<void> {
    this.#state = 'waiting';
    this.#nap = new Nap(milliseconds);
    await this.#nap.over;
    this.#nap = undefined;
  }
}
