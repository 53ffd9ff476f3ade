import type {
  EdgesMetadata,
  EntityMetadata,
  InverseMetadata,
  LinkMetadata,
  LinksMetadata,
  PropertyMetadata,
} from '../metadata/entity-metadata.js';
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
  type GraphHop,
  type PathNode,
  type Projection,
  type SelectNode,
} from '../surrealql/nodes/index.js';
import { NONE } from '../values/index.js';
import { planRead, type FindRequest } from './find.js';
import type { QueryContext } from './query-context.js';
import { describe, refused, unknownField } from './query-errors.js';
import { visibleWhere, type RowSource } from './row-source.js';
import { relatedList } from './where-relations.js';
import { filtered } from './where-scope.js';

type Relation = LinkMetadata | LinksMetadata | EdgesMetadata | InverseMetadata;

/** Where in a row a fetched relation stands, and what the rows there are. */
export interface FetchNode {
  readonly property: Relation;
  /** The member of the row: a row of the target for a link, a list of such rows for the many side. */
  readonly alias: string;
  readonly many: boolean;
  /** The target's entity. A link to several tables may bring rows of others. */
  readonly meta: EntityMetadata;
  /** Of edges: their entity, and the member of each target row that holds the edge's own row. */
  readonly edgeMeta?: EntityMetadata;
  readonly edgeAlias?: string;
  /** The member of the row that holds how many there are, where `count` was asked for. */
  readonly countAlias?: string;
  /** Not all members are shown: conditions, a limit or an offset were given. */
  readonly partial: boolean;
  /** The columns that were read of the target; undefined for all. */
  readonly columns: ReadonlySet<string> | undefined;
  /** The relations fetched below, in each row of the target. */
  readonly children: readonly FetchNode[];
}

export interface FetchPlan {
  readonly nodes: readonly FetchNode[];
  readonly projections: readonly Projection[];
  /** Aliases for the FETCH clause of the select that projects them. */
  readonly fetched: readonly PathNode[];
}

/** The member of a fetched row that holds the row of the edge which led there. */
export const EDGE_ALIAS = '__edge';

interface FetchRequest extends FindRequest {
  readonly where?: unknown;
  readonly count?: boolean;
}

interface Piece {
  readonly node: FetchNode;
  readonly projections: readonly Projection[];
  readonly fetched: readonly PathNode[];
}

/**
 * What a select has to project to bring relations along. Everything is one statement, and the cost grows with the children
 * of the shown rows: inverses are reached by reference (`<~`), edges by the graph, never by a search in the target's table.
 * A fetched link stands beside its column, so that a link into a missing record keeps its id.
 *
 * @throws ValidationError for unknown relations and whatever is wrong in their own where, orderBy and fetch
 */
export function buildFetch(meta: EntityMetadata, fetch: unknown, query: QueryContext): FetchPlan {
  if (fetch === undefined) return { nodes: [], projections: [], fetched: [] };
  if (typeof fetch !== 'object' || fetch === null || Array.isArray(fetch)) throw notFetch(meta, fetch);
  const pieces = Object.entries(fetch).flatMap(([name, request]): readonly Piece[] => {
    const property = relationOf(meta, name);
    if (request === undefined || request === false) return [];
    if (request !== true && (typeof request !== 'object' || request === null)) throw notFetch(meta, request, name);
    return [buildPiece(property, request === true ? {} : (request as FetchRequest), query)];
  });
  return {
    nodes: pieces.map(({ node }) => node),
    projections: pieces.flatMap(({ projections }) => projections),
    fetched: pieces.flatMap(({ fetched }) => fetched),
  };
}

function relationOf(meta: EntityMetadata, name: string): Relation {
  const property = meta.byProperty.get(name);
  if (property !== undefined && isRelation(property)) return property;
  const relations = meta.properties.filter(isRelation).map((each) => each.property);
  if (property === undefined) throw unknownField(meta.className, name, relations);
  throw refused({
    path: property.path,
    what: `${property.path} cannot be fetched`,
    why: 'it is no relation',
    rule: 'unknown',
  });
}

function isRelation(property: PropertyMetadata): property is Relation {
  return property.kind !== 'field' && property.kind !== 'computed';
}

function buildPiece(property: Relation, request: FetchRequest, query: QueryContext): Piece {
  const target = property.target();
  const where = visibleWhere(target, request.where, query);
  const alias = `__fetch_${property.property}`;
  const many = property.kind !== 'link';
  const isCut = request.limit !== undefined || request.offset !== undefined;
  const read = { property, alias, request, where, query, target };
  const plan = isWhole(property, request, where) ? wholeLinks(property) : readRelation(read);
  const countAlias = request.count === true && many ? `__count_${property.property}` : undefined;
  const counted = countAlias === undefined ? [] : [{ expression: countOf(property, where), alias: [countAlias] }];
  return {
    projections: [{ expression: plan.expression, alias: [alias] }, ...counted],
    fetched: plan.byFetch ? [path(alias)] : [],
    node: Object.freeze({
      property,
      alias,
      many,
      meta: target,
      ...(property.kind === 'edges' && { edgeMeta: property.edge(), edgeAlias: EDGE_ALIAS }),
      ...(countAlias !== undefined && { countAlias }),
      partial: many && (request.where !== undefined || isCut),
      columns: plan.columns,
      children: plan.children,
    }),
  };
}

