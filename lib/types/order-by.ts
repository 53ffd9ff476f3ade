import type { Geometry, Point } from '../values/index.js';
import type { AnyFragment } from './fragment.js';
import type { ReadKey } from './keys.js';
import type { Ordered } from './ordered.js';
import type { LinksTo, LinkTo } from './relations.js';
import type { Atom, Container } from './value-kinds.js';

export type Direction = 'asc' | 'desc';

/**
 * The order of a result; several keys count in the order in which they stand, or as a list of objects.
 *
 * ```ts
 * { author: { name: 'asc' }, at: 'desc' }
 * [desc(fn.string.len(field(User, 'name'))), { name: 'asc' }]
 * ```
 */
export type OrderBy<T> = OrderByEntry<T> | readonly OrderByEntry<T>[];

/** Fields with their directions; an expression (the least value first), or one with its direction. */
type OrderByEntry<T> = OrderByKeys<T> | AnyFragment | Ordered;

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
