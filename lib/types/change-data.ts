import type { Decimal } from '../values/index.js';
import type { FieldOperation, MemberOperation } from './field-operations.js';
import type { Fragment } from './fragment.js';
import type { IsAny, Unreadable } from './markers.js';
import type { LinksTo, LinkTo, MemberInput } from './relations.js';
import type { UpdateData } from './update-data.js';

/**
 * Changes that are written past the unit of work: values, `surql`, and operations on what a field holds.
 *
 * ```ts
 * await em.patch(Post, id, { title: 'New', stars: increment(1), seen: surql`time::now()` });
 * ```
 */
export type ChangeData<T> = {
  [K in keyof UpdateData<T>]?:
    UpdateData<T>[K] | Fragment<UpdateData<T>[K] | null> | (K extends keyof T ? OperationOn<T[K]> : never);
};

type OperationOn<P> =
  IsAny<P> extends true
    ? FieldOperation
    : | (undefined extends P ? FieldOperation<'unset', never> : never)
      | Members<Exclude<P, Unreadable | undefined | null>>;

type Members<P> =
  P extends LinksTo<infer U extends object>
    ? MemberOperation<MemberInput<U>>
    : P extends LinkTo<unknown>
      ? never
      : P extends readonly (infer E)[] | ReadonlySet<infer E>
        ? MemberOperation<E>
        : P extends number | bigint | Decimal
          ? FieldOperation<'increment', number | bigint | Decimal>
          : never;
