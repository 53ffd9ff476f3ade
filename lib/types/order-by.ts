import type { Geometry, Point } from '../values/index.js';
import type { AnyFragment } from './fragment.js';
import type { ReadKey } from './keys.js';
import type { Ordered } from './ordered.js';
import type { LinksTo, LinkTo } from './relations.js';
import type { Atom, Container } from './value-kinds.js';

export type Direction = 'asc' | 'desc';

/** How texts are compared; by code points unless said. */
export interface TextComparison {
  /** As in a dictionary: `Äpfel`, `apple`, `Banana`; case and accents decide between texts that are the same otherwise. */
  readonly collate?: boolean;
  /** Digits count as the number that they are: `item 9` before `item 10`. */
  readonly numeric?: boolean;
}

/**
 * The order of a result; several keys count in the order in which they stand, or as a list of objects.
 *
 * ```ts
 * { author: { name: 'asc' }, at: 'desc' }
 * [desc(fn.string.len(field(User, 'name'))), { name: 'asc' }]
 * { name: { collate: true, numeric: true, direction: 'desc' } }
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
          ? P extends string
            ? Direction | (TextComparison & { readonly direction?: Direction })
            : Direction
          : P extends object
            ? Direction | OrderByKeys<P>
            : Direction;
