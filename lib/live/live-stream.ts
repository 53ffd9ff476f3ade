import { LiveError } from '../errors/index.js';
import type { LiveRecordChange, LiveResync } from '../subscribers/events.js';
import { reportError, type ErrorReporter } from '../subscribers/report-error.js';
import { Listeners } from './listeners.js';
import {
  bufferLimit,
  type LiveListeners,
  type LiveObserver,
  type LiveSource,
  type LiveStreamOptions,
  type LiveSubscription,
} from './live-stream-options.js';
import { Queue } from './queue.js';

const RESYNC: LiveResync = Object.freeze({
  action: 'resync',
  id: undefined,
  entity: undefined,
  changedFields: undefined,
});
const OBSERVABLE = '@@observable';
// Engines of 2023 lack the symbol; the helpers of TypeScript and others fall back to the registered one.
const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');

/**
 * The events of one live query, in the order in which the server sent them; the query is registered before you get the
 * stream. Read it in one of three ways: `for await`, `.on()`, or `.subscribe()` (RxJS: `from(stream)`). Events that come
 * before the first reader wait for it. Leaving a `for await` closes the stream; to take single events, `await stream.next()`.
 *
 * At most `buffer` events wait for a slow `for await`; then the stream ends with a LiveError (`reason: 'overflow'`), or,
 * with `overflow: 'resync'`, the waiting events give way to one `{ action: 'resync' }`. Nothing is ever dropped silently.
 * A lost connection is made again and the query with it: then comes `{ action: 'resync' }`, for events may have been missed.
 * The stream ends with a ConnectionError when the connection does not come back, with an AuthenticationError when the server
 * no longer takes its credentials, and with a LiveError (`reason: 'killed'`) when the server ends the query (its table is
 * removed).
 *
 * SurrealDB sends no events for interactive transactions, for views, and for records whose condition changes because
 * another record changed. It may hand on the events of separate statements in another order than they were written in:
 * they are held for `reorder` milliseconds and put right; on a server under heavy load one may still come too late.
 * https://surrealdb.com/docs/surrealql/statements/live
 *
 * ```ts
 * await using stream = await em.live(User, { active: true });
 * for await (const change of stream) {
 *   if (change.action === 'leave') console.log(String(change.id), 'is no longer active');
 *   else console.log(change.action, change.entity?.name);
 * }
 * ```
 */
export class LiveStream<
  T extends object = object,
  R extends LiveRecordChange<T> = LiveRecordChange<T>,
