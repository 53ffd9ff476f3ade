import { LiveError, type ReverieError } from '../errors/index.js';
import type { Uuid } from '../values/index.js';
import type { LiveChannel, LiveNotification, LiveRequest } from './driver.js';
import { tell } from './tell.js';
import type { Line } from './transport/line.js';

type EndReason = Parameters<Parameters<LiveChannel['onEnd']>[0]>[0];
type End = { readonly reason: EndReason; readonly error: ReverieError | undefined };

/** A live query as the server has it: by its id, for a connection. */
export interface Registered {
  readonly id: Uuid;
  readonly line: Line;
}

/** Notifications that are kept for the first listener. */
const MOST_KEPT = 10_000;

/** One live query, under whatever id it has. What arrives before the first listener is kept for it, up to a limit. */
export class RoutedLiveChannel implements LiveChannel {
  readonly request: LiveRequest;
  readonly #kill: () => Promise<void>;
  readonly #resubscribeListeners: (() => void)[] = [];
  #registered: Registered;
  /** It was resubscribed before anybody listened. */
  #untold = false;
  readonly #listeners: ((notification: LiveNotification) => void)[] = [];
  readonly #endListeners: ((reason: EndReason, error?: Error) => void)[] = [];
  #kept: LiveNotification[] = [];
  #end: End | undefined;
  #closed: Promise<void> | undefined;

  constructor(registered: Registered, request: LiveRequest, kill: () => Promise<void>) {
    this.#registered = registered;
    this.request = request;
    this.#kill = kill;
  }

  get id(): Uuid {
    return this.#registered.id;
  }

  /** The connection that it is registered on, or was when that was lost. */
  get line(): Line {
    return this.#registered.line;
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

  onResubscribed(listener: () => void): void {
    this.#resubscribeListeners.push(listener);
    if (this.#untold) tell(listener);
    this.#untold = false;
  }

  close(): Promise<void> {
    if (this.#closed === undefined) this.#closed = this.#end === undefined ? this.#close() : Promise.resolve();
    return this.#closed;
  }

  deliver(notification: LiveNotification): void {
    if (this.#end !== undefined) return;
    if (this.#listeners.length === 0) return this.#keep(notification);
    for (const listener of this.#listeners) tell(listener, notification);
  }

  /** The query goes on under another id; what changed in between was missed. */
  resubscribed(registered: Registered): void {
    this.#registered = registered;
    this.#untold = this.#resubscribeListeners.length === 0;
    for (const listener of this.#resubscribeListeners) tell(listener);
  }

  end(reason: EndReason, error?: ReverieError): void {
    if (this.#end !== undefined) return;
    this.#end = { reason, error };
    for (const listener of this.#endListeners.splice(0)) tell(listener, reason, error);
  }

  /** A live query that nobody listens to must not fill the memory, nor lose anything in silence. */
  #keep(notification: LiveNotification): void {
    if (this.#kept.length < MOST_KEPT) return void this.#kept.push(notification);
    this.#kept = [];
    this.end('killed', unheard());
    this.#closed = this.#kill();
  }

  async #close(): Promise<void> {
    this.end('closed');
    await this.#kill();
  }
}

function unheard(): LiveError {
  return new LiveError({
    reason: 'overflow',
    what: `The live query was ended: ${MOST_KEPT} notifications wait, and nobody listens`,
    why: 'none may be lost silently, and the memory is not there for all of them',
    fix: 'call channel.on(…) as soon as db.live(…) has resolved, or close the channel',
  });
}
