/** An answer as it is kept: bytes, so that nobody can change it and any store can hold it. */
export interface CachedAnswer {
  /** CBOR, as the server sends it. */
  readonly bytes: Uint8Array;
  /** Whatever of these is invalidated ends it: tables, `*` for every table, `key:` with a name. */
  readonly tags: readonly string[];
}

/**
 * Where answers are kept; give one of your own to `Reverie.init({ cache: { store } })` to share them between processes. A store that
 * fails is one that has nothing: reads go to the database then.
 *
 * ```ts
 * class RedisStore implements QueryCacheStore {
 *   async get(key: string) { … }
 *   async set(key: string, answer: CachedAnswer, ttl: number) { … }
 *   async invalidate(tags: readonly string[]) { … }
 *   async clear() { … }
 * }
 * ```
 */
export interface QueryCacheStore {
  get(key: string): CachedAnswer | undefined | Promise<CachedAnswer | undefined>;
  /** @param ttl milliseconds */
  set(key: string, answer: CachedAnswer, ttl: number): void | Promise<void>;
  /** Drops every answer that has one of these tags. */
  invalidate(tags: readonly string[]): void | Promise<void>;
  clear(): void | Promise<void>;
}
