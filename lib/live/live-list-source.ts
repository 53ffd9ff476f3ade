import type { LiveStream } from './live-stream.js';
import type { ComparePlaces, ListEntry } from './sorted-window.js';

/** Where a list has its records from. */
export interface LiveListSource<T extends object> {
  /** The events of all records that match. */
  open(): Promise<LiveStream<T>>;
  /** The first records in their order. */
  read(limit: number): Promise<readonly ListEntry<T>[]>;
  /** Which of these records are still in the database. */
  remaining(entries: readonly ListEntry<T>[]): Promise<ReadonlySet<string>>;
  /** Where the record of an event belongs; undefined where only the server can tell. */
  entryOf(entity: T): ListEntry<T> | undefined;
  /** True when two copies of a record hold the same. */
  same(left: T, right: T): boolean;
  /** Writes may be under way while a live query is registered: those tell it nothing, though they end after the first read. */
  readonly overlaps: boolean;
  readonly compare: ComparePlaces;
}

export interface LiveListSettings {
  /** Infinity for all. */
  readonly limit: number;
  /** Milliseconds; 0 for never. */
  readonly resyncEvery: number;
  readonly signal?: AbortSignal | undefined;
  readonly closed?: () => void;
}
