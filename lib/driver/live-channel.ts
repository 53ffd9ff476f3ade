import type { ReverieError } from '../errors/index.js';
import type { Uuid } from '../values/index.js';
import type { LiveChannel, LiveNotification } from './driver.js';

type EndReason = Parameters<Parameters<LiveChannel['onEnd']>[0]>[0];
type End = { readonly reason: EndReason; readonly error: ReverieError | undefined };

/** One live query. What arrives before the first listener is kept for it. */
export class RoutedLiveChannel implements LiveChannel {
  readonly id: Uuid;
  readonly #kill: () => Promise<void>;
  readonly #listeners: ((notification: LiveNotification) => void)[] = [];
  readonly #endListeners: ((reason: EndReason, error?: Error) => void)[] = [];
  #kept: LiveNotification[] = [];
  #end: End | undefined;
  #closed: Promise<void> | undefined;

  constructor(id: Uuid, kill: () => Promise<void>) {
    this.id = id;
    this.#kill = kill;
  }

  on(listener: (notification: LiveNotification) => void): void {
    this.#listeners.push(listener);
    const kept = this.#kept;
    this.#kept = [];
    for (const notification of kept) tell(listener, notification);
  }

  onEnd(listener: (reason: EndReason, error?: Error) => void): void {
    if (this.#end === undefined) this.#endListeners.push(listener);
    else tell(listener, this.#end.reason, this.#end.error);
  }

  close(): Promise<void> {
    if (this.#closed === undefined) this.#closed = this.#end === undefined ? this.#close() : Promise.resolve();
    return this.#closed;
  }

  deliver(notification: LiveNotification): void {
    if (this.#end !== undefined) return;
    if (this.#listeners.length === 0) this.#kept.push(notification);
    for (const listener of this.#listeners) tell(listener, notification);
  }

  end(reason: EndReason, error?: ReverieError): void {
    if (this.#end !== undefined) return;
    this.#end = { reason, error };
    for (const listener of this.#endListeners.splice(0)) tell(listener, reason, error);
  }

  async #close(): Promise<void> {
    this.end('closed');
    await this.#kill();
  }
}

/**
 * A listener that throws has its error reported like that of any other event handler, as an uncaught one, but not in the middle of
 * the transport's work: the other listeners and channels, and the connection itself, go on.
 */
function tell<A extends readonly unknown[]>(listener: (...told: A) => void, ...told: A): void {
  try {
    listener(...told);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
