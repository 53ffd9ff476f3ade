import type { ObservedRequest, RequestObserver, RequestOutcome } from '../driver/request-observer.js';
import type { SubscriberDispatcher } from '../subscribers/index.js';
import { requestLogger, type LoggingOptions } from './request-logger.js';

/** Tells subscribers and the log of every request; nothing is installed where nobody listens. */
export class RequestEvents implements RequestObserver {
  /** What `beforeQuery` and `afterQuery` get as `em`. */
  em: object | undefined;
  readonly #dispatcher: SubscriberDispatcher;
  readonly #log: ReturnType<typeof requestLogger>;

  constructor(options: LoggingOptions, dispatcher: SubscriberDispatcher) {
    this.#dispatcher = dispatcher;
    this.#log = requestLogger(options);
  }

  /** Itself, where somebody listens. */
  observing(): readonly RequestObserver[] {
    const heard = this.#dispatcher.has('beforeQuery') || this.#dispatcher.has('afterQuery');
    return heard || this.#log !== undefined ? [this] : [];
  }

  async before({ text, bindings, purpose }: ObservedRequest): Promise<void> {
    if (this.em === undefined || !this.#dispatcher.has('beforeQuery')) return;
    await this.#dispatcher.emit('beforeQuery', undefined, { em: this.em, text, bindings, purpose });
  }

  async after(request: ObservedRequest, { duration, error }: RequestOutcome): Promise<void> {
    const { text, bindings, purpose, hint } = request;
    this.#log?.({
      text,
      bindings: Object.keys(bindings),
      purpose,
      duration,
      ...(error !== undefined && { error }),
      ...(hint !== undefined && { hint }),
    });
    if (this.em === undefined || !this.#dispatcher.has('afterQuery')) return;
    await this.#dispatcher.emit('afterQuery', undefined, {
      em: this.em,
      text,
      bindings,
      purpose,
      duration,
      ...(error !== undefined && { error }),
    });
  }
}
