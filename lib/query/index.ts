export { buildCollection, buildCollectionCount, buildCount, buildExists } from './count.js';
export { buildFetch, EDGE_ALIAS, type FetchNode, type FetchPlan } from './fetch-plan.js';
export { buildFind, type FindPlan, type FindRequest } from './find.js';
export { buildOrder, type SortKey } from './order-by.js';
export type { QueryContext } from './query-context.js';
export { keyToId, toId } from './record-ids.js';
export { buildWhere } from './where.js';
export { where } from './where-helper.js';
