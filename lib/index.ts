/** The public surface of Reverie, and nothing else. */

// Boot
export { Reverie, type Health } from './orm.js';
export type { OrmPlace } from './orm-place.js';
export type { OrmConnections } from './orm-connections.js';
export type { AccessGrant } from './auth/access-grants.js';
export type { BearerKeys } from './auth/bearer-keys.js';
export type { OrmAuth, PasswordOptions, SignOptions, SignVariables, ValidateTokenOptions } from './auth/orm-auth.js';
export type { TokenReading } from './auth/token-reading.js';
export type { SignedIn } from './auth/signed-in.js';
export { defineConfig, type ReverieOptions } from './config/reverie-options.js';
export type { CachedAnswer, QueryCacheStore } from './cache/cache-store.js';
export { MemoryCacheStore, type MemoryStoreLimits } from './cache/memory-store.js';
export type { QueryCache, QueryCacheOptions, QueryCacheStats } from './cache/query-cache.js';
export type { LogEntry, LogKind } from './logging/log-entry.js';

// Entities
export {
  AfterCreate,
  AfterDelete,
  AfterSave,
  AfterUpdate,
  Access,
  Analyzer,
  BeforeCreate,
  BeforeDelete,
  BeforeSave,
  BeforeUpdate,
  Computed,
  ConcurrencyCheck,
  CreatedAt,
  defineTable,
  Encrypted,
  Event,
  Field,
  Filter,
  FullText,
  Hidden,
  Id,
  In,
  Index,
  OnLoad,
  Out,
  Relation,
  SoftDelete,
  Subscriber,
  Table,
  Unique,
  UpdatedAt,
  VectorField,
  Version,
  View,
  type FullTextOptions,
  type TableDefinition,
  type ViewOptions,
} from './decorators/index.js';
export type {
  AccessOptions,
  AnalyzerOptions,
  ComputedOptions,
  EntityClass,
  EntityMetadata,
  EncryptedOptions,
  EventOptions,
  FieldOptions,
  FilterMetadata,
  FilterOptions,
  HashAlgorithm,
  IdOptions,
  IndexOptions,
  MetadataRegistry,
  RelationOptions,
  SoftDeleteOptions,
  TableOptions,
  VectorOptions,
} from './metadata/index.js';
export { addToSet, append, asc, desc, increment, pull, unset } from './types/index.js';
export {
  avg,
  collect,
  count,
  countDistinct,
  countIf,
  distinct,
  max,
  mean,
  median,
  min,
  stddev,
  sum,
  variance,
} from './types/index.js';
export type {
  Aggregate,
  AggregateOptions,
  AggregateRow,
  ChangeData,
  CacheOptions,
  CountOptions,
  CreateData,
  FieldOperation,
  FindOptions,
  HybridHit,
  HybridOptions,
  Immutable,
  Link,
  Links,
  Loaded,
  NearestOptions,
  Neighbour,
  Opt,
  OrderBy,
  TextComparison,
  Ordered,
  Page,
  PageOptions,
  SearchHit,
  SearchOptions,
  SearchText,
  TextPlace,
  Serialized,
  SerializedFields,
  StreamOptions,
  UpdateData,
  Where,
  WriteOnly,
} from './types/index.js';

// Data
export type {
  DataExport,
  DumpFormat,
  DumpSource,
  ExportOptions,
  ExportProgress,
  ImportOptions,
  ImportProgress,
  ImportReport,
} from './data/index.js';

// Validation
export type { ValidateOptions } from './validation/index.js';
export type { StandardSchema } from './types/index.js';

// EntityManager
export { link } from './entity/link.js';
export * from './entity-manager/index.js';
export { where, type Explained } from './query/index.js';
export { surql, type SurqlFragment } from './surrealql/surql.js';

// Functions
export type { Arg, Expr } from './functions/argument-types.js';
export type { Functions } from './functions/families/index.js';
export type { DatabaseObject } from './functions/database-object.js';
export { defineFunction, type DefinedFunction, type FunctionOptions } from './functions/define-function.js';
export { defineModel, type DefinedModel, type ModelInput, type ModelOptions } from './functions/define-model.js';
export { defineParam, type ParamOptions } from './functions/define-param.js';
export { defineSequence, type DefinedSequence, type SequenceOptions } from './functions/define-sequence.js';
export { field } from './functions/field.js';
export { fn } from './functions/fn.js';

// Subscribers and live queries
export type {
  BulkEvent,
  CommitEvent,
  CreateEvent,
  DeleteEvent,
  EntitySubscriber,
  FlushEvent,
  LiveEvent,
  LiveResyncEvent,
  LoadEvent,
  QueryEvent,
  RollbackEvent,
  SaveEvent,
  UpdateEvent,
} from './entity-manager/subscriber-events.js';
export type {
  ChangeRecord,
  LiveChange,
  Next,
  PropertyChange,
  PropertyChanges,
  SubscriberInput,
} from './subscribers/index.js';
export { ChangeFeed, type ChangesOptions, type FeedChange } from './live/changes/index.js';
export {
  LiveList,
  LiveManager,
  LiveStream,
  type LiveConflict,
  type LiveHandler,
  type LiveListChange,
  type LiveListOptions,
  type LiveManagerOptions,
  type LiveOptions,
  type LiveResolution,
  type LiveSubscription,
} from './live/index.js';

// Schema
export type { Risk, SchemaManager, SchemaPlan, SchemaStep, StepKind, SyncMode, SyncOptions } from './schema/index.js';

// Migrations
export { defineMigration } from './migrations/index.js';
export type {
  DownOptions,
  Migration,
  MigrationContext,
  MigrationDiff,
  MigrationEvent,
  MigrationRun,
  MigrationState,
  MigrationStatus,
  Migrator,
  UpOptions,
} from './migrations/index.js';

// Connection
export { connect, type BareConnection } from './connect.js';
export type {
  AccessCredentials,
  AttachedSession,
  AuthOption,
  Connection,
  ConnectionAttempts,
  ConnectionEvents,
  ConnectOptions,
  Credentials,
  DriverLogEntry,
  PingOptions,
  PoolOptions,
  PoolStats,
  ReconnectOptions,
  SessionOptions,
  TokenCredentials,
  Tokens,
  UserCredentials,
} from './driver/connect.js';
export type { Capabilities } from './driver/capabilities.js';

// Values
export {
  BoundExcluded,
  BoundIncluded,
  DateTime,
  Decimal,
  Duration,
  FileRef,
  Float,
  Geometry,
  GeometryCollection,
  Line,
  MultiLine,
  MultiPoint,
  MultiPolygon,
  NONE,
  Point,
  Polygon,
  Range,
  RecordId,
  RecordIdRange,
  Uuid,
  type GeoJson,
  type Position,
  type RecordKey,
} from './values/index.js';

// Errors
export {
  AfterCommitError,
  AuthenticationError,
  BulkError,
  CapabilityError,
  ConnectionError,
  EntityNotFoundError,
  FlushTooLargeError,
  LiveError,
  MetadataError,
  ImportError,
  MigrationError,
  NotLoadedError,
  NotUniqueResultError,
  OptimisticLockError,
  PermissionError,
  QueryError,
  ReverieError,
  SchemaDriftError,
  SubscriberError,
  TimeoutError,
  TransactionConflictError,
  UniqueConstraintError,
  ValidationError,
  type CallOutcome,
  type ErrorDetails,
  type LiveEndReason,
  type QueryErrorDetails,
  type ValidationProblem,
} from './errors/index.js';
