/** A pause that keeps the process alive, and that can be cut short. */
export class Nap {
  readonly over: Promise<void>;
  readonly #wake: () => void;
  readonly #ends: number;
  #timer: ReturnType<typeof setTimeout>;

  constructor(milliseconds: number) {
    let wake: () => void = () => undefined;
    this.over = new Promise((resolve) => (wake = resolve));
    this.#wake = wake;
    this.#ends = performance.now() + milliseconds;
    this.#timer = setTimeout(wake, milliseconds);
  }

  /** Lasts no longer than so many milliseconds from now. */
  hurry(milliseconds: number): void {
    if (performance.now() + milliseconds >= this.#ends) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#wake, milliseconds);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#wake();
  }
}
