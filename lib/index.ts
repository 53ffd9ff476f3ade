/** The public surface of Reverie, and nothing else. */

// The ORM
export { Reverie, type Health } from './orm.js';
export { defineConfig, type ReverieOptions } from './config/reverie-options.js';
export { EntityManager } from './entity-manager/entity-manager.js';
export { Repository } from './entity-manager/repository.js';
export { GraphTraversal } from './entity-manager/graph-traversal.js';
export { RequestContext } from './entity-manager/request-context.js';
export { retryOnConflict, type RetryOptions } from './entity-manager/retry.js';
export type { Propagation, TransactionOptions } from './entity-manager/transaction-options.js';
export type { BulkResult, InsertOptions } from './entity-manager/bulk-insert.js';
export type { LiveOptions } from './entity-manager/open-live.js';
export type { LogEntry, LogKind } from './logging/log-entry.js';
export { link } from './entity/link.js';
export { where } from './query/index.js';

// Connections
export { connect } from './driver/connect.js';
export type { Connection } from './driver/connection.js';
export type { ConnectOptions } from './driver/connect-options.js';

// Schema
export type { SchemaManager, SyncMode, SyncOptions } from './schema/index.js';

// Subscribers and live queries
export type * from './subscribers/index.js';
export { LiveStream } from './live/index.js';

// Entities
export {
  AfterCreate,
  AfterDelete,
  AfterSave,
  AfterUpdate,
  Analyzer,
  BeforeCreate,
  BeforeDelete,
  BeforeSave,
  BeforeUpdate,
  Computed,
  CreatedAt,
  Event,
  Field,
  FullText,
  Hidden,
  Id,
  In,
  Index,
  OnLoad,
  Out,
  Relation,
  Subscriber,
  Table,
  Unique,
  UpdatedAt,
  VectorField,
  Version,
  View,
  defineTable,
} from './decorators/index.js';
export type { EntityClass } from './metadata/entity-metadata.js';
export type {
  AnalyzerOptions,
  ComputedOptions,
  EventOptions,
  FieldOptions,
  IdOptions,
  IndexOptions,
  RelationOptions,
  TableOptions,
  VectorOptions,
} from './metadata/options.js';
export type {
  CreateData,
  Fetch,
  FindOptions,
  Immutable,
  Link,
  Links,
  Loaded,
  LoadedLink,
  LoadedLinks,
  Opt,
  OrderBy,
  Page,
  Select,
  Serialized,
  TypeOf,
  UpdateData,
  Where,
  WriteOnly,
} from './types/index.js';

// SurrealQL
export { surql, type SurqlFragment } from './surrealql/surql.js';

// Values
export {
  BoundExcluded,
  BoundIncluded,
  DateTime,
  Decimal,
  Duration,
  FileRef,
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
