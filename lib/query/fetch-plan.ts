import type { EntityMetadata, PropertyMetadata } from '../metadata/entity-metadata.js';
import {
  binary,
  call,
  path,
  value,
  type Expression,
  type PathNode,
  type Projection,
} from '../surrealql/nodes/index.js';
import { NONE } from '../values/index.js';
import { EDGE_ALIAS, NO_FETCH, type FetchNode, type FetchPlan, type Relation, type ToMany } from './fetch-node.js';
import { readRelation, type FetchRequest, type RelationRead } from './fetch-relation.js';
import type { QueryContext } from './query-context.js';
import { describe, refused, unknownField, unknownOption } from './query-errors.js';
import { visibleWhere } from './row-source.js';
import { checkNames } from './fetch-names.js';
import { relatedList } from './where-relations.js';
import { filtered } from './where-scope.js';
import type { LinkMetadata, LinksMetadata } from '../metadata/entity-metadata.js';
import type { FetchOptions } from '../types/index.js';

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
  if (fetch === undefined) return NO_FETCH;
  if (typeof fetch !== 'object' || fetch === null || Array.isArray(fetch)) throw notFetch(meta, fetch);
  const pieces = Object.entries(fetch).flatMap(([name, given]): readonly Piece[] => {
    const property = relationOf(meta, name);
    return requestsOf(given).map((request) => {
      if (request !== true && (typeof request !== 'object' || request === null)) throw notFetch(meta, request, name);
      return buildPiece(property, optionsOf(property, request), query);
    });
  });
  checkNames(
    meta,
    pieces.map(({ node }) => node),
  );
  return {
    nodes: pieces.map(({ node }) => node),
    projections: pieces.flatMap(({ projections }) => projections),
    fetched: pieces.flatMap(({ fetched }) => fetched),
  };
}

/** A relation may be asked for several times, under names of their own. */
export function requestsOf(given: unknown): readonly unknown[] {
  return [given].flat().filter((request) => request !== undefined && request !== false);
}

function optionsOf(property: Relation, request: true | object): FetchRequest {
  const options: FetchRequest = request === true ? {} : request;
  for (const option of Object.keys(options))
    if (!Object.hasOwn(OPTIONS, option))
      throw unknownOption(`The fetch of ${property.path}`, option, Object.keys(OPTIONS));
  return options;
}

/** Typed over the options, so that a new one cannot be forgotten here. */
const OPTIONS: Readonly<Record<keyof FetchOptions<object>, true>> = Object.freeze({
  where: true,
  orderBy: true,
  limit: true,
  offset: true,
  fetch: true,
  select: true,
  omit: true,
  count: true,
  as: true,
});

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
  refuseUnshared(property, request);
  const where = visibleWhere(target, request.where, query, targetsOf(property));
  const alias = `__fetch_${request.as ?? property.property}`;
  const many = property.kind !== 'link';
  const isCut = request.limit !== undefined || request.offset !== undefined;
  const plan =
    query.ownWrites !== true && isWhole(property, request, where)
      ? wholeLinks(property)
      : readRelation({ property, request, where, query, target, children: buildFetch(target, request.fetch, query) });
  const countAlias = request.count === true && many ? `__count_${property.property}` : undefined;
  const counted =
    countAlias === undefined ? [] : [{ expression: countOf(property, where, query), alias: [countAlias] }];
  return {
    projections: [{ expression: plan.expression, alias: [alias] }, ...counted],
    fetched: plan.byFetch ? [path(alias)] : [],
    node: Object.freeze({
      property,
      alias,
      ...(request.as !== undefined && { as: request.as }),
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

/** Of a link to several entities the rows are read in one way: what is said of their properties must mean the same in each. */
function refuseUnshared(property: Relation, { select, omit, orderBy, fetch }: FetchRequest): void {
  const [first, ...others] = targetsOf(property);
  if (first === undefined || others.length === 0) return;
  const sorted = [orderBy].flat().flatMap((keys) => Object.keys((keys ?? {}) as object));
  for (const name of [...(select ?? []), ...(omit ?? []), ...sorted, ...Object.keys((fetch ?? {}) as object)]) {
    const meant = first.byProperty.get(name);
    const odd = others.find((meta) => !isSame(meant, meta.byProperty.get(name)));
    if (name === 'id' || odd === undefined) continue;
    throw refused({
      path: `${property.path}.${name}`,
      what: `"${name}" cannot be asked of the records of ${property.path}`,
      why: `${first.className} and ${odd.className} do not have it in common`,
      fix: 'fetch the link alone, and load what hangs on one of them',
      rule: 'relation',
    });
  }
}

function isSame(a: PropertyMetadata | undefined, b: PropertyMetadata | undefined): boolean {
  const columnOf = (property: PropertyMetadata | undefined) =>
    property !== undefined && 'column' in property && property.kind !== 'computed' ? property.column : undefined;
  return a?.kind === b?.kind && columnOf(a) !== undefined && columnOf(a) === columnOf(b);
}

export function targetsOf(property: Relation): readonly EntityMetadata[] {
  return property.kind === 'link' || property.kind === 'links' ? property.targets() : [property.target()];
}

/** Links that are taken as they are: FETCH is the fastest way to their records. */
function isWhole(
  property: Relation,
  request: FetchRequest,
  where: Expression | undefined,
): property is LinkMetadata | LinksMetadata {
  if (property.kind !== 'link' && property.kind !== 'links') return false;
  const targets = property.targets();
  if (targets.length === 1 && targets[0]?.lazy !== undefined) return false;
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

function countOf(property: Relation, where: Expression | undefined, query: QueryContext): Expression {
  const list = relatedList(property as ToMany, query);
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
