import type { IsWriteOnly, Unreadable } from './markers.js';
import type { LinksTo, LinkTo } from './relations.js';

/** Keys that TypeScript declares `readonly`, of which the server makes the value. */
type Same<A, B> = (<G>() => G extends A ? 1 : 2) extends <G>() => G extends B ? 1 : 2 ? true : false;
export type IsReadonly<T, K extends keyof T> =
  Same<{ [Q in K]: T[K] }, { -readonly [Q in K]: T[K] }> extends true ? false : true;

/** Keys that hold data: no methods, no symbols. */
export type DataKey<T> = {
  [K in keyof T]-?: K extends string ? (T[K] extends (...args: never[]) => unknown ? never : K) : never;
}[keyof T];

/** Keys that may be read, filtered and sorted by. */
export type ReadKey<T> = { [K in DataKey<T>]: IsWriteOnly<T[K]> extends true ? never : K }[DataKey<T>];

/** What is written and never read, to be compared with. */
export type Secrets<T> = {
  readonly [K in DataKey<T> as IsWriteOnly<T[K]> extends true ? K : never]?: Exclude<
    T[K],
    Unreadable | undefined | null
  >;
};

/** Keys of links and collections of links. */
export type RelationKey<T> = {
  [K in keyof T]-?: K extends string
    ? NonNullable<T[K]> extends LinkTo<unknown> | LinksTo<unknown>
      ? K
      : never
    : never;
}[keyof T];
