import { ConnectionError, QueryError, ReverieError, TransactionConflictError } from '../errors/index.js';
import { isOutcomeUnknown } from '../errors/is-outcome-unknown.js';
import type { Uuid } from '../values/index.js';
import type { DriverTransaction, QueryRequest, StatementResult } from './driver.js';
import { firstError } from './error-classifier.js';
import { Queryable } from './queryable.js';

/** How a transaction reaches its connection. */
export interface TransactionLink {
  execute(request: QueryRequest, txn: Uuid): Promise<readonly StatementResult[]>;
  /** Ends the transaction by `commit` or `cancel`. */
  end(method: 'commit' | 'cancel', txn: Uuid): Promise<void>;
  /** Called once it is over. */
  ended(transaction: InteractiveTransaction): void;
}

/**
 * An open transaction: its statements run one after another and see each other's writes. The engine would commit what is left
 * after a failed statement; this does not: the first failure leaves only the way back.
 */
export class InteractiveTransaction extends Queryable implements DriverTransaction {
  readonly id: Uuid;
  readonly #link: TransactionLink;
  #last: Promise<unknown> = Promise.resolve();
  #failure: unknown;
  #state: 'open' | 'committed' | 'cancelled' = 'open';

  constructor(id: Uuid, link: TransactionLink) {
    super();
    this.id = id;
    this.#link = link;
  }

  execute(request: QueryRequest): Promise<readonly StatementResult[]> {
    return this.run(request);
  }

  protected run(request: QueryRequest): Promise<readonly StatementResult[]> {
    return this.#next(async () => {
      this.#assertOpen();
      try {
        const results = await this.#link.execute(request, this.id);
        this.#fail(firstError(results, request));
        return results;
      } catch (error) {
        this.#fail(error);
        throw error;
      }
    });
  }

  get isRollbackOnly(): boolean {
    return this.#failure !== undefined;
  }

  /**
   * Keeps what was written. After a failed statement it cancels and throws instead.
   *
   * @throws TransactionConflictError when another transaction was first: nothing was kept, run it again
   * @throws ConnectionError with outcome 'unknown' when the answer was lost: it may or may not be kept
   */
  commit(): Promise<void> {
    return this.#next(async () => {
      this.#assertOpen();
      const failure = this.#failure;
      if (failure !== undefined) {
        await this.#cancel();
        throw rollbackOnly(failure);
      }
      this.#finish('committed');
      try {
        await this.#link.end('commit', this.id);
      } catch (error) {
        throw isOutcomeUnknown(error) ? commitUnknown(error) : error;
      }
    });
  }

  /** Undoes what was written. Never throws: what is already over, or lost with its connection, is as good as cancelled. */
  cancel(): Promise<void> {
    return this.#next(() => this.#cancel());
  }

  async #cancel(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#finish('cancelled');
    await this.#link.end('cancel', this.id).catch(() => undefined);
  }

  #finish(state: 'committed' | 'cancelled'): void {
    this.#state = state;
    this.#link.ended(this);
  }

  #fail(failure: unknown): void {
    if (this.#failure === undefined) this.#failure = failure;
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }

  #assertOpen(): void {
    if (this.#state === 'open') return;
    throw new QueryError({
      what: `The transaction is ${this.#state} already`,
      why: 'nothing can be run in it, or committed, any more',
      fix: 'begin another one',
    });
  }
}

function rollbackOnly(failure: unknown): QueryError {
  const details = {
    what: 'The transaction was cancelled instead of committed',
    why: `a statement in it failed: ${ReverieError.is(failure) ? failure.what : String(failure)}`,
    fix: 'cancel() after a failure, or do not send the statement that fails',
    cause: failure,
  };
  return failure instanceof TransactionConflictError ? new TransactionConflictError(details) : new QueryError(details);
}

function commitUnknown(cause: unknown): ConnectionError {
  return new ConnectionError({
    what: 'The answer to a commit was lost',
    why: 'the transaction may or may not have been kept; it is not committed again',
    fix: 'read the data to see which, before you repeat anything',
    outcome: 'unknown',
    cause,
  });
}
