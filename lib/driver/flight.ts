import { ConnectionError, TimeoutError } from '../errors/index.js';
import { after } from './timers.js';

export interface FlightLimits {
  /** Milliseconds; 0 for none. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  /** What to call it in an error: `the query`, `signin`. */
  readonly name: string;
}

/**
 * One call on its way. Whoever carries it says when it is sent and asks before whether anybody still waits for it; a call
 * that has been sent is never sent again.
 */
export class Flight {
  readonly limits: FlightLimits;
  #sent = false;
  #ended: { readonly error: unknown } | undefined;
  #abandon: (() => void) | undefined;

  constructor(limits: FlightLimits) {
    this.limits = limits;
  }

  get sent(): boolean {
    return this.#sent;
  }

  /** The last moment to stay on the ground: throws when the deadline has passed or the caller has given up. */
  send(): void {
    if (this.#ended !== undefined) throw this.#ended.error;
    this.#sent = true;
  }

  /** Called when nobody waits any longer: the deadline has passed or the caller has aborted. */
  onAbandon(work: () => void): void {
    this.#abandon = work;
  }

  end(error: unknown): void {
    this.#ended = { error };
    this.#abandon?.();
  }

  /** The connection was lost under it. */
  lost(what: string, cause?: unknown): ConnectionError {
    const { name } = this.limits;
    return new ConnectionError({
      what,
      why: this.#sent
        ? `${name} had been sent: whether it ran is unknown, and it is not sent again`
        : `${name} had not been sent`,
      fix: this.#sent ? 'look at the data before you repeat it' : 'try it again',
      outcome: this.#sent ? 'unknown' : 'not-sent',
      cause,
    });
  }

  timedOut(): TimeoutError {
    const { name, timeout } = this.limits;
    return new TimeoutError({
      what: `${name} was not answered within ${timeout} ms`,
      why: this.#sent
        ? 'it had been sent, so it may or may not have run'
        : 'it was still waiting to be sent, and will not be',
      fix: ['give it more time: the option `timeout`', 'make it smaller, or add an index that serves it'],
      outcome: this.#sent ? 'unknown' : 'not-sent',
    });
  }
}

/** Carries out `work` within its limits. The work itself goes on unseen when it cannot be stopped; its result is dropped. */
export function fly<T>(limits: FlightLimits, work: (flight: Flight) => Promise<T>): Promise<T> {
  const { timeout, signal } = limits;
  const flight = new Flight(limits);
  if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
  return new Promise((resolve, reject) => {
    const abandon = (error: unknown) => {
      settle();
      flight.end(error);
      reject(error as Error);
    };
    const onAbort = () => abandon(signal?.reason);
    const cancel = after(timeout, () => abandon(flight.timedOut()));
    const settle = () => {
      cancel();
      signal?.removeEventListener('abort', onAbort);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    work(flight).then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error as Error);
      },
    );
  });
}
