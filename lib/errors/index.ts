export { joined, ReverieError, type ErrorDetails } from './reverie-error.js';
export {
  AuthenticationError,
  CapabilityError,
  ConnectionError,
  PermissionError,
  TimeoutError,
  type CallOutcome,
} from './connection-errors.js';
export { QueryError, TransactionConflictError, UniqueConstraintError, type QueryErrorDetails } from './query-errors.js';
export {
  BulkError,
  EntityNotFoundError,
  FlushTooLargeError,
  MetadataError,
  NotLoadedError,
  NotUniqueResultError,
  OptimisticLockError,
  SchemaDriftError,
  ValidationError,
  type ValidationProblem,
} from './entity-errors.js';
export { AfterCommitError, SubscriberError } from './hook-errors.js';
export { ImportError } from './import-error.js';
export { MigrationError } from './migration-error.js';
export { LiveError, type LiveEndReason } from './live-errors.js';
