/** Thrown where work that can be gone on with was told to stop. */
export class Interrupted extends Error {}

/**
 * Ctrl-C between two parts of long work: what is under way ends, and what was done is known. Pressed again it ends the process.
 */
export class Interruption {
  #asked = false;
  readonly #note = (): void => {
    this.#asked = true;
  };

  constructor() {
    process.once('SIGINT', this.#note);
    process.once('SIGTERM', this.#note);
  }

  /** @throws Interrupted once it was asked for */
  check(message: string): void {
    if (this.#asked) throw new Interrupted(message);
  }

  done(): void {
    process.off('SIGINT', this.#note);
    process.off('SIGTERM', this.#note);
  }
}
