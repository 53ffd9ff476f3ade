import { uuidKey } from './wire-uuid.js';

/** An interactive transaction of one connection; its statements run one after another. */
export class OpenTransaction {
  readonly id: Uint8Array;
  #last: Promise<unknown> = Promise.resolve();

  constructor(id: Uint8Array) {
    this.id = id;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

/** The transactions a connection has open. Engine ids are global, so this table is what keeps connections apart. */
export class TransactionTable {
  readonly #open = new Map<string, OpenTransaction>();
  readonly #limit: number;
  #reserved = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a place for a transaction that is being opened; false when the connection has too many. */
  reserve(): boolean {
    if (this.#open.size + this.#reserved >= this.#limit) return false;
    this.#reserved += 1;
    return true;
  }

  /** Gives a reserved place back, filled when the engine answered with an id. */
  settle(id: Uint8Array | undefined): void {
    this.#reserved -= 1;
    if (id !== undefined) this.#open.set(uuidKey(id), new OpenTransaction(id));
  }

  get(id: Uint8Array): OpenTransaction | undefined {
    return this.#open.get(uuidKey(id));
  }

  remove(transaction: OpenTransaction): void {
    this.#open.delete(uuidKey(transaction.id));
  }

  /** All of them, in the order they were opened. */
  list(): readonly OpenTransaction[] {
    return [...this.#open.values()];
  }
}
