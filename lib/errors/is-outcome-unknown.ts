import { ReverieError } from './reverie-error.js';

/** Whether a call was sent and its answer lost: it may or may not have run. */
export function isOutcomeUnknown(error: unknown): boolean {
  return ReverieError.is(error) && (error as { readonly outcome?: unknown }).outcome === 'unknown';
}
