import type { Decimal, Duration, Uuid } from '../values/index.js';
import type { DataKey, IsReadonly } from './keys.js';
import type { IsAny, IsOpt, Unreadable } from './markers.js';
import type { IdInput, LinkInput, LinksTo, LinkTo } from './relations.js';
import type { Atom, TypedNumbers } from './value-kinds.js';

/**
 * The data that makes a new `T`. What the server produces (`readonly`) is left out; `id`, links, `?` and `Opt` properties
 * may be.
 *
 * ```ts
 * em.create(User, { name: 'Ann', team: 'team:red' });
 * ```
 */
export type CreateData<T> = {
  -readonly [K in keyof T as CreateKey<T, K, 'required'>]: Input<T[K]>;
} & {
  -readonly [K in keyof T as CreateKey<T, K, 'optional'>]?: K extends 'id' ? IdInput<T> : Input<T[K]>;
};

type CreateKey<T, K extends keyof T, Wanted> =
  K extends DataKey<T>
    ? K extends 'id'
      ? 'optional' extends Wanted
        ? K
        : never
      : IsReadonly<T, K> extends true
        ? never
        : Presence<T[K]> extends Wanted
          ? K
          : never
    : never;

/** Links start empty, so they may be left out: the server refuses a record without a link that it needs. */
type Presence<P> =
  IsAny<P> extends true
    ? 'optional'
    : undefined extends P
      ? 'optional'
      : IsOpt<P> extends true
        ? 'optional'
        : P extends LinkTo<unknown> | LinksTo<unknown>
          ? 'optional'
          : 'required';

/** What may be written where a `P` is read. `null` where a value may be missing: it means NONE. */
export type Input<P> =
  IsAny<P> extends true
    ? P
    : undefined extends P
      ? InputOf<Exclude<P, Unreadable>> | null
      : InputOf<Exclude<P, Unreadable>>;

type InputOf<P> =
  P extends LinksTo<infer U extends object>
    ? Iterable<LinkInput<U>>
    : P extends LinkTo<infer U extends object>
      ? LinkInput<U>
      : P extends Atom
        ? P | TextForm<P>
        : P extends readonly (infer E)[]
          ? P | readonly Input<E>[] | Numbers<E>
          : P extends ReadonlySet<infer E>
            ? P | readonly Input<E>[]
            : P extends ReadonlyMap<unknown, unknown> | ((...args: never[]) => unknown)
              ? P
              : P extends object
                ? CreateData<P>
                : P;

/** A list of numbers may be given as what holds nothing else. */
type Numbers<E> = [E] extends [number] ? TypedNumbers : never;

/** Forms that are read into the value when it is written. */
export type TextForm<P> = P extends Decimal ? number | string : P extends Uuid | Duration ? string : never;
