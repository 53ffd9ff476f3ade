import type { EdgesMetadata, EntityMetadata, InverseMetadata, LinkMetadata } from '../metadata/entity-metadata.js';
import {
  array,
  binary,
  block,
  call,
  evaluate,
  graph,
  iff,
  letStatement,
  param,
  path,
  pathOf,
  returnStatement,
  select,
  subquery,
  value,
  type Expression,
  type Projection,
  type SelectNode,
} from '../surrealql/nodes/index.js';
import { NONE } from '../values/index.js';
import { EDGE_ALIAS, NO_FETCH, type FetchNode, type FetchPlan, type Relation } from './fetch-node.js';
import type { QueryContext } from './query-context.js';
import { recordsOf } from './records-of.js';
import { referrers } from './referrers.js';
import { planRead, type FindRequest } from './read-plan.js';
import type { RowSource } from './row-source.js';

/** How one relation is read. */
export interface FetchRequest extends FindRequest {
  readonly where?: unknown;
  readonly count?: boolean;
  readonly as?: string;
}

/** The expression that yields a relation's rows. */
export interface RelationRead {
  readonly expression: Expression;
  readonly children: readonly FetchNode[];
  readonly columns: ReadonlySet<string> | undefined;
  readonly byFetch: boolean;
}

/** What a relation is read with: its own options, its condition, and what is fetched below it. */
export interface RelationParts {
  readonly property: Relation;
  readonly request: FetchRequest;
  readonly where: Expression | undefined;
  readonly query: QueryContext;
  readonly target: EntityMetadata;
  /** What is fetched below. */
  readonly children: FetchPlan;
}

export function readRelation(parts: RelationParts): RelationRead {
  switch (parts.property.kind) {
    case 'link':
      return readLink(parts, parts.property);
    case 'links':
      return readList(parts, binary(path(parts.property.column), '??', array([])));
    case 'inverse':
      return readInverse(parts, parts.property);
    case 'edges':
      return readEdges(parts, parts.property);
  }
}

/** `{ LET $record = author; RETURN SELECT … FROM ONLY $record }`: FROM takes a variable, not a path. */
function readLink(parts: RelationParts, link: LinkMetadata): RelationRead {
  const plan = planOne(parts, 'record');
  return {
    ...plan,
    expression: block([letStatement('record', path(link.column)), returnStatement(subquery(plan.statement))]),
  };
}

/** A read of the one record that a variable names; NONE where there is no record or it does not match. */
function planOne({ property, target, request, where, query, children }: RelationParts, name: string): TargetPlan {
  const { select: columns, omit } = request;
  const projected = { ...(columns !== undefined && { select: columns }), ...(omit !== undefined && { omit }) };
  const source: RowSource = {
    from: recordsOf(param(name), query),
    isIdList: false,
    indexed: false,
    ...(where !== undefined && { where }),
  };
  const read = { condition: where, source: () => source, fetch: children, mixed: isMixed(property) };
  const plan = planRead(target, read, projected, query);
  // Of anything but a record the server wants to hear that one row is enough.
  const one = plan.statement.from[0]?.kind === 'Param' ? {} : { limit: value(1) };
  return {
    statement: { ...plan.statement, only: true, ...one },
    children: plan.fetch,
    columns: plan.columns,
    byFetch: false,
  };
}

function readList(parts: RelationParts, list: Expression): RelationRead {
  const plan = planOf(parts, param('records'));
  return { ...plan, expression: block([letStatement('records', list), returnStatement(subquery(plan.statement))]) };
}

function readInverse(parts: RelationParts, inverse: InverseMetadata): RelationRead {
  const plan = planOf(parts, referrers(inverse, param('parent')));
  return { ...plan, expression: subquery(plan.statement) };
}

interface TargetPlan {
  readonly statement: SelectNode;
  readonly children: readonly FetchNode[];
  readonly columns: ReadonlySet<string> | undefined;
  readonly byFetch: false;
}

/** A read of the target's rows from a list of ids. Conditions and order need the rows, so they stand one level out. */
function planOf({ property, target, request, where, query, children }: RelationParts, ids: Expression): TargetPlan {
  const source: RowSource =
    where === undefined && query.ownWrites !== true
      ? { from: ids, isIdList: true, indexed: false }
      : {
          from: subquery(select({ from: [recordsOf(ids, query)] })),
          isIdList: false,
          indexed: false,
          ...(where !== undefined && { where }),
        };
  const read = { condition: where, source: () => source, fetch: children, mixed: isMixed(property) };
  const plan = planRead(target, read, request, query);
  return { statement: plan.statement, children: plan.fetch, columns: plan.columns, byFetch: false };
}

