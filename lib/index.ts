/** The public surface of Reverie, and nothing else. */

// Errors
export {
  AuthenticationError,
  BulkError,
  CapabilityError,
  ConnectionError,
  EntityNotFoundError,
  FlushTooLargeError,
  MetadataError,
  NotLoadedError,
  NotUniqueResultError,
  OptimisticLockError,
  PermissionError,
  QueryError,
  ReverieError,
  SchemaDriftError,
  TimeoutError,
  TransactionConflictError,
  UniqueConstraintError,
  ValidationError,
  type CallOutcome,
  type ErrorDetails,
  type QueryErrorDetails,
  type ValidationProblem,
} from './errors/index.js';
