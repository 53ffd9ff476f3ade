/** Type-only: what an expression gives. */
declare const RESULT: unique symbol;

/**
 * What `surql` and `fn` make, as far as a place that takes one has to know. `V` is what it gives; left out it is trusted to fit
 * wherever it stands, as the text of a user is.
 */
export interface Fragment<out V = never> {
  readonly kind: 'Fragment';
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
  /** In a list of one: an optional member would lose its `undefined`. */
  readonly [RESULT]?: readonly [V];
}

/** Whatever it gives. */
export type AnyFragment = Fragment<unknown>;

/** What an expression gives; `unknown` for text of the user's own. */
export type ResultOf<E> = E extends Fragment<infer V> ? ([V] extends [never] ? unknown : V) : never;
