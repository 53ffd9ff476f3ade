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
export type Fetch<T> = { readonly [K in RelationKey<T>]?: FetchRequest<TargetOf<NonNullable<T[K]>>> };

/** A list brings one relation along several times: each but one of them under a name of its own, `as`. */
type FetchRequest<U> = true | FetchOptions<U> | readonly (true | FetchOptions<U>)[];

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
  /**
   * A name of its own for what is fetched: a list of entities (of a link: the entity, or null) that the record is given beside its
   * properties. The relation itself stays as it is.
   *
   * ```ts
   * const [post] = await em.find(Post, {}, { fetch: { comments: { as: 'latest', orderBy: { at: 'desc' }, limit: 3 } } });
   * post.latest[0]?.text;
   * ```
   */
  readonly as?: string;
}

/** A read that brings nothing along. */
export type NoFetch = Record<never, never>;
