/** What `surql` makes, as far as a place that takes one has to know. */
export interface Fragment {
  readonly kind: 'Fragment';
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
}
