import { AuthenticationError } from '../errors/index.js';
import { errorOf } from './error-classifier.js';
import { kindsOf } from './fault-kind.js';
import { pauseAfter } from './reconnect/backoff.js';
import { isUnreachable } from './reconnect/is-unreachable.js';
import { RpcFault } from './rpc-fault.js';
import type { SessionState } from './session-state.js';
import { after } from './timers.js';
import type { Send } from './transport/transport.js';

/** Runs work on the session while nobody else is on it. */
type Alone = <R>(work: (send: Send) => Promise<R>) => Promise<R>;

/** Whom a renewal matters to while nobody calls. */
export interface RenewalWatch {
  /** Whether something, such as a live query, goes on as whoever is signed in. */
  readonly concerns: () => boolean;
  /** The sign-in has run out, and could not be renewed. */
  readonly ended: (error: AuthenticationError) => void;
}

/** Milliseconds of the longest pause between two attempts that nobody waits for. */
const LONGEST_PAUSE = 30_000;

/**
 * Signs a session in again before what was granted to it runs out, and after: a call that the server has refused because the
 * session had expired did not run, so it is sent again. Where nobody can sign in again the refusal stays: a session never
 * becomes anonymous by itself.
 */
export class SessionRenewal {
  readonly #state: SessionState;
  readonly #alone: Alone;
  readonly #watch: RenewalWatch | undefined;
  #renewing: Promise<void> | undefined;
  #armedFor: number | undefined;
  #disarm: (() => void) | undefined;
  #stopped = false;

  constructor(state: SessionState, alone: Alone, watch?: RenewalWatch) {
    this.#state = state;
    this.#alone = alone;
    this.#watch = watch;
  }

  async around<T>(call: () => Promise<T>): Promise<T> {
    if (this.#isDue()) await this.#renewInTime();
    try {
      return await call();
    } catch (error) {
      if (!isExpired(error) || !this.#state.isRenewable) throw error;
      await this.#renew();
      return await call();
    } finally {
      this.#arm();
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#disarm?.();
  }

  #isDue(): boolean {
    const { renewAt } = this.#state;
    return renewAt !== undefined && Date.now() >= renewAt;
  }

  /** What cannot be renewed yet is good until it has run out. */
  async #renewInTime(): Promise<void> {
    try {
      await this.#renew();
    } catch (error) {
      const { expiry } = this.#state;
      if (expiry === undefined || Date.now() >= expiry) throw error;
    }
  }

  #renew(): Promise<void> {
    if (this.#renewing === undefined) {
      this.#renewing = this.#alone((send) => this.#state.renew(send)).finally(() => (this.#renewing = undefined));
    }
    return this.#renewing;
  }

  /** Nobody may call for long, while a live query still has to be somebody's. */
  #arm(): void {
    const { renewAt } = this.#state;
    if (this.#stopped || renewAt === this.#armedFor) return;
    this.#disarm?.();
    this.#armedFor = renewAt;
    if (renewAt === undefined) return;
    this.#renewLater(renewAt - Date.now(), 1);
  }

  #renewLater(milliseconds: number, attempt: number): void {
    this.#disarm = after(Math.max(1, milliseconds), () => void this.#renewUnasked(attempt));
  }

  async #renewUnasked(attempt: number): Promise<void> {
    const due = this.#armedFor;
    try {
      // Another connection may have signed in anew meanwhile.
      if (this.#state.renewAt === due) await this.#renew();
      this.#arm();
    } catch (error) {
      // A call that is due tries again, and is told; where there is none, nobody else would be.
      if (this.#stopped || this.#armedFor !== due || this.#watch?.concerns() !== true) return;
      this.#failed(errorOf(error, { purpose: 'auth' }), attempt, this.#watch);
    }
  }

  /** Who could not be asked is asked again; who refuses is believed once what was granted has run out. */
  #failed(error: unknown, attempt: number, watch: RenewalWatch): void {
    if (isUnreachable(error)) return this.#renewLater(pauseAfter(attempt, { longest: LONGEST_PAUSE }), attempt + 1);
    // A second more: the server counts whole ones.
    const left = (this.#state.expiry ?? 0) + 1_000 - Date.now();
    if (left > 0) this.#renewLater(left, attempt + 1);
    else watch.ended(notRenewed(error));
  }
}

function notRenewed(cause: unknown): AuthenticationError {
  return new AuthenticationError({
    what: 'The sign-in that live queries were opened with has run out, and could not be renewed',
    why: cause instanceof Error ? cause.message : String(cause),
    fix: 'see that `auth` gives credentials that are good, and open them again',
    cause,
  });
}

function isExpired(error: unknown): boolean {
  return error instanceof RpcFault && kindsOf(error.fault).includes('SessionExpired');
}
