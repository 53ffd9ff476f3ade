import { ReverieError, type ErrorDetails } from './reverie-error.js';

/**
 * - `killed`: the server ended the live query (its table was removed, or somebody ran KILL)
 * - `overflow`: events came faster than they were taken
 * - `row`: an event could not be turned into an entity
 */
export type LiveEndReason = 'killed' | 'overflow' | 'row';

/** A live stream ended against the will of its reader; events after this one are missed. */
export class LiveError extends ReverieError {
  override readonly code: string = 'LIVE';
  readonly reason: LiveEndReason;
  constructor(details: ErrorDetails & { readonly reason: LiveEndReason }) {
    super(details);
    this.reason = details.reason;
  }
}
