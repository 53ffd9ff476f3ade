import { SessionQueue } from '../driver/session-queue.js';
import { uuidKey } from './wire-uuid.js';

export interface ClientSessionOptions {
  /** The session's uuid inside the engine, 16 bytes. */
  readonly engineId: Uint8Array;
  /** The uuid the client attached it under; undefined for the connection's own session. */
  readonly clientId?: Uint8Array;
  /** True when the server was told to serve everyone, so nobody needs to sign in. */
  readonly open: boolean;
}

/**
 * One session of one connection: its place in the engine, whether somebody is signed in, and the order of its requests.
 * The engine itself treats a session nobody signed in to as the owner, so the flag here is what keeps strangers out.
 */
export class ClientSession {
  readonly engineId: Uint8Array;
  readonly clientId: Uint8Array | undefined;
  readonly key: string;
  #signedIn: boolean;
  readonly #open: boolean;
  readonly #queue = new SessionQueue();
  #lastStart: Promise<void> = Promise.resolve();
  #holders = 0;
  #live = false;
  #held: (() => void)[] = [];

  constructor(options: ClientSessionOptions) {
    this.engineId = options.engineId;
    this.clientId = options.clientId;
    this.key = uuidKey(options.engineId);
    this.#open = options.open;
    this.#signedIn = options.open;
  }

  get signedIn(): boolean {
    return this.#signedIn;
  }

  /** Whether a live query was ever asked for here; ending the session then writes to the store. */
  get mayHaveLive(): boolean {
    return this.#live;
  }

  signIn(): void {
    this.#signedIn = true;
  }

  signOut(): void {
    this.#signedIn = this.#open;
  }

  /**
   * Runs work in this session's order: an exclusive request alone, shared ones together, and none of them before
   * the one that arrived earlier has been started. `work` calls `started` once the engine has its request.
   */
  run<T>(access: 'shared' | 'exclusive', work: (started: () => void) => Promise<T>): Promise<T> {
    const previous = this.#lastStart;
    let started: () => void = () => undefined;
    this.#lastStart = new Promise((resolve) => (started = resolve));
    return this.#queue.run(access, async () => {
      try {
        await previous;
        return await work(started);
      } finally {
        started();
      }
    });
  }

  /** Keeps notifications back until `release`, so that none overtakes the answer of the LIVE that asked for it. */
  hold(): void {
    this.#live = true;
    this.#holders += 1;
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    const held = this.#held;
    this.#held = [];
    for (const deliver of held) deliver();
  }

  /** Delivers a notification now, or when nothing holds the session any more. */
  deliver(notification: () => void): void {
    if (this.#holders > 0) this.#held.push(notification);
    else notification();
  }
}
