/**
 * How the answer of a read is kept.
 *
 * ```ts
 * await em.find(Country, {}, { cache: { ttl: '1h', key: 'countries' } });
 * ```
 */
export interface CacheOptions {
  /** How long it counts: milliseconds, or a duration such as `'5m'`; default that of the ORM. */
  readonly ttl?: number | string;
  /** A name by which `orm.cache.forget(name)` drops it. */
  readonly key?: string;
  /** Entities or tables whose writes end it, instead of those that the read is seen to touch. */
  readonly tables?: readonly ((abstract new (...args: never[]) => object) | string)[];
  /** Ended by what other processes write too: a live query watches its tables. */
  readonly live?: boolean;
}