> implements AsyncIterableIterator<R | LiveResync> {
  readonly #limit: number;
  readonly #overflow: 'error' | 'resync';
  readonly #report: ErrorReporter;
  #stop: (() => unknown) | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #giveUp = () => void this.close().catch((error: unknown) => this.#report(error, 'LiveStream.close'));
  readonly #queue = new Queue<R | LiveResync>();
  readonly #listeners: Listeners<LiveListeners<T, R>>;
  readonly #observers = new Set<LiveObserver<T, R>>();
  #waiting: PendingRead<R>[] = [];
  #pulled = false;
  #replaying = false;
  #ended = false;
  #error: { readonly value: unknown } | undefined;
  #closing: Promise<void> | undefined;

  /**
   * Streams are made by `em.live()`.
   *
   * @param connect is handed the feeding end and gives back what stops the source.
   */
  constructor(connect: (source: LiveSource<T, R>) => () => unknown, options: LiveStreamOptions = {}) {
    this.#limit = bufferLimit(options);
    this.#overflow = options.overflow ?? 'error';
    this.#report = options.report ?? reportError;
    this.#listeners = new Listeners(this.#report);
    this.#signal = options.signal;
    const stop = connect({
      push: (change) => this.#push(change),
      overflow: () => this.#overflowed(),
      resync: () => this.#push(RESYNC),
      end: (error) => this.#end(error),
    });
    this.#stop = stop;
    if (this.#ended) this.#closing = quietly(stop);
    const symbol = (Symbol as { readonly observable?: symbol }).observable;
    if (symbol !== undefined) Object.defineProperty(this, symbol, { value: () => this });
    if (options.signal?.aborted === true) this.#giveUp();
    else options.signal?.addEventListener('abort', this.#giveUp, { once: true });
  }

  /** True once no further event can come; events that wait may still be read. */
  get closed(): boolean {
    return this.#ended;
  }

  /** Calls back for each event of that kind; an async callback is not waited for. Errors of callbacks are reported. */
  on<E extends keyof LiveListeners<T, R>>(event: E, listener: (value: LiveListeners<T, R>[E]) => unknown): this {
    this.#listeners.add(event, listener);
    if (event === 'error' || event === 'close') this.#announceAgain(event, listener as (value: unknown) => unknown);
    else this.#startReplay();
    return this;
  }

  off<E extends keyof LiveListeners<T, R>>(event: E, listener: (value: LiveListeners<T, R>[E]) => unknown): this {
    this.#listeners.delete(event, listener);
    return this;
  }

  /** As an Observable does. When the last observer unsubscribes and nobody else reads, the stream is closed. */
  subscribe(observer: LiveObserver<T, R> | ((change: R | LiveResync) => void)): LiveSubscription {
    const entry: LiveObserver<T, R> = typeof observer === 'function' ? { next: observer } : observer;
    this.#observers.add(entry);
    if (this.#ended && this.#queue.size === 0 && !this.#replaying) queueMicrotask(() => this.#finishObserver(entry));
    else this.#startReplay();
    const observers = this.#observers;
    return {
      get closed() {
        return !observers.has(entry);
      },
      unsubscribe: () => {
        if (observers.delete(entry) && !this.#pulled && !this.#hasListeners()) this.#giveUp();
      },
    };
  }

  /** The next event; rejects once when the stream ended with an error, and is done afterwards. */
  next(): Promise<IteratorResult<R | LiveResync, undefined>> {
    this.#pulled = true;
    const change = this.#queue.shift();
    if (change !== undefined) return Promise.resolve({ done: false, value: change });
    if (!this.#ended) return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    const error = this.#error;
    this.#error = undefined;
    return error === undefined ? Promise.resolve(DONE) : Promise.reject(error.value);
  }

  async return(): Promise<IteratorResult<R | LiveResync, undefined>> {
    await this.close();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    this.#pulled = true;
    return this;
  }

  /** Ends the stream and kills the live query. Twice is fine. Events that wait are dropped. */
  close(): Promise<void> {
    this.#queue.clear();
    this.#error = undefined;
    this.#end();
    return (this.#closing ??= Promise.resolve());
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }

  [OBSERVABLE](): this {
    return this;
  }

  #push(change: R | LiveResync): void {
    if (this.#ended) return;
    const pushing = this.#hasListeners();
    if (this.#replaying) return this.#enqueue(change);
    if (pushing) this.#deliver(change);
    if (pushing && !this.#pulled) return;
    const reader = this.#waiting.shift();
    if (reader !== undefined) reader.resolve({ done: false, value: change });
    else this.#enqueue(change);
  }

  #enqueue(change: R | LiveResync): void {
    if (this.#queue.size < this.#limit) this.#queue.push(change);
    else this.#overflowed();
  }

  #overflowed(): void {
    if (this.#overflow === 'error') return this.#end(overflow(this.#limit));
    this.#queue.clear();
    this.#push(RESYNC);
  }

  #deliver(change: R | LiveResync): void {
    this.#listeners.emit(change.action, change as R & LiveResync);
    for (const observer of [...this.#observers]) this.#guard(() => observer.next?.(change));
  }

  /** What came before the first callback, in a moment: callbacks that are added along with it get it too. */
  #startReplay(): void {
    if (this.#pulled || this.#replaying || this.#queue.size === 0) return;
    this.#replaying = true;
    queueMicrotask(() => {
      for (let change = this.#queue.shift(); change !== undefined; change = this.#queue.shift()) this.#deliver(change);
      this.#replaying = false;
      if (this.#ended) this.#announceEnd();
    });
  }

  #end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    if (error !== undefined) this.#error = { value: error };
    this.#signal?.removeEventListener('abort', this.#giveUp);
    if (this.#stop !== undefined) this.#closing = quietly(this.#stop);
    if (!this.#replaying) this.#announceEnd();
  }

  #announceEnd(): void {
    const readers = this.#waiting;
    this.#waiting = [];
    const error = this.#error;
    const [first, ...others] = readers;
    if (error !== undefined) {
      const heard = this.#listeners.count('error') > 0 || [...this.#observers].some((each) => each.error !== undefined);
      if (first !== undefined) {
        this.#error = undefined;
        first.reject(error.value);
      } else if (!heard && !this.#pulled && this.#hasListeners()) this.#report(error.value, 'LiveStream');
      this.#listeners.emit('error', error.value);
    } else first?.resolve(DONE);
    for (const reader of others) reader.resolve(DONE);
    for (const observer of [...this.#observers]) this.#finishObserver(observer, error);
    this.#listeners.emit('close', undefined);
  }

  #finishObserver(observer: LiveObserver<T, R>, error = this.#error): void {
    if (!this.#observers.delete(observer)) return;
    this.#guard(() => (error === undefined ? observer.complete?.() : observer.error?.(error.value)));
  }

  /** A listener for the end that comes after it hears of it all the same. */
  #announceAgain(event: 'error' | 'close', listener: (value: unknown) => unknown): void {
    if (!this.#ended || this.#replaying) return;
    const error = this.#error;
    if (event === 'close') queueMicrotask(() => this.#guard(() => listener(undefined)));
    else if (error !== undefined) queueMicrotask(() => this.#guard(() => listener(error.value)));
  }

  #hasListeners(): boolean {
    return this.#observers.size > 0 || this.#listeners.hasOtherThan('error', 'close');
  }

  #guard(callback: () => unknown): void {
    this.#listeners.guard(callback);
  }
}

interface PendingRead<R> {
  resolve(result: IteratorResult<R | LiveResync, undefined>): void;
  reject(error: unknown): void;
}

/** Who closes the stream waits for it; after an end that nobody asked for, nobody does. */
function quietly(stop: () => unknown): Promise<void> {
  const stopped = Promise.resolve(stop()).then(() => undefined);
  stopped.catch(() => undefined);
  return stopped;
}

const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

function overflow(limit: number): LiveError {
  return new LiveError({
    reason: 'overflow',
    what: `The live stream was ended: ${limit} events wait for their reader`,
    why: 'events come faster than they are taken, and none may be lost silently',
    fix: [
      'do less in the loop, or hand the events to a queue of your own',
      "let the waiting events give way to one { action: 'resync' }: { overflow: 'resync' }",
      'raise the limit: { buffer: 100_000 }',
    ],
  });
}
