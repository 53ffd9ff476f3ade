/**
 * Admits one piece of work at a time, first come first served. The engine's conflict detection on `mem://` and
 * `surrealkv://` is unsound under parallel commits (lost updates, doubled unique values), so all requests of one
 * engine that may write pass its gate.
 */
export class WriteGate {
  #last: Promise<unknown> = Promise.resolve();
  readonly #closed: boolean;

  constructor(options: { readonly open?: boolean } = {}) {
    this.#closed = options.open !== true;
  }

  /** A gate that lets everything through: for `rocksdb://`, which needs none, and for tests that show the loss. */
  static open(): WriteGate {
    return new WriteGate({ open: true });
  }

  /** Runs the work when all that came earlier is done, whether it succeeded or failed. */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#closed) return work();
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined);
    return run;
  }
}
