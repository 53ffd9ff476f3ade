/** Where a change feed begins, and how it asks. */
export interface ChangesOptions {
  /**
   * A cursor (`feed.cursor`, or its text): what came after it. A date: what was committed at or after it, by the server's clock.
   * Left out, everything that the changefeeds still hold.
   */
  readonly since?: Date | bigint | string | undefined;
  /** Transactions a request; default 100. */
  readonly batch?: number;
  /** Milliseconds between two requests while nothing happens; default 500. */
  readonly pollInterval?: number;
  /** Fills `original` and `changedFields`; every table must have `changefeed: { includeOriginal: true }`. */
  readonly includeOriginal?: boolean;
  /** Ends the feed. */
  readonly signal?: AbortSignal;
}
