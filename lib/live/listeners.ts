import type { ErrorReporter } from '../subscribers/report-error.js';

type Callback = (value: never) => unknown;

/** Callbacks by event. What one of them throws is reported, and keeps no other from being called. */
export class Listeners<Events extends object> {
  readonly #callbacks = new Map<keyof Events, Set<Callback>>();
  readonly #report: ErrorReporter;

  constructor(report: ErrorReporter) {
    this.#report = report;
  }

  add<E extends keyof Events>(event: E, callback: (value: Events[E]) => unknown): void {
    const callbacks = this.#callbacks.get(event);
    if (callbacks === undefined) this.#callbacks.set(event, new Set([callback as Callback]));
    else callbacks.add(callback as Callback);
  }

  delete<E extends keyof Events>(event: E, callback: (value: Events[E]) => unknown): void {
    this.#callbacks.get(event)?.delete(callback as Callback);
  }

  count(event: keyof Events): number {
    return this.#callbacks.get(event)?.size ?? 0;
  }

  hasOtherThan(...events: readonly (keyof Events)[]): boolean {
    for (const [event, callbacks] of this.#callbacks) if (callbacks.size > 0 && !events.includes(event)) return true;
    return false;
  }

  emit<E extends keyof Events>(event: E, value: Events[E]): void {
    for (const callback of [...(this.#callbacks.get(event) ?? [])]) {
      this.guard(() => (callback as (value: Events[E]) => unknown)(value));
    }
  }

  guard(callback: () => unknown): void {
    try {
      const result = callback();
      if (isThenable(result)) Promise.resolve(result).catch((error: unknown) => this.#report(error, WHERE));
    } catch (error) {
      this.#report(error, WHERE);
    }
  }
}

const WHERE = 'a callback of a live stream';

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
