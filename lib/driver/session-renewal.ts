import { kindsOf } from './fault-kind.js';
import { RpcFault } from './rpc-fault.js';
import type { SessionState } from './session-state.js';
import { after } from './timers.js';
import type { Send } from './transport/transport.js';

/** Runs work on the session while nobody else is on it. */
type Alone = <R>(work: (send: Send) => Promise<R>) => Promise<R>;

/**
 * Signs a session in again before what was granted to it runs out, and after: a call that the server has refused because the
 * session had expired did not run, so it is sent again. Where nobody can sign in again the refusal stays: a session never
 * becomes anonymous by itself.
 */
export class SessionRenewal {
  readonly #state: SessionState;
  readonly #alone: Alone;
  #renewing: Promise<void> | undefined;
  #armedFor: number | undefined;
  #disarm: (() => void) | undefined;
  #stopped = false;

  constructor(state: SessionState, alone: Alone) {
    this.#state = state;
    this.#alone = alone;
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
    this.#disarm = after(Math.max(1, renewAt - Date.now()), () => {
      // Whoever calls next is told, and a call that is due tries again.
      this.#renew().then(
        () => this.#arm(),
        () => undefined,
      );
    });
  }
}

function isExpired(error: unknown): boolean {
  return error instanceof RpcFault && kindsOf(error.fault).includes('SessionExpired');
}
