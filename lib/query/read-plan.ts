import type { EntityMetadata, LazyMetadata } from '../metadata/entity-metadata.js';
import {
  block,
  path,
  returnStatement,
  select,
  subquery,
  value,
  type Expression,
  type SelectNode,
} from '../surrealql/nodes/index.js';
import { mentions, selectParts } from './computed-source.js';
import type { FetchNode, FetchPlan } from './fetch-node.js';
import { presentOnly } from './past.js';
import { buildOrder, toOrdering, withTieBreak, type SortKey } from './order-by.js';
import type { QueryContext } from './query-context.js';
import { describe, refused } from './query-errors.js';
import type { IndexChoice, RowSource } from './row-source.js';
import { isNever } from './terms.js';
import { selectedColumns } from './select-columns.js';

/** How rows are read, beside their where; the typed form is `FindOptions`. */
export interface FindRequest extends IndexChoice {
  readonly fetch?: unknown;
  /** Properties to read; `[]` reads the id alone. */
  readonly select?: readonly string[];
  readonly omit?: readonly string[];
  readonly orderBy?: unknown;
  readonly limit?: number;
  readonly offset?: number;
  readonly version?: Date;
}

/** A read, ready to print, and what the hydrator has to know of its rows. */
export interface FindPlan {
  readonly statement: SelectNode;
  /** Where in each row the fetched relations stand. */
  readonly fetch: readonly FetchNode[];
  /** The columns that were read; undefined for all of them. */
  readonly columns: ReadonlySet<string> | undefined;
  /** No row can match: nothing needs to be sent. */
  readonly matchesNothing: boolean;
}

/** What is read: where the rows come from (which may hang on their order) and the relations they bring along. */
export interface ReadParts {
  readonly condition: Expression | undefined;
  readonly source: (keys: readonly SortKey[]) => RowSource;
  /** The order, where it is not simply what the request says. */
  readonly keys?: readonly SortKey[];
  readonly fetch: FetchPlan;
  /** The rows may be of several tables, whose columns differ: lazy ones are read too. */
  readonly mixed?: boolean;
}

/** Rows of any source, sorted, cut, with their relations. */
export function planRead(meta: EntityMetadata, parts: ReadParts, request: FindRequest, query: QueryContext): FindPlan {
  const { condition, source, fetch } = parts;
  const keys = parts.keys ?? buildOrder(meta, request.orderBy, query);
  const chosen = selectedColumns(meta, request, fetch.nodes);
  const lazy = chosen === undefined && parts.mixed !== true ? meta.lazy : undefined;
  const projects = fetch.projections.length > 0 || keys.some((key) => !key.plain);
  const found = source(keys);
  if (request.version !== undefined && found.isPast !== true) throw presentOnly(meta, 'a walk or a search');
  const rows = sortRows(projects ? onlyRecords(found) : found, keys, request);
  const sortsByLazy = lazy !== undefined && keys.some((key) => mentions(key.by, new Set(lazy.columns)));
  return {
    statement: leaveOut(project(sortsByLazy ? select({ from: [subquery(rows)] }) : rows, chosen, fetch), lazy),
    fetch: fetch.nodes,
    columns: chosen ?? lazy?.rest,
    matchesNothing: isNever(condition),
  };
}

/** A projection beside `*` makes a row of its own for every id without a record: those are left out first. */
function onlyRecords(source: RowSource): RowSource {
  if (!source.isIdList || source.done === true) return source;
  return { ...source, from: subquery(select({ from: [source.from] })), isIdList: false };
}

function sortRows(source: RowSource, keys: readonly SortKey[], request: FindRequest): SelectNode {
  const limits = cut(request);
  const parts = selectParts(source);
  if (source.inOrder === true) return select({ ...parts, ...limits });
  const isCut = limits.limit !== undefined || limits.start !== undefined;
  const needsOrder = source.done !== true && (keys.length > 0 || isCut || source.indexed);
  if (!needsOrder) return select(parts);
  const sorted = withTieBreak(keys);
  if (!sorted.every((key) => key.plain)) return sortProjected(select(parts), sorted, limits);
  const order = { orderBy: sorted.map(toOrdering), ...limits };
  // On a list of ids ORDER BY does nothing.
  return source.isIdList ? select({ from: [subquery(select(parts))], ...order }) : select({ ...parts, ...order });
}

/** A key behind a link is silently not sorted by: it is projected first, and sorted by one level further out. */
function sortProjected(rows: SelectNode, keys: readonly SortKey[], limits: Limits): SelectNode {
  const aliased = keys.map((key, index) => ({ ...key, alias: key.plain ? undefined : `__order_${index}` }));
  const projections = aliased.flatMap(({ by, alias }) =>
    alias === undefined ? [] : [{ expression: apart(by), alias: [alias] }],
  );
  return select({
    from: [subquery({ ...rows, projections })],
    omit: projections.map(({ alias }) => path(...alias)),
    orderBy: aliased.map((key) => toOrdering(key.alias === undefined ? key : { ...key, by: path(key.alias) })),
    ...limits,
  });
}

/** A column under another name is left out of `*`: in a block it is a value of its own. */
function apart(by: Expression): Expression {
  return by.kind === 'Fragment' ? block([returnStatement(by)]) : by;
}

interface Limits {
  readonly limit?: Expression;
  readonly start?: Expression;
}

export function cut({ limit, offset }: Pick<FindRequest, 'limit' | 'offset'>): Limits {
  return {
    ...(limit !== undefined && { limit: value(whole(limit, 'limit')) }),
    ...(offset !== undefined && offset !== 0 && { start: value(whole(offset, 'offset')) }),
  };
}

function whole(number: unknown, name: string): number {
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw refused({
    path: name,
    what: `${name} must be a whole number from 0`,
    why: `it is ${describe(number)}`,
    rule: 'type',
  });
}

function leaveOut(rows: SelectNode, lazy: LazyMetadata | undefined): SelectNode {
  if (lazy === undefined) return rows;
  return Object.freeze({ ...rows, omit: [...(rows.omit ?? []), ...lazy.columns.map((column) => path(column))] });
}

/** The relations beside the row, and only the columns asked for. */
function project(rows: SelectNode, columns: ReadonlySet<string> | undefined, fetch: FetchPlan): SelectNode {
  const fetched = fetch.fetched.length === 0 ? {} : { fetch: fetch.fetched };
  if (columns === undefined) {
    return fetch.projections.length === 0
      ? rows
      : Object.freeze({ ...rows, projections: fetch.projections, ...fetched });
  }
  const projections = [...[...columns].map((column) => ({ expression: path(column) })), ...fetch.projections];
  return select({ all: false, projections, from: [subquery(rows)], ...fetched });
}
