import { AuthenticationError } from '../errors/index.js';
import { after } from './timers.js';

export interface SessionEndParts {
  /** Whether somebody would be left with an expired sign-in: nobody can renew it, and a live query is open. */
  readonly concerns: () => boolean;
  /** What tells one sign-in from another. */
  readonly signIn: () => unknown;
  /** When the sign-in runs out, in milliseconds since 1970; rejects once it has. */
  readonly expiry: () => Promise<number | undefined>;
  readonly ended: (error: AuthenticationError) => void;
}

/** Milliseconds after which a server that could not be asked is asked again. */
const RETRY = 1_000;

/**
 * Ends live queries with their sign-in where nobody can renew it: by itself the server would go on, or fall silent, and say nothing
 * about it.
 */
export class SessionEnd {
  readonly #parts: SessionEndParts;
  /** The sign-in that is looked after. */
  #signIn: unknown;
  #disarm: (() => void) | undefined;

  constructor(parts: SessionEndParts) {
    this.#parts = parts;
  }

  /** A live query was opened. Somebody may have signed in anew since the last one. */
  async watch(): Promise<void> {
    const signIn = this.#parts.signIn();
    if (this.#signIn === signIn) return;
    this.#disarm?.();
    this.#signIn = signIn;
    await this.#look();
  }

  /** Nobody is left who would have to be told. */
  stop(): void {
    this.#signIn = undefined;
    this.#disarm?.();
  }

  /** Asks when that will be, and again then: a connection that was lost meanwhile has signed in once more. */
  async #look(): Promise<void> {
    if (!this.#parts.concerns()) return this.stop();
    const signIn = this.#signIn;
    const answer = await this.#parts.expiry().catch((error: unknown) => error);
    if (signIn !== this.#signIn) return;
    if (answer instanceof AuthenticationError) {
      this.stop();
      this.#parts.ended(ranOut(answer));
    } else if (answer !== undefined) this.#lookAfter(typeof answer === 'number' ? answer - Date.now() : RETRY);
  }

  #lookAfter(milliseconds: number): void {
    this.#disarm = after(Math.max(1, milliseconds), () => void this.#look());
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
