import { ReverieError, type ErrorDetails } from './reverie-error.js';

/** A subscriber's hook broke the rules of hooks: an around hook that called `next()` twice or not at all, an async `onInit`. */
export class SubscriberError extends ReverieError {
  override readonly code: string = 'SUBSCRIBER';
}

/**
 * A hook failed after the changes had been committed. The data is in the database and the unit of work agrees with it:
 * flushing again would write nothing, and a transaction is not run again. `cause` is what the first failing hook threw,
 * `errors` what every failing hook threw.
 */
export class AfterCommitError extends ReverieError {
  override readonly code: string = 'AFTER_COMMIT';
  readonly errors: readonly unknown[];
  constructor(details: ErrorDetails & { readonly errors: readonly unknown[] }) {
    super({ ...details, cause: details.errors[0] });
    this.errors = details.errors;
  }
}
