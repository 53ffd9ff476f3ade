/** The public surface of Reverie, and nothing else. */

// Entities
export { Computed, CreatedAt, Field, Id, In, Index, Out, Relation, Table, UpdatedAt, VectorField, Version } from './decorators/index.js';
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
  FindOptions,
  Immutable,
  Link,
  Links,
  Loaded,
  Opt,
  OrderBy,
  Page,
  Serialized,
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
