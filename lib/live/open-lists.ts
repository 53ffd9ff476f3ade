/** What can be read again. */
export interface Resyncable {
  /** Never rejects. */
  resync(): Promise<void>;
}

/** The live lists that are open: what the server tells nobody of is made up for by reading again. */
export class OpenLists {
  readonly #lists = new Set<Resyncable>();

  add(list: Resyncable): void {
    this.#lists.add(list);
  }

  delete(list: Resyncable): void {
    this.#lists.delete(list);
  }

  get size(): number {
    return this.#lists.size;
  }

  /** Something was committed without live events. */
  resync(): void {
    for (const list of this.#lists) void list.resync();
  }
}
