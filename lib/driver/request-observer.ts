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
}
