import type { LinksTo, LinkTo, LoadedLink, LoadedLinks } from './relations.js';

/**
 * A `T` whose relations named in `F` have been read: `get()` of those compiles.
 *
 * ```ts
 * function title(post: Loaded<Post, { author: true }>) { return `${post.title} by ${post.author.get().name}`; }
 * ```
 */
export type Loaded<T, F> = [keyof F] extends [never]
  ? T
  : { readonly [K in keyof F & keyof T]: LoadedProperty<T[K], F[K]> } & T;

// The loaded members stand before T: of two `get()` the first one counts.
type LoadedProperty<P, How> =
  P extends LinkTo<infer U extends object>
    ? LoadedLink<LoadedTarget<U, How>>
    : P extends LinksTo<infer U extends object, infer E>
      ? LoadedLinks<LoadedTarget<U, How>, EdgeOf<E>>
      : P;

/** `never` for the many sides that have no edge. */
type EdgeOf<E> = unknown extends E ? never : Extract<E, object>;

type LoadedTarget<U extends object, How> = How extends { readonly fetch: infer F } ? Loaded<U, F> : U;
