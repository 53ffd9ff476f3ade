import type { RetryOptions } from './retry.js';

export type Propagation = 'REQUIRED' | 'REQUIRES_NEW' | 'NESTED' | 'SUPPORTS' | 'MANDATORY' | 'NOT_SUPPORTED' | 'NEVER';

export interface TransactionOptions {
  /**
   * `deferred` (default): reads go straight through, writes leave as one atomic request at the end, live events are sent.
   * `interactive`: `begin … commit` on the connection; reads see own writes; no live events; not over http.
   */
  readonly mode?: 'deferred' | 'interactive';
  /** `changed` (default): what is written is guarded by what was read of it; `read`: what was only read, too. */
  readonly guard?: 'changed' | 'read';
  readonly propagation?: Propagation;
  /** All runs counted; false: one run only. */
  readonly retry?: RetryOptions | false;
  /** Milliseconds for the whole block. */
  readonly timeout?: number;
}
