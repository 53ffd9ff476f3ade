import { deadline } from '../driver/timers.js';

/** Flushes and transactions that are under way, so that closing can wait for what was started before it. */
export class PendingWork {
  readonly #running = new Set<Promise<unknown>>();

  track<R>(work: Promise<R>): Promise<R> {
    this.#running.add(work);
    const done = () => void this.#running.delete(work);
    work.then(done, done);
    return work;
  }

  /** Settles when all of it has ended, well or not, or when the time is up. */
  async settled(timeout: number): Promise<void> {
    if (this.#running.size === 0) return;
    let cancel: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (cancel = deadline(timeout, resolve)));
    await Promise.race([Promise.allSettled([...this.#running]), late]);
    cancel();
  }
}
