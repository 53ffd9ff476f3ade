import type { LinksTo } from './relations.js';

declare const WHOLE: unique symbol;

/**
 * A `T` of which only what `select` names has been read: reading anything else does not compile. The id is always there, and so
 * are collections, which can be loaded.
 */
export type Selected<T, S, Fetched> = S extends readonly (infer K)[]
  ? number extends S['length']
    ? T
    : Partially<T, K | Fetched>
  : T;

type Partially<T, K> = Pick<T, Extract<keyof T, K | 'id'> | LinksKey<T>> & { readonly [WHOLE]?: T };
type LinksKey<T> = { [K in keyof T]-?: NonNullable<T[K]> extends LinksTo<unknown> ? K : never }[keyof T];

/** The entity class of what was read in part. */
export type WholeOf<E> = typeof WHOLE extends keyof E ? NonNullable<E[typeof WHOLE]> : E;

/** The same once further fields have been read. */
export type WithFields<E, S extends readonly PropertyKey[]> = typeof WHOLE extends keyof E
  ? E & Pick<WholeOf<E>, Extract<keyof WholeOf<E>, S[number]>>
  : E;
