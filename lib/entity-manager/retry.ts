import { TransactionConflictError, ValidationError } from '../errors/index.js';

export interface RetryOptions {
  /** All runs counted, the first too; default 5. */
  readonly attempts?: number;
  readonly signal?: AbortSignal;
}

const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 2_000;

/**
 * Runs a function again while it fails by a write conflict: exponential back-off, capped at 2 s, with full jitter.
 * Any other error passes at once; the last conflict says how many runs were made.
 *
 * ```ts
 * await retryOnConflict(() => em.updateWhere(Account, { id }, { balance: increment(10) }), { attempts: 8 });
 * ```
 */
export async function retryOnConflict<R>(
  work: (attempt: number) => Promise<R>,
  options: RetryOptions = {},
): Promise<R> {
  const attempts = options.attempts ?? 5;
  if (!Number.isInteger(attempts) || attempts < 1) {
    throw new ValidationError({
      what: `attempts must be a whole number from 1, got ${String(attempts)}`,
      why: 'it counts all runs, the first too',
    });
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (attempt >= attempts) throw attempt === 1 ? error : givenUp(error, attempt);
      await wait(Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt), options.signal);
    }
  }
}

function isConflict(error: unknown): error is TransactionConflictError {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === 'TRANSACTION_CONFLICT';
}

function givenUp(error: TransactionConflictError, attempts: number): TransactionConflictError {
  return new TransactionConflictError({
    what: error.what,
    why: `it met another writer in each of ${attempts} runs`,
    fix: ['allow more runs: { retry: { attempts: … } }', 'make the block shorter', 'for a hot counter: increment(n)'],
    attempts,
    entities: error.entities,
    cause: error,
  });
}

function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}
