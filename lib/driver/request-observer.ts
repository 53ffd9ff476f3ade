import type { QueryRequest, StatementResult } from './driver.js';
import type { Uuid } from '../values/index.js';

/** How a request ended. */
export interface RequestOutcome {
  /** Milliseconds from `before` having ended to the answer. */
  readonly duration: number;
  /** The answer, when there was one; its statements may have failed all the same. */
  readonly results?: readonly StatementResult[];
  /** The first real error of the answer, or what kept it from coming. */
  readonly error?: unknown;
}

/** A request as observers see it. */
export interface ObservedRequest extends QueryRequest {
  /** The interactive transaction it runs in. */
  readonly transaction?: Uuid;
}

/**
 * Sees every request with statements. `before` may refuse one by throwing: it is not sent then. Both are awaited.
 *
 * ```ts
 * const db = await connect('mem://', { observer: { after: (request, { duration }) => console.log(request.text, duration) } });
 * ```
 */
export interface RequestObserver {
  before?(request: ObservedRequest): void | Promise<void>;
  after?(request: ObservedRequest, outcome: RequestOutcome): void | Promise<void>;
  /** An interactive transaction is over, committed or not; it may be awaited too. */
  ended?(transaction: Uuid): void | Promise<void>;
}

/** Several observers as one, like brackets: who was asked first is told last. */
export function observers(...each: readonly RequestObserver[]): RequestObserver {
  const [only] = each;
  if (only !== undefined && each.length === 1) return only;
  const inwards = [...each].reverse();
  return {
    async before(request) {
      for (const observer of each) await observer.before?.(request);
    },
    async after(request, outcome) {
      for (const observer of inwards) await observer.after?.(request, outcome);
    },
    async ended(transaction) {
      for (const observer of inwards) await observer.ended?.(transaction);
    },
  };
}
