import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { not, select, table, type Expression, type SelectNode } from '../surrealql/nodes/index.js';
import { noPlaceIn } from './text-order.js';
import { BoundExcluded, Range, RecordId } from '../values/index.js';
import { buildFetch } from './fetch-plan.js';
import { sourceOf } from './find.js';
import { recordsIn } from './id-ranges.js';
import { backwards, comesAfter, keysetProjection } from './keyset.js';
import { buildOrder, toOrdering, withTieBreak, type SortKey } from './order-by.js';
import type { QueryContext } from './query-context.js';
import { planRead, type FindPlan, type FindRequest } from './read-plan.js';
import { visibleWhere, type RowSource } from './row-source.js';
import { allOf } from './terms.js';

/** A result in a fixed order, of which pages can be read: what its cursors belong to. */
export interface Paging {
  readonly meta: EntityMetadata;
  readonly condition: Expression | undefined;
  /** The id among them, so that no two rows have the same place. */
  readonly keys: readonly SortKey[];
}

export interface PageRequest extends FindRequest {
  /** The sort keys' values of the row before the page. */
  readonly after?: readonly unknown[];
  /** Those of the row behind it. */
  readonly before?: readonly unknown[];
  /** The last rows of what is asked for, not the first; they come in the opposite order. */
  readonly fromEnd?: boolean;
}

/**
 * @throws ValidationError for whatever is wrong in where and orderBy
 * @throws CapabilityError for an order that a condition cannot state the places of
 */
export function planPaging(meta: EntityMetadata, where: unknown, orderBy: unknown, query: QueryContext): Paging {
  const keys = withTieBreak(buildOrder(meta, orderBy, query));
  if (keys.some(({ comparison }) => comparison !== undefined)) throw noPlaceIn(meta);
  return { meta, condition: visibleWhere(meta, where, query), keys };
}

/** The statement that a result is known by: two that differ in entity, where or order differ in it. */
export function pagingIdentity(
  { meta, condition, keys }: Paging,
  nameOf: (condition: Expression) => string,
): SelectNode {
  return select({
    from: [table(meta.table)],
    ...(condition !== undefined && { where: inFixedOrder(condition, nameOf) }),
    orderBy: keys.map(toOrdering),
  });
}

/** The same condition whichever way its terms were written down. */
function inFixedOrder(condition: Expression, nameOf: (condition: Expression) => string): Expression {
  if (condition.kind === 'Not') return not(inFixedOrder(condition.operand, nameOf));
  if (condition.kind !== 'Junction') return condition;
  const terms = condition.terms.map((each) => {
    const term = inFixedOrder(each, nameOf);
    return { term, name: nameOf(term) };
  });
  terms.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...condition, terms: terms.map(({ term }) => term) };
}

/**
 * The select of one page. Each row brings the values of its sort keys along, for `takeKeyset`.
 *
 * By the id alone a page is read from where the last one ended, at the cost of its own rows. Any other order has to sort what
 * matches, whichever page is asked for (3.0.2 sorts by no index).
 */
export function buildPage(paging: Paging, request: PageRequest, query: QueryContext): FindPlan {
  const { meta, keys } = paging;
  const { after, before, fromEnd } = request;
  const fetch = buildFetch(meta, request.fetch, query);
  const upTo = before === undefined ? [] : [comesAfter(backwards(keys), before)];
  const from = after === undefined ? [] : [comesAfter(keys, after)];
  const condition = allOf([paging.condition, ...from, ...upTo].filter((term) => term !== undefined));
  const withoutStart = allOf([paging.condition, ...upTo].filter((term) => term !== undefined));
  return planRead(
    meta,
    {
      condition,
      keys: fromEnd === true ? backwards(keys) : keys,
      source: (order) =>
        rangeSource(sourceOf(meta, withoutStart, request, order, query), paging, request) ??
        sourceOf(meta, condition, request, order, query),
      fetch: { ...fetch, projections: [...fetch.projections, keysetProjection(keys)] },
    },
    request,
    query,
  );
}

/**
 * The rows of a table from an id on, as they are stored. Not for reading backwards: LIMIT would be applied to a range before
 * it is sorted (3.0.2).
 */
function rangeSource(
  source: RowSource,
  { meta, keys }: Paging,
  { after, fromEnd, version }: PageRequest,
): RowSource | undefined {
  const [id] = after ?? [];
  const isByIdAlone = keys.length === 1 && keys[0]?.direction === 'ASC';
  if (!isByIdAlone || !RecordId.is(id) || fromEnd === true || version !== undefined) return undefined;
  if (source.from.kind !== 'Table' || source.indexed) return undefined;
  const range = new Range(new BoundExcluded(id.key), undefined);
  return {
    from: recordsIn(meta, range),
    ...(source.where !== undefined && { where: source.where }),
    isIdList: false,
    indexed: false,
    inOrder: true,
  };
}
