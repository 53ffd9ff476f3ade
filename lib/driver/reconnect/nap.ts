import { deadline } from '../timers.js';

/** A pause that keeps the process alive, and that can be cut short. */
export class Nap {
  readonly over: Promise<void>;
  readonly #wake: () => void;
  readonly #ends: number;
  #cancel: () => void;

  constructor(milliseconds: number) {
    let wake: () => void = () => undefined;
    this.over = new Promise((resolve) => (wake = resolve));
    this.#wake = wake;
    this.#ends = performance.now() + milliseconds;
    this.#cancel = deadline(milliseconds, wake);
  }

  /** Lasts no longer than so many milliseconds from now. */
  hurry(milliseconds: number): void {
    if (performance.now() + milliseconds >= this.#ends) return;
    this.#cancel();
    this.#cancel = deadline(milliseconds, this.#wake);
  }

  end(): void {
    this.#cancel();
    this.#wake();
  }
}
