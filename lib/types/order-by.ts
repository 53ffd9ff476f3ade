import type { Geometry, Point } from '../values/index.js';
import type { ReadKey } from './keys.js';
import type { LinksTo, LinkTo } from './relations.js';
import type { Atom, Container } from './value-kinds.js';

export type Direction = 'asc' | 'desc';

/**
 * The order of a result; several keys count in the order in which they stand, or as a list of objects.
 *
 * ```ts
 * { author: { name: 'asc' }, at: 'desc' }
 * ```
 */
export type OrderBy<T> = OrderByKeys<T> | readonly OrderByKeys<T>[];

type OrderByKeys<T> = { readonly [K in ReadKey<T>]?: OrderByValue<NonNullable<T[K]>> };

type OrderByValue<P> =
  P extends LinkTo<infer U>
    ? Direction | OrderByKeys<U>
    : P extends LinksTo<unknown>
      ? never
      : P extends Geometry
        ? Direction | { readonly distanceTo: Point; readonly direction?: Direction }
        : P extends Atom | Container
          ? Direction
          : P extends object
            ? Direction | OrderByKeys<P>
            : Direction;
