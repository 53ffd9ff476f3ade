import type { FilterChoice } from '../query/index.js';
import type { Fetch, OrderBy } from '../types/index.js';

/** What a live list holds, beside its where. */
export interface LiveListOptions<T extends object = object, F = Fetch<T>> {
  /** As in a find; the id breaks ties, and orders what is not ordered otherwise. */
  readonly orderBy?: OrderBy<T>;
  /** How many records, from the first; default all. */
  readonly limit?: number;
  /** Relations that the records bring along. What changes in them shows when their record changes, or with a resync. */
  readonly fetch?: F;
  /**
   * Milliseconds after which the list is read again, whatever events came; default never. For what the server sends no events of:
   * interactive transactions of other processes, and conditions that hold or not because another record changed.
   */
  readonly resyncEvery?: number;
  readonly filters?: FilterChoice;
  /** Closes the list when it is aborted. */
  readonly signal?: AbortSignal;
}
