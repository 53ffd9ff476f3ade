import { QueryError, ReverieError, ValidationError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';

export function queriedTooLate(meta: EntityMetadata, isNested: boolean): ValidationError {
  return new ValidationError({
    what: `${meta.className} was queried after tx.flush() or a direct write had queued writes of it`,
    why: `a ${isNested ? 'nested block' : 'deferred transaction'} sends its writes at the end: the query would not see them`,
    fix: [
      isNested
        ? `join the interactive transaction: { propagation: 'REQUIRED' }`
        : `run the block with { mode: 'interactive' }`,
      'query before you write',
      'read by id: tracked entities are up to date',
    ],
  });
}

export function clearedTooEarly(isNested: boolean): ValidationError {
  return new ValidationError({
    what: 'tx.clear() was called after tx.flush() had queued writes',
    why: `a ${isNested ? 'nested block' : 'deferred transaction'} sends its writes at the end: what is forgotten now would be lost`,
    fix: [
      isNested
        ? `join the interactive transaction: { propagation: 'REQUIRED' }`
        : `run the block with { mode: 'interactive' }, where flush() sends at once`,
      'let the block end: its EntityManager is forgotten with it',
    ],
  });
}

/** A conflict stays one: the block is run again. */
export function rollbackOnly(cause: unknown): unknown {
  if (ReverieError.is(cause) && cause.code === 'TRANSACTION_CONFLICT') return cause;
  return new QueryError({
    what: 'The transaction was rolled back instead of committed',
    why: `a block that had joined it failed: ${cause instanceof Error ? cause.message : String(cause)}`,
    fix: ['let the error of the inner block pass', `run the inner block on its own: { propagation: 'REQUIRES_NEW' }`],
    cause,
  });
}

export function notAwaited(): ValidationError {
  return new ValidationError({
    what: 'A transaction block returned while a NESTED block of it was still running',
    why: 'what that one goes on to do could be neither kept nor undone; nothing was written',
    fix: 'await the nested block',
  });
}
