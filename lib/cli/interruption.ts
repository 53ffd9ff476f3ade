import { EXIT } from './exit-codes.js';
import type { Output } from './output.js';

/** Thrown where work that can be gone on with was told to stop. */
export class Interrupted extends Error {}

const ESCAPE = String.fromCharCode(27);
const ERASE_LINE = `\r${ESCAPE}[2K`;
const SHOW_CURSOR = `${ESCAPE}[?25h`;

/**
 * Ctrl-C between two parts of long work: what is under way ends, and what was done is known. Pressed again it ends the process.
 */
export class Interruption {
  #asked = false;
  readonly #note: () => void;

  constructor(output: Output) {
    const over = output.animated ? ERASE_LINE : '';
    this.#note = () => {
      if (this.#asked) {
        if (output.animated) process.stderr.write(SHOW_CURSOR);
        process.exit(EXIT.interrupted);
      }
      this.#asked = true;
      output.info(`${over}Stopping after what is under way; Ctrl-C once more ends it at once.`);
    };
    process.on('SIGINT', this.#note);
    process.on('SIGTERM', this.#note);
  }

  /** @throws Interrupted once it was asked for, with what was done and how to go on */
  check(message: () => string): void {
    if (this.#asked) throw new Interrupted(`Interrupted ${message()}`);
  }

  done(): void {
    process.off('SIGINT', this.#note);
    process.off('SIGTERM', this.#note);
  }
}
