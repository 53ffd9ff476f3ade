import { SubscriberError } from '../errors/index.js';
import type { Next } from './entity-subscriber.js';

/** A hook that failed when it could no longer prevent anything. */
export interface HookFailure {
  readonly label: string;
  readonly error: unknown;
}

/** An around hook with its event already given. */
export interface AroundCall {
  readonly label: string;
  run(next: Next): unknown;
}

/**
 * Puts hooks around one request, the first outermost. Resolves when the request succeeded, with the failures of hooks
 * that threw afterwards. Rejects when it did not run or failed, even if a hook swallowed that.
 */
export async function runAround(calls: readonly AroundCall[], request: Next): Promise<readonly HookFailure[]> {
  const failures: HookFailure[] = [];
  let succeeded = false;

  const enter = async (index: number): Promise<void> => {
    const call = calls[index];
    if (call === undefined) {
      await request();
      succeeded = true;
      return;
    }
    // Hooks call next() synchronously: without leaving the stack here, a flush of thousands of entities overflows it.
    await Promise.resolve();
    const turn = new Turn(call.label, () => enter(index + 1));
    try {
      await call.run(turn.next);
      turn.check();
    } catch (error) {
      await turn.settled();
      if (!succeeded) throw error;
      failures.push({ label: call.label, error });
      return;
    }
    await turn.inner;
  };

  await enter(0);
  return failures;
}

/** What one hook did with its `next`. */
class Turn {
  readonly next: Next;
  inner: Promise<void> | undefined;
  readonly #label: string;
  #misuse: SubscriberError | undefined;
  #over = false;

  constructor(label: string, proceed: Next) {
    this.#label = label;
    this.next = () => {
      if (this.inner === undefined && !this.#over) {
        this.inner = proceed();
        // A hook need not await it; it is awaited after the hook, and must not count as unhandled before.
        this.inner.catch(() => undefined);
        return this.inner;
      }
      this.#misuse = this.#over ? calledLate(label) : calledTwice(label);
      const refused = Promise.reject(this.#misuse);
      refused.catch(() => undefined);
      return refused;
    };
  }

  /** @throws SubscriberError when `next` was called twice or never. */
  check(): void {
    this.#over = true;
    if (this.#misuse !== undefined) throw this.#misuse;
    if (this.inner === undefined) throw neverCalled(this.#label);
  }

  /** Waits for what was begun, however it ends. */
  async settled(): Promise<void> {
    this.#over = true;
    await this.inner?.catch(() => undefined);
  }
}

function calledTwice(label: string): SubscriberError {
  return new SubscriberError({
    what: `${label} called next() twice`,
    why: 'next() stands for the one request of the flush, which is sent once',
    fix: 'call next() once; to try again, flush again',
  });
}

function calledLate(label: string): SubscriberError {
  return new SubscriberError({
    what: `${label} called next() after it had returned`,
    why: 'the flush has been decided by then',
    fix: 'call and await next() before the hook returns',
  });
}

function neverCalled(label: string): SubscriberError {
  return new SubscriberError({
    what: `${label} returned without calling next(), so the flush did not happen`,
    fix: ['await next() where the write belongs', 'throw an error where the write is not wanted: that is a veto'],
  });
}
