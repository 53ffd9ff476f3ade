import type { Geometry, Point } from '../values/index.js';
import type { AnyFragment, Fragment } from './fragment.js';
import type { Subquery } from './subquery.js';
import type { WhereObject } from './where.js';

/** A value, or an expression that gives one. */
export type Value<V> = V | Fragment<V | null | undefined>;

/** Operators of every kind of value. */
export interface AnyOperators<V> {
  readonly $eq?: Value<V> | null;
  /** Keeps records that lack the field. */
  readonly $ne?: Value<V> | null;
  readonly $in?: readonly Value<V | null>[] | Subquery<V> | AnyFragment;
  /** Keeps records that lack the field. */
  readonly $nin?: readonly Value<V | null>[] | Subquery<V> | AnyFragment;
  readonly $isNull?: boolean;
  readonly $isNone?: boolean;
  readonly $exists?: boolean;
  /** The complement. */
  readonly $not?: Operators<V> | AnyFragment;
}

interface OrderOperators<V> extends AnyOperators<V> {
  readonly $gt?: Value<V>;
  readonly $gte?: Value<V>;
  /** Drops records that lack the field. */
  readonly $lt?: Value<V>;
  /** Drops records that lack the field. */
  readonly $lte?: Value<V>;
  /** Both ends included. */
  readonly $between?: readonly [Value<V>, Value<V>];
}

interface TextOperators<V> extends OrderOperators<V> {
  /** `%` any text, `_` one character, `\` escapes. */
  readonly $like?: Value<string>;
  readonly $ilike?: Value<string>;
  readonly $startsWith?: Value<string>;
  readonly $istartsWith?: Value<string>;
  readonly $endsWith?: Value<string>;
  readonly $iendsWith?: Value<string>;
  readonly $contains?: Value<string>;
  readonly $icontains?: Value<string>;
  readonly $notContains?: Value<string>;
  readonly $regex?: RegExp;
  /** Full-text search; the field needs a full-text index. */
  readonly $matches?: Value<string>;
}

/** A circle on the globe. */
export interface Circle {
  readonly center: Point;
  readonly meters: number;
}

interface GeometryOperators<V> extends AnyOperators<V> {
  readonly $within?: Value<Geometry> | Circle;
  readonly $inside?: Value<Geometry>;
  readonly $outside?: Value<Geometry>;
  readonly $intersects?: Value<Geometry>;
  readonly $contains?: Value<Geometry>;
}

/** The operators of a value of type `V`. */
export type Operators<V> = [V] extends [string]
  ? TextOperators<V>
  : [V] extends [Geometry]
    ? GeometryOperators<V>
    : OrderOperators<V>;

/** Operators of `P`, a list or a set of `E`. */
export interface ListOperators<E, P = readonly E[]> extends AnyOperators<P | readonly E[]> {
  readonly $contains?: Value<E>;
  readonly $notContains?: Value<E>;
  readonly $containsAll?: Value<readonly Value<E>[]>;
  readonly $containsAny?: Value<readonly Value<E>[]>;
  readonly $containsNone?: Value<readonly Value<E>[]>;
  /** Every element is one of these. */
  readonly $inside?: Value<readonly Value<E>[]>;
  readonly $size?: number | NumberOperators;
  /** Full-text search in a list of texts, whose words may stand in several elements; the field needs a full-text index. */
  readonly $matches?: E extends string ? Value<string> : never;
}

export type NumberOperators = OrderOperators<number>;

/** Operators of a record link or an id, given in any form that names a record. */
export type LinkOperators<V> = OrderOperators<V>;

/** Operators of the many side of a relation. A plain object means `$some`. */
export interface LinksOperators<U, Member> {
  readonly $some?: WhereObject<U>;
  readonly $every?: WhereObject<U>;
  readonly $none?: WhereObject<U>;
  /** How many members; a number or operators. */
  readonly $size?: number | NumberOperators;
  readonly $contains?: Value<Member>;
  readonly $notContains?: Value<Member>;
  readonly $containsAll?: Value<readonly Member[]>;
  readonly $containsAny?: Value<readonly Member[]>;
  readonly $containsNone?: Value<readonly Member[]>;
  readonly $exists?: boolean;
}