function isMixed(property: Relation): boolean {
  return (property.kind === 'link' || property.kind === 'links') && property.targets().length > 1;
}

/** Each edge with the record that it leads to; the edge's row stands inside that record's row. */
function readEdges(parts: RelationParts, property: EdgesMetadata): RelationRead {
  const { target, request, query, where } = parts;
  const node = planOne(parts, 'node');
  const statement: SelectNode = { ...node.statement, projections: [...node.statement.projections, EDGE_ROW] };
  const { orderBy, limit, offset } = request;
  const isCut = limit !== undefined || offset !== undefined;
  const nodes = isCut ? nodesOfEnds(property, statement, query) : nodesOfEdges(property, statement, query);
  const isWhole = !isCut && where === undefined && orderBy === undefined;
  const shown = isWhole ? nodes : sortNodes(target, nodes, request, query);
  return { expression: subquery(shown), children: node.children, columns: node.columns, byFetch: false };
}

/** A row for each edge. */
function nodesOfEdges(property: EdgesMetadata, statement: SelectNode, query: QueryContext): SelectNode {
  const each = block([
    letStatement('edge', param('this')),
    letStatement('node', otherEnd(property)),
    returnStatement(subquery(statement)),
  ]);
  return select({ value: each, ...shownEdges(property, query) });
}

/** A row for each record, however many edges lead to it: where rows are cut, it is records that count. */
function nodesOfEnds(property: EdgesMetadata, statement: SelectNode, query: QueryContext): SelectNode {
  const ends = select({
    all: false,
    projections: [
      { expression: path('id'), alias: ['edge'] },
      { expression: otherEnd(property), alias: ['end'] },
    ],
    ...shownEdges(property, query),
  });
  const edges = call('array::distinct', call('array::group', path('edge')));
  const grouped = select({
    all: false,
    projections: [{ expression: path('end') }, { expression: edges, alias: ['edges'] }],
    from: [subquery(ends)],
    groupBy: [path('end')],
  });
  const each = block([
    letStatement('edges', path('edges')),
    letStatement('edge', subquery(select({ from: [recordsOf(param('edges'), query)] }))),
    letStatement('node', path('end')),
    returnStatement(subquery(statement)),
  ]);
  return select({ value: each, from: [subquery(grouped)] });
}

/** The edges of the row at hand that a read of their own would show. */
function shownEdges(property: EdgesMetadata, query: QueryContext): Pick<SelectNode, 'from' | 'where'> {
  const where = query.scope?.(property.edge());
  const from = [subquery(select({ from: [recordsOf(edgesOf(property), query)] }))];
  return where === undefined ? { from } : { from, where };
}

const EDGE_ROW: Projection = Object.freeze({ expression: param('edge'), alias: Object.freeze([EDGE_ALIAS]) });
const ARROWS = Object.freeze({ out: '->', in: '<-', both: '<->' } as const);

function edgesOf(property: EdgesMetadata): Expression {
  return graph([{ arrow: ARROWS[property.direction], tables: [property.edge().table] }], param('parent'));
}

function otherEnd(property: EdgesMetadata): Expression {
  if (property.direction !== 'both') return path(property.direction);
  const isStart = binary(path('in'), '=', pathOf(param('parent'), 'id'));
  return iff(isStart, block([evaluate(path('out'))]), block([evaluate(path('in'))]));
}

/** Edges into missing or unwanted records are left out before sorting and cutting. */
function sortNodes(target: EntityMetadata, nodes: SelectNode, request: FetchRequest, query: QueryContext): SelectNode {
  const source: RowSource = {
    from: subquery(nodes),
    where: binary(path('id'), '!=', value(NONE)),
    isIdList: false,
    indexed: false,
  };
  const { orderBy, limit, offset } = request;
  const sorting = {
    ...(orderBy !== undefined && { orderBy }),
    ...(limit !== undefined && { limit }),
    ...(offset !== undefined && { offset }),
  };
  return planRead(target, { condition: undefined, source: () => source, fetch: NO_FETCH }, sorting, query).statement;
}
