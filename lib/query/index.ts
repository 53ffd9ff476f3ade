export { buildAggregate, type AggregatePlan, type AggregateRequest } from './aggregate.js';
export type { AggregateColumn } from './aggregate-columns.js';
export {
  buildAllIds,
  buildCollection,
  buildCollectionCount,
  buildCollections,
  buildCount,
  buildExists,
  buildFits,
  buildIds,
  buildRelations,
} from './count.js';
export { EDGE_ALIAS, type FetchNode, type FetchPlan } from './fetch-node.js';
export { explained, type Explained } from './explained.js';
export { isConditions } from './conditions.js';
export { buildFetch, requestsOf, targetsOf } from './fetch-plan.js';
export { FilterScope, type FilterChoice } from './filter-scope.js';
export { buildFind } from './find.js';
export { decodeCursor, encodeCursor, fingerprint } from './cursor.js';
export { takeKeyset } from './keyset.js';
export { buildAmong, buildIdsIn, buildRange, isTableById } from './id-ranges.js';
export { buildOrder, type SortKey } from './order-by.js';
export { columnsOf } from './path-target.js';
export type { QueryContext } from './query-context.js';
export { keyToId, tableInText, toId } from './record-ids.js';
export { missingWhere } from './query-errors.js';
export { recordsOf, rowsWithId } from './records-of.js';
export type { FindPlan, FindRequest } from './read-plan.js';
export { buildPage, pagingIdentity, planPaging, type PageRequest, type Paging } from './page.js';
export { buildProjection, type ProjectedColumn, type ProjectionPlan } from './projection.js';
export { buildSplit } from './split.js';
export { buildValues } from './values-of.js';
export {
  buildWalk,
  buildWalkIds,
  isPathStep,
  repeatOf,
  type EdgeStep,
  type Repeat,
  type WalkPlan,
  type WalkStep,
} from './walk.js';
export { buildHops, buildSearch, type Hop } from './walk-hops.js';
export { timeoutClause, within } from './timeouts.js';
export { visibleWhere } from './row-source.js';
export { buildWhere } from './where.js';
export { where } from './where-helper.js';
export { buildTextSearch, type FullTextRequest } from './search/full-text.js';
export type { SearchPlan } from './search/hits.js';
export { buildHybrid, type HybridRequest } from './search/hybrid.js';
export { buildNearest, type NearestRequest } from './search/nearest.js';
