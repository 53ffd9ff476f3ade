import type { RecordId, Uuid } from '../values/index.js';
import type { TextForm } from './create-data.js';
import type { AnyFragment } from './fragment.js';
import type { ReadKey } from './keys.js';
import type { IsAny } from './markers.js';
import type { IdInput, LinksTo, LinkTo, MemberInput } from './relations.js';
import type { Atom } from './value-kinds.js';
import type {
  AnyOperators,
  LinkOperators,
  LinksOperators,
  ListOperators,
  Operators,
  Value,
} from './where-operators.js';

/**
 * Which records: conditions by property, a key, a RecordId, `'user:abc'`, or `surql`.
 *
 * ```ts
 * { $or: [{ title: { $icontains: q } }, { author: { name: 'Ann' } }], tags: { $containsAny: ['a'] } }
 * ```
 */
export type Where<T> = WhereObject<T> | AnyFragment | RecordId | string | number | bigint | Uuid | readonly unknown[];

/** Conditions by property; all of them must hold. */
export type WhereObject<T> = {
  readonly [K in ReadKey<T>]?: K extends 'id' ? IdCondition<T> : Condition<T[K]>;
} & Junctions<T>;

interface Junctions<T> {
  /** All must hold; an empty list matches everything. */
  readonly $and?: readonly (WhereObject<T> | AnyFragment)[];
  /** One must hold; an empty list matches nothing. */
  readonly $or?: readonly (WhereObject<T> | AnyFragment)[];
  /** The complement. */
  readonly $not?: WhereObject<T> | AnyFragment;
}

type IdCondition<T> = Value<IdInput<T>> | LinkOperators<IdInput<T>>;

/** What may stand behind a property of type `P`. NONE is asked for with `null` where the property may be missing. */
type Condition<P> =
  IsAny<P> extends true ? unknown : ConditionOf<NonNullable<P>> | (P extends null | undefined ? null : never);

type ConditionOf<P> = [keyof P] extends [never]
  ? unknown
  : [P] extends [LinkTo<infer U extends object>]
    ? Value<MemberInput<U>> | WhereObject<U> | LinkOperators<MemberInput<U>>
    : [P] extends [LinksTo<infer U extends object>]
      ? WhereObject<U> | LinksOperators<U, MemberInput<U>>
      : [P] extends [Atom]
        ? Value<P | TextForm<P>> | Operators<P | TextForm<P>>
        : [P] extends [readonly (infer E)[] | ReadonlySet<infer E>]
          ? Value<P | readonly E[]> | ListOperators<E, P> | ElementCondition<E>
          : [P] extends [object]
            ? WhereObject<P> | AnyOperators<P> | AnyFragment
            : Value<P> | Operators<P>;

/** Arrays of embedded objects are reached by path. */
type ElementCondition<E> = [E] extends [Atom | readonly unknown[]] ? never : WhereObject<E>;
