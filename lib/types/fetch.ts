import type { RelationKey } from './keys.js';
import type { OrderBy } from './order-by.js';
import type { TargetOf } from './relations.js';
import type { Select } from './select.js';
import type { Where } from './where.js';

/**
 * Which relations a read brings along.
 *
 * ```ts
 * { author: true, comments: { where: { hidden: false }, orderBy: { at: 'desc' }, limit: 3, fetch: { by: true } } }
 * ```
 */
export type Fetch<T> = { readonly [K in RelationKey<T>]?: true | FetchOptions<TargetOf<NonNullable<T[K]>>> };

/** What of one relation is read. */
export interface FetchOptions<U> {
  readonly where?: Where<U>;
  readonly orderBy?: OrderBy<U>;
  readonly limit?: number;
  readonly offset?: number;
  readonly fetch?: Fetch<U>;
  readonly select?: Select<U>;
  readonly omit?: Select<U>;
  /** Fetches `links.total` too. */
  readonly count?: boolean;
}

/** A read that brings nothing along. */
export type NoFetch = Record<never, never>;