interface RelationRead {
  readonly expression: Expression;
  readonly children: readonly FetchNode[];
  readonly columns: ReadonlySet<string> | undefined;
  readonly byFetch: boolean;
}

/** Links that are taken as they are: FETCH is the fastest way to their records. */
function isWhole(
  property: Relation,
  request: FetchRequest,
  where: Expression | undefined,
): property is LinkMetadata | LinksMetadata {
  if (property.kind !== 'link' && property.kind !== 'links') return false;
  const { fetch, select: columns, omit, orderBy, limit, offset } = request;
  return [where, fetch, columns, omit, orderBy, limit, offset].every((each) => each === undefined);
}

/** `author ?? NONE`, because `SELECT *, author AS x` would rename the column instead of adding one. */
function wholeLinks(property: LinkMetadata | LinksMetadata): RelationRead {
  return {
    expression: binary(path(property.column), '??', value(NONE)),
    children: [],
    columns: undefined,
    byFetch: true,
  };
}

interface ReadParts {
  readonly property: Relation;
  readonly request: FetchRequest;
  readonly where: Expression | undefined;
  readonly query: QueryContext;
  readonly target: EntityMetadata;
}

function readRelation(parts: ReadParts): RelationRead {
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

/** `{ LET $record = author; RETURN (SELECT … FROM $record WHERE …)[0] }`: FROM takes a variable, not a path. */
function readLink(parts: ReadParts, link: LinkMetadata): RelationRead {
  const { fetch, select: columns, omit } = parts.request;
  const request = {
    ...(fetch !== undefined && { fetch }),
    ...(columns !== undefined && { select: columns }),
    ...(omit !== undefined && { omit }),
  };
  const plan = planOf({ ...parts, request }, param('record'));
  return {
    ...plan,
    expression: block([
      letStatement('record', path(link.column)),
      returnStatement(pathOf(subquery(plan.statement), 0)),
    ]),
  };
}

function readList(parts: ReadParts, list: Expression): RelationRead {
  const plan = planOf(parts, param('records'));
  return { ...plan, expression: block([letStatement('records', list), returnStatement(subquery(plan.statement))]) };
}

function readInverse(parts: ReadParts, inverse: InverseMetadata): RelationRead {
  const hop: GraphHop = { arrow: '<~', tables: [parts.target.table], field: inverse.inverse().column };
  const plan = planOf(parts, graph([hop], param('parent')));
  return { ...plan, expression: subquery(plan.statement) };
}

interface TargetPlan {
  readonly statement: SelectNode;
  readonly children: readonly FetchNode[];
  readonly columns: ReadonlySet<string> | undefined;
  readonly byFetch: false;
}

/** A read of the target's rows from a list of ids. Conditions and order need the rows, so they stand one level out. */
function planOf({ target, request, where, query }: ReadParts, ids: Expression): TargetPlan {
  const source: RowSource =
    where === undefined
      ? { from: ids, isIdList: true, indexed: false }
      : { from: subquery(select({ from: [ids] })), where, isIdList: false, indexed: false };
  const plan = planRead(target, where, () => source, request, query);
  return { statement: plan.statement, children: plan.fetch, columns: plan.columns, byFetch: false };
}

/** Each edge with the record that it leads to; the edge's row stands inside that record's row. */
function readEdges(parts: ReadParts, property: EdgesMetadata): RelationRead {
  const { target, request, where, query } = parts;
  const { orderBy: _order, limit: _limit, offset: _offset, where: _where, ...projected } = request;
  const node = planOf({ target, where, query, property, request: projected }, param('node'));
  const statement: SelectNode = { ...node.statement, projections: [...node.statement.projections, EDGE_ROW] };
  const each = block([
    letStatement('edge', param('this')),
    letStatement('node', otherEnd(property)),
    returnStatement(pathOf(subquery(statement), 0)),
  ]);
  const nodes = select({ value: each, from: [subquery(select({ from: [edgesOf(property)] }))] });
  const shown = sortNodes(target, nodes, request, query);
  return {
    expression: block([letStatement('owner', path('id')), returnStatement(subquery(shown))]),
    children: node.children,
    columns: node.columns,
    byFetch: false,
  };
}

const EDGE_ROW: Projection = Object.freeze({ expression: param('edge'), alias: Object.freeze([EDGE_ALIAS]) });
const ARROWS = Object.freeze({ out: '->', in: '<-', both: '<->' } as const);

function edgesOf(property: EdgesMetadata): Expression {
  return graph([{ arrow: ARROWS[property.direction], tables: [property.edge().table] }], param('owner'));
}

function otherEnd(property: EdgesMetadata): Expression {
  if (property.direction !== 'both') return path(property.direction);
  const isStart = binary(path('in'), '=', param('owner'));
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
  return planRead(target, undefined, () => source, sorting, query).statement;
}

function countOf(property: Relation, where: Expression | undefined): Expression {
  const list = relatedList(property as LinksMetadata | EdgesMetadata | InverseMetadata);
  return call('array::len', where === undefined ? list : filtered(list, where));
}

function notFetch(meta: EntityMetadata, given: unknown, name?: string): Error {
  const path = name === undefined ? meta.className : `${meta.className}.${name}`;
  return refused({
    path,
    what: `The fetch of ${path} is ${describe(given)}`,
    why: 'it takes an object of relations, each true or options of its own',
    fix: '{ fetch: { author: true, comments: { limit: 3 } } }',
    rule: 'type',
  });
}
