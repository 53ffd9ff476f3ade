export {
  avg,
  collect,
  count,
  countDistinct,
  countIf,
  distinct,
  isAggregate,
  kindOfAggregate,
  max,
  mean,
  median,
  min,
  stddev,
  sum,
  variance,
  type Aggregate,
  type AggregateKind,
  type AggregateOptions,
  type AggregateRow,
  type GroupKey,
} from './aggregate.js';
export { admitsNone, admitsNull, valueMembers } from './admits.js';
export type { ChangeData } from './change-data.js';
export type { CreateData, Input } from './create-data.js';
export type { Fetch, FetchOptions, NoFetch } from './fetch.js';
export {
  addToSet,
  append,
  increment,
  isFieldOperation,
  pull,
  unset,
  type FieldOperation,
  type MemberOperation,
} from './field-operations.js';
export type { CacheOptions } from './cache.js';
export type { CountOptions, FindOptions } from './find-options.js';
export type { AnyFragment, Fragment, ResultOf } from './fragment.js';
export type { Loaded } from './loaded.js';
export type { Secrets } from './keys.js';
export type { Immutable, Opt, WriteOnly } from './markers.js';
export { didYouMean, nearestWord } from './nearest-word.js';
export type { Direction, OrderBy, TextComparison } from './order-by.js';
export type { CheckedProjection, ProjectedRow, Projection } from './projection.js';
export type { Page, PageOptions, StreamOptions } from './page.js';
export { asc, desc, directionOfOrdered, isOrdered, type Ordered } from './ordered.js';
export { optionOf, parseType, sameType, unionOf } from './parse-type.js';
export { printType } from './print-type.js';
export type {
  EdgeData,
  EndInput,
  EndOf,
  NodeInput,
  OtherEnd,
  IdInput,
  IdOf,
  Link,
  MemberInput,
  LinkInput,
  Links,
  LoadedLink,
  LoadedLinks,
  TargetOf,
} from './relations.js';
export type { ExistingPath, PathValue } from './path-value.js';
export type {
  HybridHit,
  HybridOptions,
  Neighbour,
  NearestOptions,
  SearchHit,
  SearchOptions,
  SearchText,
  TextPlace,
  Vector,
  VectorKey,
} from './search.js';
export type { Select } from './select.js';
export type { WholeOf, WithFields } from './selected.js';
export type { SerializablePath, Serialized, SerializedFields } from './serialized.js';
export { isStandardSchema, type StandardIssue, type StandardResult, type StandardSchema } from './standard-schema.js';
export type { Subquery } from './subquery.js';
export type * from './surreal-type.js';
export type { TypeOf } from './type-of.js';
export type { UpdateData } from './update-data.js';
export type { Where, WhereObject } from './where.js';
