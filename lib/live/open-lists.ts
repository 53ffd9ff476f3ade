import { after } from '../driver/timers.js';

/** What can be read again. */
export interface Resyncable {
  missed(): void;
}

/** Milliseconds after which lists are read again while a commit may still be on its way. */
const LATER: readonly number[] = [250, 1_000, 5_000, 15_000];

/** The live lists that are open: what the server tells nobody of is made up for by reading again. */
export class OpenLists {
  readonly #lists = new Set<Resyncable>();
  readonly #timers = new Set<() => void>();

  add(list: Resyncable): void {
    this.#lists.add(list);
  }

  delete(list: Resyncable): void {
    this.#lists.delete(list);
    if (this.#lists.size > 0) return;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  get size(): number {
    return this.#lists.size;
  }

  /** Something was committed without live events. */
  resync(): void {
    for (const list of this.#lists) list.missed();
  }

  /**
   * The answer to such a commit was lost. The server may still be about to make it, after the lists have been read over the new
   * connection: they are read again, ever more rarely, for a while.
   */
  resyncForAWhile(): void {
    this.resync();
    for (const delay of LATER) {
      const cancel = after(delay, () => {
        this.#timers.delete(cancel);
        this.resync();
      });
      this.#timers.add(cancel);
    }
  }
}
