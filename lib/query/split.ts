import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { path, select, subquery, type SelectNode } from '../surrealql/nodes/index.js';
import { buildFind } from './find.js';
import { buildOrder, toOrdering, withTieBreak } from './order-by.js';
import { pathTarget } from './path-target.js';
import type { QueryContext } from './query-context.js';
import { refused } from './query-errors.js';
import { cut, type FindRequest } from './read-plan.js';

/**
 * A row for each element of a list: `SPLIT`. The rows are found first, then split, then sorted and cut: in one select LIMIT and the
 * order would see the whole lists.
 *
 * @throws ValidationError for what is no list, and for an order by something that is no column of the rows
 */
export function buildSplit(
  meta: EntityMetadata,
  where: unknown,
  dotted: string,
  request: FindRequest,
  query: QueryContext,
): SelectNode {
  const { target } = pathTarget(meta, dotted, query);
  const { expression } = target;
  if (expression.kind !== 'Path' || target.element === undefined) throw noList(target.label);
  const keys = withTieBreak(buildOrder(meta, request.orderBy, query));
  if (!keys.every(({ plain }) => plain)) throw noColumn(meta);
  const { orderBy: _order, limit: _limit, offset: _offset, ...unsorted } = request;
  const rows = select({
    from: [subquery(buildFind(meta, where, unsorted, query).statement)],
    split: [path(...expression.parts)],
  });
  return select({
    from: [subquery(rows)],
    orderBy: [...keys, { by: expression, direction: 'ASC' as const, plain: true, computed: false }].map(toOrdering),
    ...cut(request),
  });
}

function noList(label: string): Error {
  return refused({ path: label, what: `Nothing can be split by ${label}`, why: 'it holds no list', rule: 'type' });
}

function noColumn(meta: EntityMetadata): Error {
  return refused({
    path: `${meta.className} in orderBy`,
    what: `Split rows of ${meta.className} are sorted by their own columns only`,
    why: 'a linked field or a distance is none',
    rule: 'operator',
  });
}
