import type { Decimal, VALUE_KIND, ValueKind } from '../values/index.js';
import type { ReadKey } from './keys.js';
import type { LinksTo, LinkTo } from './relations.js';

/**
 * What `JSON.parse(JSON.stringify(entity))` gives: record ids, dates and other values as text, a link that is not loaded as
 * its id, one that was fetched as the target. Where a fetch leads back to where it came from, an id ends the circle.
 */
export type Serialized<T> = { -readonly [K in ReadKey<T>]: SerializedValue<T[K]> };

/** The same of some properties only: `'name'`, `'address.city'`, `'author.name'`. */
export type SerializedFields<T, F extends string> = {
  -readonly [K in keyof T as K extends HeadOf<F> ? K : never]: K extends F
    ? SerializedValue<T[K]>
    : SerializedInside<T[K], TailOf<F, K>>;
};

/** A path to what can be serialized, or never. */
export type SerializablePath<T, P extends string> = P extends `${infer Head}.${infer Rest}`
  ? Head extends ReadKey<T>
    ? `${Head}.${SerializablePath<InsideOf<NonNullable<T[Head]>>, Rest>}`
    : never
  : P extends ReadKey<T>
    ? P
    : never;

type HeadOf<F> = F extends `${infer Head}.${string}` ? Head : F;
type TailOf<F, K> = K extends string ? (F extends `${K}.${infer Rest}` ? Rest : never) : never;
type InsideOf<P> = P extends LinkTo<infer U> | LinksTo<infer U> ? U : P extends readonly (infer E)[] ? E : P;

type SerializedInside<P, F extends string> = P extends null | undefined
  ? P
  : P extends LinkTo<infer U>
    ? (P extends { readonly isLoaded: true } ? never : string) | SerializedFields<U, F>
    : P extends LinksTo<infer U>
      ? ((P extends { readonly isLoaded: true } ? never : string) | SerializedFields<U, F>)[]
      : P extends readonly (infer E)[]
        ? SerializedFields<E, F>[]
        : SerializedFields<P, F>;

export type SerializedValue<P> = P extends string | number | boolean | null | undefined
  ? P
  : P extends bigint
    ? number | string
    : P extends LinkTo<infer U>
      ? (P extends { readonly isLoaded: true } ? never : string) | Serialized<U>
      : P extends LinksTo<infer U>
        ? ((P extends { readonly isLoaded: true } ? never : string) | Serialized<U>)[]
        : P extends { toJSON(): infer J }
          ? J
          : P extends Date | Decimal | { readonly [VALUE_KIND]: ValueKind }
            ? string
            : P extends ArrayBufferView
              ? number[]
              : P extends readonly (infer E)[] | ReadonlySet<infer E>
                ? SerializedValue<E>[]
                : P extends object
                  ? Serialized<P>
                  : P;
