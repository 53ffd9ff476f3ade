import { AuthenticationError } from '../errors/index.js';
import { after } from './timers.js';

export interface SessionEndParts {
  /** Whether somebody would be left with an expired sign-in: it can run out, nobody can renew it, and a live query is open. */
  readonly concerns: () => boolean;
  /** When the sign-in runs out, in milliseconds since 1970; rejects once it has. */
  readonly expiry: () => Promise<number | undefined>;
  readonly ended: (error: AuthenticationError) => void;
}

/** Ends live queries with their sign-in where nobody can renew it: by itself the server would say nothing about it. */
export class SessionEnd {
  readonly #parts: SessionEndParts;
  #disarm: (() => void) | undefined;

  constructor(parts: SessionEndParts) {
    this.#parts = parts;
  }

  /** Looks when that will be; somebody may have signed in anew since the last time. */
  async watch(): Promise<void> {
    this.#disarm?.();
    if (!this.#parts.concerns()) return;
    let expiry: number | undefined;
    try {
      expiry = await this.#parts.expiry();
    } catch (error) {
      if (error instanceof AuthenticationError) this.#parts.ended(ranOut(error));
      return; // a lost connection signs in again, or tells
    }
    if (expiry === undefined) return;
    this.#disarm = after(Math.max(1, expiry - Date.now()), () => void this.watch());
  }
}

function ranOut(cause: AuthenticationError): AuthenticationError {
  return new AuthenticationError({
    what: 'The sign-in that live queries were opened with has run out',
    why: 'it was made with a token, which nobody can renew',
    fix: 'give `auth` as a function that answers with a fresh token, and open them again',
    cause,
  });
}
