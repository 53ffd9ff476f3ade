declare const SUBQUERY: unique symbol;

/** A query that stands for a list of values, such as `em.select(Order).where({ … }).value('buyer')`. */
export interface Subquery<V> {
  /** Type-only: what one of its values is. */
  readonly [SUBQUERY]?: V;
  toSurql(): { readonly text: string };
}
