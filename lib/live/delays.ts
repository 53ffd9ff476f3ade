import { after } from '../driver/timers.js';

/** Something that is done some times after an event; another event begins anew. */
export class Delays {
  readonly #milliseconds: readonly number[];
  readonly #act: () => void;
  #timers: readonly (() => void)[] = [];

  constructor(milliseconds: readonly number[], act: () => void) {
    this.#milliseconds = milliseconds;
    this.#act = act;
  }

  begin(): void {
    this.cancel();
    this.#timers = this.#milliseconds.map((delay) => after(delay, this.#act));
  }

  cancel(): void {
    for (const cancel of this.#timers) cancel();
  }
}
