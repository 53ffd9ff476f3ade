import type { FindOptions } from './find-options.js';
import type { Decimal } from '../values/index.js';
import type { AnyFragment } from './fragment.js';
import type { Direction, TextComparison } from './order-by.js';
import type { PathValue } from './path-value.js';
import type { Where, WhereObject } from './where.js';

const AGGREGATE: unique symbol = Symbol.for('reverie.aggregate');

export type AggregateKind =
  | 'count'
  | 'countIf'
  | 'countDistinct'
  | 'sum'
  | 'avg'
  | 'median'
  | 'stddev'
  | 'variance'
  | 'min'
  | 'max'
  | 'collect'
  | 'distinct';

/** What the path is of: a field by its path, or an expression. */
export type AggregateOf = string | AnyFragment;

/** One value made of many records; what the functions below give. */
export interface Aggregate<K extends AggregateKind = AggregateKind, P = unknown> {
  readonly [AGGREGATE]: K;
  /** A path, an expression, or the condition of `countIf`. */
  readonly of?: P;
}

function aggregate<K extends AggregateKind, P>(kind: K, of: P): Aggregate<K, P> {
  return Object.freeze({ [AGGREGATE]: kind, of });
}

export function isAggregate(candidate: unknown): candidate is Aggregate {
  return typeof candidate === 'object' && candidate !== null && AGGREGATE in candidate;
}

export function kindOfAggregate(candidate: Aggregate): AggregateKind {
  return candidate[AGGREGATE];
}

/**
 * How many records there are: `count()`.
 *
 * ```ts
 * await em.aggregate(Order, { groupBy: ['status'], select: { n: count() } });   // [{ status: 'open', n: 3 }, …]
 * ```
 */
export const count = (): Aggregate<'count', undefined> => aggregate('count', undefined);

/** How many of the records meet a condition: `countIf({ paid: true })`. */
export const countIf = <const W extends object>(where: W): Aggregate<'countIf', W> => aggregate('countIf', where);

/** How many different values a field has; records that lack it do not count. */
export const countDistinct = <const P extends AggregateOf>(of: P): Aggregate<'countDistinct', P> =>
  aggregate('countDistinct', of);

/** `math::sum`; null where no record has a value. */
export const sum = <const P extends AggregateOf>(of: P): Aggregate<'sum', P> => aggregate('sum', of);

/** `math::mean`, of decimals their sum divided, which rounds nothing; null where no record has a value. */
export const avg = <const P extends AggregateOf>(of: P): Aggregate<'avg', P> => aggregate('avg', of);
/** The same as `avg`, by the server's own name: `math::mean`. */
export const mean = avg;

/** `math::median`, a number of decimals too; null where no record has a value. */
export const median = <const P extends AggregateOf>(of: P): Aggregate<'median', P> => aggregate('median', of);

/** `math::stddev`, of a sample; null where no record has a value. */
export const stddev = <const P extends AggregateOf>(of: P): Aggregate<'stddev', P> => aggregate('stddev', of);

/** `math::variance`, of a sample; null where no record has a value. */
export const variance = <const P extends AggregateOf>(of: P): Aggregate<'variance', P> => aggregate('variance', of);

/** The least value of numbers, dates, texts and whatever else has an order; null where no record has one. */
export const min = <const P extends AggregateOf>(of: P): Aggregate<'min', P> => aggregate('min', of);

/** The greatest value; null where no record has one. */
export const max = <const P extends AggregateOf>(of: P): Aggregate<'max', P> => aggregate('max', of);

/** All values as a list; records that lack the field add nothing. */
export const collect = <const P extends AggregateOf>(of: P): Aggregate<'collect', P> => aggregate('collect', of);

/** The different values as a list. */
export const distinct = <const P extends AggregateOf>(of: P): Aggregate<'distinct', P> => aggregate('distinct', of);

/** A path, or one expression under a name: `{ day: surql\`time::floor(at, 1d)\` }`. */
export type GroupKey = string | Readonly<Record<string, AnyFragment>>;
type Selection = Readonly<Record<string, Aggregate>>;

