import type { EntityMetadata } from '../metadata/entity-metadata.js';
import {
  and,
  binary,
  call,
  pathOf,
  returnStatement,
  select,
  subquery,
  value,
  type Expression,
  type ReturnNode,
  type SelectNode,
} from '../surrealql/nodes/index.js';
import type { RecordId } from '../values/index.js';
import { computedColumns, computedSource, mentions, selectParts, splitComputed } from './computed-source.js';
import type { ToMany } from './fetch-node.js';
import { buildFetch, targetsOf } from './fetch-plan.js';
import { pastSource } from './past.js';
import { planRead, type FindPlan, type FindRequest } from './read-plan.js';
import type { QueryContext } from './query-context.js';
import { recordsOf } from './records-of.js';
import { ID, isAlways, rowSource, visibleWhere, type IndexChoice, type RowSource } from './row-source.js';
import { relatedList } from './where-relations.js';
import { buildWhere } from './where.js';
import { filtered } from './where-scope.js';

/** A statement whose answer is the number of matching rows. */
export function buildCount(
  meta: EntityMetadata,
  where: unknown,
  query: QueryContext,
  choice: IndexChoice = {},
): ReturnNode {
  const counted = select({
    all: false,
    projections: [{ expression: call('count'), alias: ['n'] }],
    ...selectParts(countable(meta, where, query, choice)),
    groupBy: 'all',
  });
  return returnStatement(pathOf(subquery(counted), 0, 'n'));
}

/**
 * A statement whose answer is whether any row matches; it stops at the first.
 * @param provided holds for no row in particular, and has to hold too
 */
export function buildExists(
  meta: EntityMetadata,
  where: unknown,
  query: QueryContext,
  choice: IndexChoice = {},
  provided: readonly Expression[] = [],
): ReturnNode {
  const first = select({
    value: ID,
    ...selectParts(countable(meta, where, query, choice)),
    orderBy: [{ by: ID, direction: 'ASC' }],
    limit: value(1),
  });
  return returnStatement(and([...provided, isAny(first)]));
}

/** Whether a row that is not stored would match. */
export function buildFits(meta: EntityMetadata, where: unknown, row: Expression, query: QueryContext): Expression {
  const asked = buildWhere(meta, where, query);
  return isAny(select({ value: value(true), from: [row], ...(asked !== undefined && { where: asked }) }));
}

const isAny = (rows: SelectNode): Expression => binary(call('array::len', subquery(rows)), '>', value(0));

/** A select of the ids of all matching rows; undefined for a where that leaves no row out. */
export function buildIds(meta: EntityMetadata, where: unknown, query: QueryContext): SelectNode | undefined {
  const asked = buildWhere(meta, where, query);
  if (asked === undefined || isAlways(asked)) return undefined;
  return select({ value: ID, ...selectParts(countable(meta, where, query, {})) });
}

/** A select of the ids of all rows that a read would show. */
export function buildAllIds(meta: EntityMetadata, query: QueryContext): SelectNode {
  return select({ value: ID, ...selectParts(countable(meta, undefined, query, {})) });
}

/**
 * The rows that match, to be counted or grouped.
 *
 * @param read what is read of them: where computed fields are among it, an index finds ids only
 */
export function countable(
  meta: EntityMetadata,
  where: unknown,
  query: QueryContext,
  choice: IndexChoice,
  read: readonly Expression[] = [],
): RowSource {
  const condition = visibleWhere(meta, where, query);
  if (choice.version !== undefined) return pastSource(meta, condition, choice.version, read);
  const plain = rowSource(meta, condition, query, choice);
  if (plain.isIdList) return { ...plain, from: subquery(select({ from: [plain.from] })) };
  const computed = computedColumns(meta);
  if (computed.size === 0 || !plain.indexed) return plain;
  const split = splitComputed(condition, computed);
  if (split.rest === undefined && !read.some((each) => mentions(each, computed))) return plain;
  const byIndex = rowSource(meta, split.stored, query, choice);
  return byIndex.indexed ? computedSource(meta, split, query, choice) : { ...plain, withIndex: [] };
}

/** The members of one record's relation, as a find among them. */
export function buildCollection(
  property: ToMany,
  owner: RecordId,
  where: unknown,
  request: FindRequest,
  query: QueryContext,
): FindPlan {
  const target = property.target();
  const condition = visibleWhere(target, where, query, targetsOf(property));
  const list = call('array::distinct', relatedList(property, query, value(owner)));
  const source: RowSource =
    condition === undefined && query.ownWrites !== true
      ? { from: list, isIdList: true, indexed: false }
      : {
          from: subquery(select({ from: [recordsOf(list, query)] })),
          isIdList: false,
          indexed: false,
          ...(condition !== undefined && { where: condition }),
        };
  const fetch = buildFetch(target, request.fetch, query);
  return planRead(target, { condition, source: () => source, fetch }, request, query);
}

/** The same relation of several records. They are in hand, so no filter is asked about them themselves. */
export function buildCollections(
  meta: EntityMetadata,
  owners: readonly RecordId[],
  property: ToMany,
  query: QueryContext,
): FindPlan {
  return buildRelations(meta, owners, { [property.property]: true }, query);
}

/** Relations of several records: their ids, and what is fetched. */
export function buildRelations(
  meta: EntityMetadata,
  owners: readonly RecordId[],
  fetched: object,
  query: QueryContext,
): FindPlan {
  const fetch = buildFetch(meta, fetched, query);
  const source = rowSource(meta, binary(ID, 'IN', value(owners)), query, {});
  return planRead(meta, { condition: undefined, source: () => source, fetch }, { select: [] }, query);
}

/** A statement whose answer is how many members one record's relation has. */
export function buildCollectionCount(
  _meta: EntityMetadata,
  owner: RecordId,
  property: ToMany,
  query: QueryContext,
  where?: unknown,
): ReturnNode {
  const condition = visibleWhere(property.target(), where, query, targetsOf(property));
  const list: Expression = relatedList(property, query, value(owner));
  return returnStatement(call('array::len', condition === undefined ? list : filtered(list, condition)));
}
