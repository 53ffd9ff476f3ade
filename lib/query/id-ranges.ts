import type { EntityMetadata } from '../metadata/entity-metadata.js';
import {
  binary,
  call,
  path,
  select,
  subquery,
  value,
  type Expression,
  type SelectNode,
} from '../surrealql/nodes/index.js';
import type { Range, RecordId } from '../values/index.js';
import { buildFetch } from './fetch-plan.js';
import { sourceOf } from './find.js';
import { keysetProjection } from './keyset.js';
import { toOrdering } from './order-by.js';
import type { PageRequest, Paging } from './page.js';
import type { QueryContext } from './query-context.js';
import { planRead, type FindPlan } from './read-plan.js';
import { allOf } from './terms.js';

/** The records of a table between two keys, as they are stored. A literal range is read whole, whatever LIMIT says (3.0.2). */
export function recordsIn(meta: EntityMetadata, range: Range): Expression {
  return call('type::record', value(meta.table), value(range));
}

/** Whether the result is the table in the order of its ids, or part of it: then it can be read range by range, from either end. */
export function isTableById(paging: Paging, request: PageRequest, query: QueryContext): boolean {
  if (paging.keys.length !== 1) return false;
  const { from, indexed } = sourceOf(paging.meta, paging.condition, request, paging.keys, query);
  return from.kind === 'Table' && !indexed;
}

/** Ids of the records of a range, from its lower end; with `skip` those behind as many. It costs what is skipped and listed. */
export function buildIdsIn(meta: EntityMetadata, range: Range, limit: number, skip = 0): SelectNode {
  return select({
    value: path('id'),
    from: [recordsIn(meta, range)],
    limit: value(limit),
    ...(skip > 0 && { start: value(skip) }),
  });
}

/**
 * The first rows of a range that match. It is sorted and cut in two steps: LIMIT would be applied to a range before it is sorted
 * (3.0.2).
 */
export function buildRange(paging: Paging, range: Range, request: PageRequest, query: QueryContext): FindPlan {
  const { meta, condition, keys } = paging;
  const fetch = buildFetch(meta, request.fetch, query);
  const rows = select({
    from: [recordsIn(meta, range)],
    ...(condition !== undefined && { where: condition }),
    ...(keys[0]?.direction === 'DESC' && { orderBy: keys.map(toOrdering) }),
  });
  return planRead(
    meta,
    {
      condition,
      keys,
      source: () => ({ from: subquery(rows), isIdList: false, indexed: false, inOrder: true }),
      fetch: { ...fetch, projections: [...fetch.projections, keysetProjection(keys)] },
    },
    request,
    query,
  );
}

/** Those of the named records that match, in the order in which they are named. */
export function buildAmong(
  paging: Paging,
  ids: readonly RecordId[],
  request: PageRequest,
  query: QueryContext,
): FindPlan {
  const { meta, condition } = paging;
  const named = binary(path('id'), 'IN', value(ids));
  const among = allOf(condition === undefined ? [named] : [named, condition]);
  const source = () => sourceOf(meta, among, request, [], query);
  return planRead(meta, { condition, keys: [], source, fetch: buildFetch(meta, request.fetch, query) }, request, query);
}