/** What the path of each aggregate must be: a path that leads nowhere does not compile. */
export type CheckedSelection<T, S extends Selection> = { readonly [A in keyof S]: CheckedAggregate<T, S[A]> };
type CheckedAggregate<T, A> =
  A extends Aggregate<'countIf', infer W>
    ? W extends AnyFragment | (WhereObject<T> & { readonly [K in Exclude<keyof W, keyof WhereObject<T>>]: never })
      ? A
      : Aggregate<'countIf', `no where of this entity`>
    : A extends Aggregate<infer K, infer P>
      ? P extends string
        ? [PathValue<T, P>] extends [never]
          ? Aggregate<K, `no field of this entity`>
          : A
        : A
      : never;

export type CheckedGroups<T, G extends readonly GroupKey[]> = {
  readonly [I in keyof G]: G[I] extends string
    ? [PathValue<T, G[I]>] extends [never]
      ? `no field of this entity`
      : G[I]
    : G[I];
};

/** One row of an aggregate: the keys of its group, and what was made of the records in it. */
export type AggregateRow<T, G extends readonly GroupKey[], S extends Selection> = {
  readonly [K in Extract<G[number], string>]: PathValue<T, K> | null;
} & { readonly [K in NamesOf<Exclude<G[number], string>>]: unknown } & {
  readonly [A in keyof S]: ResultOf<T, S[A]>;
};
type NamesOf<K> = K extends Readonly<Record<infer Name extends string, AnyFragment>> ? Name : never;

type ResultOf<T, A> =
  A extends Aggregate<infer K, infer P>
    ? K extends 'count' | 'countIf' | 'countDistinct'
      ? number
      : K extends 'collect' | 'distinct'
        ? ValueOf<T, P>[]
        : K extends 'min' | 'max'
          ? ValueOf<T, P> | null
          : K extends 'sum' | 'avg'
            ? NumberOf<ValueOf<T, P>> | null
            : number | null
    : never;
type ValueOf<T, P> = P extends string ? PathValue<T, P> : unknown;
type NumberOf<V> = unknown extends V
  ? number
  : V extends Decimal
    ? Decimal
    : V extends bigint
      ? number | bigint
      : number;

/** Which records, how they are grouped, and what is made of each group. */
export interface AggregateOptions<T, G extends readonly GroupKey[], S extends Selection> {
  readonly where?: Where<T>;
  /** Paths whose values make the groups; without it all records are one. */
  readonly groupBy?: G & CheckedGroups<T, G>;
  readonly select: S & CheckedSelection<T, S>;
  /** Conditions on what was made of the groups: `{ n: { $gt: 1 } }`. */
  readonly having?: Having<GroupNames<G> | (keyof S & string)>;
  /**
   * By what was made of the groups, and by their keys; the keys break ties. Texts take a comparison: `{ name: { collate: true } }`.
   */
  readonly orderBy?: Order<GroupNames<G> | (keyof S & string)>;
  readonly limit?: number;
  readonly offset?: number;
  readonly useIndex?: string | readonly string[];
  readonly noIndex?: boolean;
  /** Milliseconds that the server may take. */
  readonly timeout?: number;
  /** Of the records as they were at that time, on an engine that keeps versions. */
  readonly version?: Date;
  /** As of a read. */
  readonly filters?: FindOptions<object>['filters'];
  readonly cache?: FindOptions<object>['cache'];
  readonly signal?: AbortSignal;
}

type GroupNames<G extends readonly GroupKey[]> = Extract<G[number], string> | NamesOf<Exclude<G[number], string>>;
type Order<N extends string> = OrderKeys<N> | readonly OrderKeys<N>[];
/** Which of them are texts, and take a comparison, is known when it runs. */
type OrderKeys<N extends string> = {
  readonly [K in N]?: Direction | (TextComparison & { readonly direction?: Direction });
};
type Having<N extends string> = { readonly [K in N]?: string | number | bigint | boolean | object | null } & {
  readonly $and?: readonly Having<N>[];
  readonly $or?: readonly Having<N>[];
  readonly $not?: Having<N>;
};
