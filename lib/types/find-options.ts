import type { CacheOptions } from './cache.js';
import type { Fetch } from './fetch.js';
import type { OrderBy } from './order-by.js';
import type { Select } from './select.js';

/** How a read goes, beside its where. */
export interface FindOptions<T, F = Fetch<T>, S = Select<T>, O = Select<T>> {
  /** Relations to bring along; the result's type knows them as loaded. */
  readonly fetch?: F;
  /**
   * Whether fetched relations come in one statement with their owners (`joined`, the default), or in one for each relation
   * (`separate`): smaller answers where many owners are fetched with much in common.
   */
  readonly strategy?: 'joined' | 'separate';
  /** Properties to read: the result's type has no others. */
  readonly select?: S;
  /** Properties to leave unread: the result's type lacks them. */
  readonly omit?: O;
  readonly orderBy?: OrderBy<T>;
  readonly limit?: number;
  readonly offset?: number;
  /** Names of indexes to use. */
  readonly useIndex?: string | readonly string[];
  readonly noIndex?: boolean;
  /** Milliseconds that the server may take. */
  readonly timeout?: number;
  /** Reads the records as they were at that time, on an engine that keeps versions: as plain instances, without relations. */
  readonly version?: Date;
  /** Keeps the answer: for the time that the ORM says, so many milliseconds, a duration such as `'5m'`, or as an object says. */
  readonly cache?: boolean | number | string | CacheOptions;
  /** Parameters of filters by name, `false` to do without one; `false` alone to do without all that can be. */
  readonly filters?: boolean | Readonly<Record<string, unknown>>;
  /** Overwrites managed entities with what the database holds. */
  readonly refresh?: boolean;
  /** `false`: plain instances that no unit of work tracks. */
  readonly managed?: boolean;
  readonly signal?: AbortSignal;
}

/** How records are counted or looked for, beside their where. */
export type CountOptions = Pick<FindOptions<object>, 'filters' | 'cache'>;
