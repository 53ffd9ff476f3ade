/** A record of a live list, with the values that it is sorted by; its id comes last among them. */
export interface ListEntry<T extends object> {
  /** Tells records apart. */
  readonly key: string;
  readonly entity: T;
  readonly place: readonly unknown[];
}

/** Below 0 when the first comes first; undefined where that cannot be told here. */
export type ComparePlaces = (left: readonly unknown[], right: readonly unknown[]) => number | undefined;

/** A record that the window shows, no longer shows, or shows elsewhere. */
export interface WindowMove<T extends object> {
  readonly entry: ListEntry<T>;
  /** Where it stood; undefined when it was not shown. */
  readonly from: number | undefined;
  /** Where it stands; undefined when it is not shown. */
  readonly to: number | undefined;
}

/** The order of two records cannot be told here: the server has to be asked. */
export class UnknownOrder extends Error {}

export interface WindowOptions {
  /** How many records are shown. */
  readonly limit: number;
  /** How many further ones are kept, to move up when shown ones go. */
  readonly spare: number;
  readonly compare: ComparePlaces;
}

/**
 * The first records of a result in their order, and some spare ones behind them. What lies beyond is unknown: a record that would
 * stand there is let go of, and when the spare ones are used up the window is `short`.
 */
export class SortedWindow<T extends object> {
  readonly #options: WindowOptions;
  #entries: ListEntry<T>[] = [];
  readonly #byKey = new Map<string, ListEntry<T>>();
  #hasBeyond = false;

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  /** The records shown. */
  get shown(): readonly ListEntry<T>[] {
    return this.#entries.length > this.#options.limit ? this.#entries.slice(0, this.#options.limit) : this.#entries;
  }

  /** True when records that should be shown are not known here. */
  get short(): boolean {
    return this.#hasBeyond && this.#entries.length < this.#options.limit;
  }

  /** How many records a read should bring. */
  get capacity(): number {
    return this.#options.limit + this.#options.spare;
  }

  find(key: string): ListEntry<T> | undefined {
    return this.#byKey.get(key);
  }

  /** Takes the answer of a read, in its order. */
  reset(entries: readonly ListEntry<T>[]): void {
    this.#entries = [...entries];
    this.#hasBeyond = entries.length >= this.capacity;
    this.#byKey.clear();
    for (const entry of entries) this.#byKey.set(entry.key, entry);
  }

  /** Puts a record, known or new, where it belongs. @throws UnknownOrder, and nothing has changed then */
  put(entry: ListEntry<T>): WindowMove<T>[] {
    const known = this.#byKey.get(entry.key);
    const from = known === undefined ? undefined : this.#indexOf(known);
    if (from !== undefined) this.#entries.splice(from, 1);
    const to = this.#placeOf(entry, known, from);
    const isBeyond = this.#hasBeyond && to === this.#entries.length;
    if (isBeyond) this.#byKey.delete(entry.key);
    else {
      this.#entries.splice(to, 0, entry);
      this.#byKey.set(entry.key, entry);
    }
    const moves = this.#moves(entry, from, isBeyond ? undefined : to);
    this.#trim();
    return moves;
  }

  /** Takes a record out; of one that is not known nothing moves. */
  take(entry: ListEntry<T>): WindowMove<T>[] {
    const known = this.#byKey.get(entry.key);
    if (known === undefined) return [];
    const from = this.#indexOf(known);
    this.#entries.splice(from, 1);
    this.#byKey.delete(entry.key);
    return this.#moves(entry, from, undefined);
  }

  /** Where the others let it stand; if that cannot be told it goes back to where it was. */
  #placeOf(entry: ListEntry<T>, known: ListEntry<T> | undefined, from: number | undefined): number {
    try {
      return this.#search(entry.place);
    } catch (error) {
      if (known !== undefined && from !== undefined) this.#entries.splice(from, 0, known);
      throw error;
    }
  }

  /** What the move of one record makes of those at the edge: one comes in where it leaves, and goes where it comes in. */
  #moves(entry: ListEntry<T>, before: number | undefined, after: number | undefined): WindowMove<T>[] {
    const { limit } = this.#options;
    const from = before !== undefined && before < limit ? before : undefined;
    const to = after !== undefined && after < limit ? after : undefined;
    if (from === undefined && to === undefined) return [];
    const move = { entry, from, to };
    const last = limit - 1;
    if (from === undefined) {
      const pushed = this.#entries[limit];
      return pushed === undefined ? [move] : [{ entry: pushed, from: last, to: undefined }, move];
    }
    const movedUp = to === undefined ? this.#entries[last] : undefined;
    return movedUp === undefined ? [move] : [move, { entry: movedUp, from: undefined, to: last }];
  }

  #trim(): void {
    while (this.#entries.length > this.capacity) {
      const entry = this.#entries.pop() as ListEntry<T>;
      this.#byKey.delete(entry.key);
      this.#hasBeyond = true;
    }
  }

  #indexOf(known: ListEntry<T>): number {
    const at = this.#search(known.place);
    // Places are unique, but for what the server sorted and cannot be compared here.
    return this.#entries[at] === known ? at : this.#entries.indexOf(known);
  }

  /** The first index whose record does not come before the place. */
  #search(place: readonly unknown[]): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#options.compare((this.#entries[middle] as ListEntry<T>).place, place);
      if (order === undefined) throw new UnknownOrder();
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
