import type { Uuid } from '../values/index.js';
import { tell } from './tell.js';

/** What a connection tells of itself, with the arguments of the listener. Only `ws://` and `wss://` are lost and made again. */
export interface ConnectionEvents {
  /** Usable: place, sign-in, variables and live queries are in place, also after a reconnection. */
  connected: [];
  /** The connection was lost; calls that were on their way have failed. */
  disconnected: [error: Error];
  /** The n-th attempt to get it back begins, so many milliseconds after the one before. */
  reconnecting: [attempt: number, waited: number];
  /** A live query was registered anew, under another id; what changed in between was missed. */
  resubscribed: [old: Uuid, now: Uuid];
  /** The server refuses the credentials or the token by which this connection was signed in: it stays disconnected. */
  authLost: [error: Error];
}

type Listener<E extends keyof ConnectionEvents> = (...told: ConnectionEvents[E]) => void;

/** The listeners of a connection. */
export class ConnectionListeners {
  readonly #listeners = new Map<keyof ConnectionEvents, Set<Listener<never>>>();

  add<E extends keyof ConnectionEvents>(event: E, listener: Listener<E>): void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
  }

  delete<E extends keyof ConnectionEvents>(event: E, listener: Listener<E>): void {
    this.#listeners.get(event)?.delete(listener);
  }

  emit<E extends keyof ConnectionEvents>(event: E, ...told: ConnectionEvents[E]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) tell(listener as Listener<E>, ...told);
  }
}
