import type { ReadKey } from './keys.js';
import type { IsAny } from './markers.js';
import type { LinksTo, LinkTo } from './relations.js';
import type { Atom, Container } from './value-kinds.js';
import type { RecordId } from '../values/index.js';

/**
 * What stands at a dotted path of an entity: `'age'`, `'address.city'`, `'author.name'` through a link. Never, where the path
 * leads nowhere or to many records.
 */
export type PathValue<T, P extends string> =
  IsAny<T> extends true
    ? unknown
    : P extends `${infer Head}.${infer Rest}`
      ? Head extends ReadKey<T>
        ? PathValue<Below<NonNullable<T[Head]>>, Rest>
        : never
      : P extends ReadKey<T>
        ? LeafOf<NonNullable<T[P]>>
        : never;

type Below<V> = V extends LinkTo<infer U> ? U : V extends LinksTo<unknown> | Atom | Container ? never : V;
type LeafOf<V> = V extends LinkTo<infer U> ? IdOf<U> : V extends LinksTo<unknown> ? never : V;
type IdOf<U> = U extends { readonly id: infer Id } ? Id : RecordId;

/** The path itself, or never where it leads nowhere. */
export type ExistingPath<T, P extends string> = [PathValue<T, P>] extends [never] ? never : P;
