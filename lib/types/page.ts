/** One page of a longer result, and the cursors to go on from. */
export interface Page<T> {
  readonly items: readonly T[];
  /** For `before`; null on an empty page. */
  readonly startCursor: string | null;
  /** For `after`; null on an empty page. */
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** All that match, when asked for with `total: true`. */
  readonly total?: number;
}
