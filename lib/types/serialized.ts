import type { Decimal, VALUE_KIND, ValueKind } from '../values/index.js';
import type { ReadKey } from './keys.js';
import type { LinksTo, LinkTo } from './relations.js';

/**
 * What `JSON.parse(JSON.stringify(entity))` gives: record ids, dates and other values as text, a link that is not loaded as
 * its id.
 */
export type Serialized<T> = { -readonly [K in ReadKey<T>]: SerializedValue<T[K]> };

export type SerializedValue<P> = P extends string | number | boolean | null | undefined
  ? P
  : P extends bigint
    ? number | string
    : P extends LinkTo<infer U>
      ? string | Serialized<U>
      : P extends LinksTo<infer U>
        ? (string | Serialized<U>)[]
        : P extends { toJSON(): infer J }
          ? J
          : P extends Date | Decimal | { readonly [VALUE_KIND]: ValueKind }
            ? string
            : P extends readonly (infer E)[] | ReadonlySet<infer E>
              ? SerializedValue<E>[]
              : P extends object
                ? Serialized<P>
                : P;
