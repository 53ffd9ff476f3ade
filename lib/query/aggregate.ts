import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { path, select, subquery, type Expression, type Projection, type SelectNode } from '../surrealql/nodes/index.js';
import {
  keysOf,
  refuseDoubles,
  resultsOf,
  type AggregateColumn,
  type GroupKeyColumn,
  type ResultColumn,
} from './aggregate-columns.js';
import { havingOf, orderOf } from './aggregate-having.js';
import { aggregateTerm, countOf, resultColumn, type AggregateSource } from './aggregate-terms.js';
import { mentions, selectParts } from './computed-source.js';
import { countable } from './count.js';
import type { QueryContext } from './query-context.js';
import { refused } from './query-errors.js';
import { cut } from './read-plan.js';
import { visibleWhere, type IndexChoice } from './row-source.js';
import { isNever } from './terms.js';

/** The typed form is `AggregateOptions`. */
export interface AggregateRequest extends IndexChoice {
  readonly where?: unknown;
  readonly groupBy?: readonly unknown[];
  readonly select: Readonly<Record<string, unknown>>;
  readonly having?: unknown;
  readonly orderBy?: unknown;
  readonly limit?: number;
  readonly offset?: number;
}

export interface AggregatePlan {
  readonly statement: SelectNode;
  readonly columns: readonly AggregateColumn[];
  readonly isGrouped: boolean;
  /** No record can match: nothing needs to be sent. */
  readonly matchesNothing: boolean;
}

/**
 * One select over another: the inner one groups, the outer one says what that means (3.0.2 sums nothing to 0, its mean is NaN
 * and its maximum −Infinity), filters what came out and sorts it. SurrealQL has no HAVING.
 *
 * @throws ValidationError for whatever is wrong in the request
 */
export function buildAggregate(meta: EntityMetadata, request: AggregateRequest, query: QueryContext): AggregatePlan {
  const keys = keysOf(meta, request.groupBy === undefined ? [] : request.groupBy, query);
  const results = resultsOf(meta, request.select, query);
  refuseDoubles(meta, [...keys, ...results]);
  const isGrouped = request.groupBy !== undefined;
  if (!isGrouped) refuseUngrouped(meta, request);
  const columns = [...keys, ...results];
  return {
    statement: shown(meta, finalRows(grouped(meta, keys, results, request, query), keys, results), columns, request),
    columns,
    isGrouped,
    matchesNothing: isNever(visibleWhere(meta, request.where, query)),
  };
}

function grouped(
  meta: EntityMetadata,
  keys: readonly GroupKeyColumn[],
  results: readonly ResultColumn[],
  request: AggregateRequest,
  query: QueryContext,
): SelectNode {
  const expressions = [...keys.map(({ by }) => by), ...results.flatMap(({ source: { of } }) => of ?? [])];
  const rows = selectParts(countable(meta, request.where, query, request, expressions));
  if (!expressions.some((each) => mentions(each, NOTHING))) return groups(keys, results, rows);
  const valueOf = new Map(expressions.map((expression, at) => [expression, path(`v${at}`)]));
  const projections = [...valueOf].map(([expression, { parts }]) => ({ expression, alias: parts as string[] }));
  return groups(
    keys.map((key) => ({ ...key, by: valueOf.get(key.by) ?? key.by })),
    results.map((result) => ({ ...result, source: ofValue(result.source, valueOf) })),
    { from: [subquery(select({ all: false, projections, ...rows }))] },
  );
}

const NOTHING: ReadonlySet<string> = new Set();

/** Text of the user may hold functions that mean something else within a group: its values are worked out before. */
function ofValue(source: AggregateSource, valueOf: ReadonlyMap<Expression, Expression>): AggregateSource {
  const of = source.of === undefined ? undefined : valueOf.get(source.of);
  return of === undefined ? source : { ...source, of };
}

function groups(
  keys: readonly GroupKeyColumn[],
  results: readonly ResultColumn[],
  rows: ReturnType<typeof selectParts>,
): SelectNode {
  const terms = results.map(({ source }) => aggregateTerm(source));
  const projections = [
    ...keys.map(({ by, column }) => ({ expression: by, alias: [column] })),
    ...terms.flatMap((term, at): Projection[] => [
      { expression: term.grouped, alias: [resultColumn(at)] },
      ...(term.of === undefined ? [] : [{ expression: countOf(term.of), alias: [`n${at}`] }]),
    ]),
  ];
  return select({
    all: false,
    projections,
    ...rows,
    groupBy: keys.length === 0 ? 'all' : keys.map(({ column }) => path(column)),
  });
}

function finalRows(rows: SelectNode, keys: readonly GroupKeyColumn[], results: readonly ResultColumn[]): SelectNode {
  return select({
    all: false,
    projections: [
      ...keys.map(({ column }) => ({ expression: path(column), alias: [column] })),
      ...results.map(({ source, column }, at) => ({
        expression: aggregateTerm(source).final(path(column), path(`n${at}`)),
        alias: [column],
      })),
    ],
    from: [subquery(rows)],
  });
}

/** What came out: filtered, sorted with the keys last, cut. */
function shown(
  meta: EntityMetadata,
  rows: SelectNode,
  columns: readonly AggregateColumn[],
  request: AggregateRequest,
): SelectNode {
  const keys = columns.filter(({ kind }) => kind === undefined);
  if (keys.length === 0) return rows;
  const byName = new Map(columns.map((column) => [column.name, column]));
  const asked = orderOf(meta, request.orderBy, byName);
  // Texts that are the same to a comparison may be different groups.
  const names = new Set(
    asked.flatMap(({ by, collate, numeric }) => (collate === true || numeric === true ? [] : [by])),
  );
  const rest = keys.map(({ target }) => target.expression).filter((by) => !names.has(by));
  const having = request.having === undefined ? undefined : havingOf(meta, request.having, byName);
  return select({
    from: [subquery(rows)],
    ...(having !== undefined && { where: having }),
    orderBy: [...asked, ...rest.map((by) => ({ by, direction: 'ASC' as const }))],
    ...cut(request),
  });
}

function refuseUngrouped(meta: EntityMetadata, request: AggregateRequest): void {
  const option = (['having', 'orderBy', 'limit', 'offset'] as const).find((name) => request[name] !== undefined);
  if (option === undefined) return;
  throw refused({
    path: option,
    what: `The option \`${option}\` of an aggregate of ${meta.className} needs groupBy`,
    why: 'without it there is one result',
    rule: 'option',
  });
}
