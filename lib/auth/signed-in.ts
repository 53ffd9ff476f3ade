import type { Tokens } from '../driver/connect.js';

/** Who has signed in, and what says so. */
export interface SignedIn<T> extends Tokens {
  readonly user: T;
}
