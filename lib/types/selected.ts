import type { LinksTo } from './relations.js';

declare const WHOLE: unique symbol;

/**
 * A `T` of which only what `select` names has been read, or all that `omit` does not: reading anything else does not compile. The
 * id is always there, and so are collections, which can be loaded.
 */
export type Selected<T, S, Fetched, O = unknown> = S extends readonly (infer K)[]
  ? number extends S['length']
    ? WithoutOmitted<T, O, Fetched>
    : Partially<T, Exclude<K, OmittedKey<O>> | Fetched>
  : WithoutOmitted<T, O, Fetched>;

type WithoutOmitted<T, O, Fetched> = [OmittedKey<O>] extends [never]
  ? T
  : Partially<T, Exclude<keyof T, OmittedKey<O>> | Fetched>;

/** Which they are is known of a list that is written where it is used. */
type OmittedKey<O> = O extends readonly (infer K)[] ? (number extends O['length'] ? never : K) : never;

type Partially<T, K> = Pick<T, Extract<keyof T, K | 'id'> | LinksKey<T>> & { readonly [WHOLE]?: T };
type LinksKey<T> = { [K in keyof T]-?: NonNullable<T[K]> extends LinksTo<unknown> ? K : never }[keyof T];

/** The entity class of what was read in part. */
export type WholeOf<E> = typeof WHOLE extends keyof E ? NonNullable<E[typeof WHOLE]> : E;

/** The same once further fields have been read. */
export type WithFields<E, S extends readonly PropertyKey[]> = typeof WHOLE extends keyof E
  ? E & Pick<WholeOf<E>, Extract<keyof WholeOf<E>, S[number]>>
  : E;
