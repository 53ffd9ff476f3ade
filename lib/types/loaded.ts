import type { LinksTo, LinkTo, LoadedLink, LoadedLinks } from './relations.js';
import type { Selected } from './selected.js';

/**
 * A `T` whose relations named in `F` have been read: `get()` of those compiles.
 *
 * ```ts
 * function title(post: Loaded<Post, { author: true }>) { return `${post.title} by ${post.author.get().name}`; }
 * function team(post: Loaded<Post, 'author.team' | 'tags'>) { return post.author.get().team?.get().name; }
 * ```
 */
export type Loaded<T, F, S = unknown, O = unknown> = [F] extends [string]
  ? [F] extends [never]
    ? T
    : { readonly [K in HeadOf<F> & keyof T]: LoadedAlong<T[K], TailOf<F, K>> } & T
  : [keyof F] extends [never]
    ? Selected<T, S, never, O>
    : { readonly [K in keyof F & keyof T as OwnKey<K, F[K]>]: LoadedProperty<T[K], Own<F[K]>> } & Named<T, F> &
        Selected<T, S, keyof F, O>;

/** The requests for a relation: one, or each of a list. */
type Requests<How> = How extends readonly (infer One)[] ? One : How;
/** Those that load the relation itself, not a list under a name of its own. */
type Own<How> = Exclude<Requests<How>, { readonly as: string }>;
type OwnKey<K, How> = [Own<How>] extends [never] ? never : K;

/** What is fetched under names of its own (`as`). */
type Named<T, F> = { readonly [E in NamedEntry<T, F> as E[0]]: E[1] };
type NamedEntry<T, F> = { [K in keyof F & keyof T]: Entry<T[K], Requests<F[K]>> }[keyof F & keyof T];
type Entry<P, How> = How extends { readonly as: infer Name extends string }
  ? [Name, NamedValue<NonNullable<P>, How>]
  : never;
type NamedValue<P, How> =
  P extends LinkTo<infer U extends object>
    ? LoadedTarget<U, How> | null
    : P extends LinksTo<infer U extends object>
      ? readonly LoadedTarget<U, How>[]
      : never;

/** `author` of `'author.team'`. */
type HeadOf<Path extends string> = Path extends `${infer Head}.${string}` ? Head : Path;
/** `team` of `'author.team'`, where it begins with `author`. */
type TailOf<Path extends string, Head> = Path extends `${Head & string}.${infer Tail}` ? Tail : never;

type LoadedAlong<P, Path extends string> =
  P extends LinkTo<infer U extends object>
    ? LoadedLink<Loaded<U, Path>>
    : P extends LinksTo<infer U extends object, infer E>
      ? LoadedLinks<Loaded<U, Path>, EdgeOf<E>>
      : P;

// The loaded members stand before T: of two `get()` the first one counts.
type LoadedProperty<P, How> =
  P extends LinkTo<infer U extends object>
    ? LoadedLink<LoadedTarget<U, How>>
    : P extends LinksTo<infer U extends object, infer E>
      ? LoadedLinks<LoadedTarget<U, How>, EdgeOf<E>>
      : P;

/** `never` for the many sides that have no edge. */
type EdgeOf<E> = unknown extends E ? never : Extract<E, object>;

type LoadedTarget<U extends object, How> = How extends { readonly fetch: infer F }
  ? Loaded<U, F, SelectOf<How>, OmitOf<How>>
  : Selected<U, SelectOf<How>, never, OmitOf<How>>;
type SelectOf<How> = How extends { readonly select: infer S } ? S : unknown;
type OmitOf<How> = How extends { readonly omit: infer O } ? O : unknown;
