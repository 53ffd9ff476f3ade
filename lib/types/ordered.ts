import type { AnyFragment } from './fragment.js';
import type { Direction, TextComparison } from './order-by.js';

const ORDERED: unique symbol = Symbol.for('reverie.ordered');

/** An expression to sort by, and which way; what `asc` and `desc` give. */
export interface Ordered {
  readonly [ORDERED]: Direction;
  readonly by: AnyFragment;
  /** How texts are compared; by code points unless given. */
  readonly comparison?: TextComparison;
}

export function isOrdered(candidate: unknown): candidate is Ordered {
  return typeof candidate === 'object' && candidate !== null && ORDERED in candidate;
}

export const directionOfOrdered = (ordered: Ordered): Direction => ordered[ORDERED];

/**
 * The least value of an expression first, as a key of `orderBy`; records without one come before all others.
 *
 * ```ts
 * await em.find(User, {}, { orderBy: [asc(fn.string.len(field(User, 'name'))), { name: 'asc' }] });
 * await em.find(User, {}, { orderBy: asc(surql`nick ?? name`, { collate: true }) });
 * ```
 */
export const asc = (by: AnyFragment, comparison?: TextComparison): Ordered => ordered('asc', by, comparison);

/** The greatest value first: `orderBy: desc(fn.math.abs(field(Entry, 'amount')))`. */
export const desc = (by: AnyFragment, comparison?: TextComparison): Ordered => ordered('desc', by, comparison);

function ordered(direction: Direction, by: AnyFragment, comparison: TextComparison | undefined): Ordered {
  return Object.freeze({ [ORDERED]: direction, by, ...(comparison !== undefined && { comparison }) });
}
