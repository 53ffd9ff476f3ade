import { ValidationError } from '../errors/index.js';
import type { LiveRecordChange, LiveResync } from '../subscribers/events.js';
import type { ErrorReporter } from '../subscribers/report-error.js';

export interface LiveStreamOptions {
  /** How many events may wait for their reader; default 10,000. */
  readonly buffer?: number;
  /**
   * What happens to the event that finds the buffer full. `'error'` (default) ends the stream with a LiveError after the
   * events that wait; `'resync'` drops those and puts one `{ action: 'resync' }` in their place.
   */
  readonly overflow?: 'error' | 'resync';
  /**
   * Milliseconds for which an event is held, so that one that overtook another can be put back in order; default 20,
   * `0` for none. SurrealDB hands on the events of separate statements in parallel.
   */
  readonly reorder?: number;
  /** Ends the stream, as `close()` does. */
  readonly signal?: AbortSignal;
  /** Where errors go that no listener takes; default a process warning. */
  readonly report?: ErrorReporter;
}

/** What feeds a stream. */
export interface LiveSource<T extends object, R extends LiveRecordChange<T> = LiveRecordChange<T>> {
  push(change: R | LiveResync): void;
  /** More waits before the stream than its buffer may hold. */
  overflow(): void;
  /** Events were missed. */
  resync(): void;
  /** The source is finished; with an error when it should not be. Waiting events are still delivered. */
  end(error?: unknown): void;
}

/** The events that `on` takes, with what its callback gets. */
export interface LiveListeners<T extends object, R extends LiveRecordChange<T> = LiveRecordChange<T>> {
  create: R;
  update: R;
  delete: R;
  leave: R;
  resync: LiveResync;
  error: unknown;
  close: undefined;
}

export interface LiveObserver<T extends object, R extends LiveRecordChange<T> = LiveRecordChange<T>> {
  next?(change: R | LiveResync): void;
  error?(error: unknown): void;
  complete?(): void;
}

export interface LiveSubscription {
  readonly closed: boolean;
  unsubscribe(): void;
}

const OVERFLOWS: readonly unknown[] = ['error', 'resync'];

/** A wrong word would be taken for another, and events held for no time that there is would never come. @throws ValidationError */
export function checkStreamOptions(options: Pick<LiveStreamOptions, 'buffer' | 'overflow' | 'reorder'>): void {
  const { overflow = 'error', reorder = 0 } = options;
  bufferLimit(options);
  if (!OVERFLOWS.includes(overflow)) throw refused('overflow', overflow, "'error' or 'resync'");
  if (typeof reorder !== 'number' || !Number.isFinite(reorder) || reorder < 0)
    throw refused('reorder', reorder, 'a number of milliseconds from 0');
}

/** @throws ValidationError for a buffer that holds nothing. */
export function bufferLimit({ buffer = 10_000 }: Pick<LiveStreamOptions, 'buffer'>): number {
  if (Number.isSafeInteger(buffer) && buffer >= 1) return buffer;
  throw refused('buffer', buffer, 'a whole number of events from 1');
}

function refused(path: string, given: unknown, wanted: string): ValidationError {
  return new ValidationError({
    what: `A live stream cannot have the option { ${path}: ${String(given)} }`,
    why: `it is ${wanted}`,
    errors: [{ path, message: `must be ${wanted}`, rule: 'type' }],
  });
}
