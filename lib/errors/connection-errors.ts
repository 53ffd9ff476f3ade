import { ReverieError, type ErrorDetails } from './reverie-error.js';

/**
 * What became of a call whose connection was lost: `'not-sent'` never left, `'unknown'` was sent and its answer lost
 * (it may or may not have run; it is never sent again by itself).
 */
export type CallOutcome = 'not-sent' | 'unknown';

/** The server cannot be reached, refused the connection, or the connection was lost. */
export class ConnectionError extends ReverieError {
  override readonly code: string = 'CONNECTION';
  readonly outcome: CallOutcome | undefined;
  constructor(details: ErrorDetails & { readonly outcome?: CallOutcome }) {
    super(details);
    this.outcome = details.outcome;
  }
  /** True when the call had already been sent: its effect is unknown. */
  get inFlight(): boolean {
    return this.outcome === 'unknown';
  }
}

/** A deadline passed: connecting, a request, a query's TIMEOUT, or waiting for a lock. */
export class TimeoutError extends ReverieError {
  override readonly code: string = 'TIMEOUT';
  readonly outcome: CallOutcome | undefined;
  /** The pool in numbers, where a request has waited in vain for a place in one. */
  declare readonly stats?: Readonly<Record<string, number>>;
  constructor(
    details: ErrorDetails & { readonly outcome?: CallOutcome; readonly stats?: Readonly<Record<string, number>> },
  ) {
    super(details);
    this.outcome = details.outcome;
    if (details.stats !== undefined) this.stats = details.stats;
  }
}

/** Sign-in, sign-up or a token failed, or the session has expired. */
export class AuthenticationError extends ReverieError {
  override readonly code: string = 'AUTHENTICATION';
}

/** The signed-in user may not do this. */
export class PermissionError extends ReverieError {
  override readonly code: string = 'PERMISSION';
}

/** The connected server, engine or transport has no such feature. */
export class CapabilityError extends ReverieError {
  override readonly code: string = 'CAPABILITY';
}
