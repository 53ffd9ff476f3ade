import type { Fetch } from './fetch.js';
import type { FindOptions } from './find-options.js';
import type { Select } from './select.js';

/** One page of a longer result, and the cursors to go on from. */
export interface Page<T> {
  readonly items: readonly T[];
  /** For `before`; null on an empty page. */
  readonly startCursor: string | null;
  /** For `after`; null on an empty page. */
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** All that match, when asked for with `total: true`. */
  readonly total?: number;
}

/** Which page: `first` rows `after` a cursor, or the `last` ones `before` it. A cursor of null is the result's own end. */
export interface PageOptions<T, F = Fetch<T>, S = Select<T>, O = Select<T>> extends Omit<
  FindOptions<T, F, S, O>,
  'limit' | 'offset'
> {
  readonly first?: number;
  readonly after?: string | null;
  readonly last?: number;
  readonly before?: string | null;
  /** Counts all that match, too. */
  readonly total?: boolean;
}

/** How a stream reads: `batch` rows a request. */
export interface StreamOptions<T, F = Fetch<T>, S = Select<T>, O = Select<T>> extends Omit<
  FindOptions<T, F, S, O>,
  'limit' | 'offset' | 'version'
> {
  /** Rows a request; 500 unless given. */
  readonly batch?: number;
  /** `true`: entities of this EntityManager, which keeps them; plain instances unless given. */
  readonly managed?: boolean;
}
