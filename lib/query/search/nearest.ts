import type { EntityMetadata, FieldMetadata, IndexMetadata, VectorMetadata } from '../../metadata/entity-metadata.js';
import {
  array,
  binary,
  block,
  call,
  iff,
  knn,
  letStatement,
  param,
  path,
  pathOf,
  returnStatement,
  select,
  subquery,
  table,
  value,
  type Expression,
  type SelectNode,
} from '../../surrealql/nodes/index.js';
import { NONE } from '../../values/index.js';
import { computedColumns, mentions } from '../computed-source.js';
import type { QueryContext } from '../query-context.js';
import { refused, unknownField } from '../query-errors.js';
import { cut } from '../read-plan.js';
import { ID, visibleWhere } from '../row-source.js';
import { allOf } from '../terms.js';
import { planHits, type Hits, type HitsRequest, type SearchPlan } from './hits.js';

/** The typed form is `NearestOptions`. */
export interface NearestRequest extends HitsRequest {
  /** How many neighbours; 10 unless given. */
  readonly k?: number;
  /** How widely the index is searched; at least `k`, 100 unless given. */
  readonly ef?: number;
  /** A distance other than the index's: every record is compared. */
  readonly metric?: string;
}

const NEIGHBOURS = 10;
const WIDTH = 100;

/** @throws ValidationError for what is no vector field or no vector of its dimension, and for whatever is wrong in the rest */
export function buildNearest(
  meta: EntityMetadata,
  field: string,
  vector: unknown,
  request: NearestRequest,
  query: QueryContext,
): SearchPlan {
  const near = nearestRows(meta, field, vector, request, query);
  const { limit, offset } = request;
  if (limit === undefined && offset === undefined) return planHits(meta, near, request, query);
  const lets = [...near.lets, letStatement('near', near.hits)];
  const shown = select({ from: [param('near')], orderBy: BY_DISTANCE, ...cut(request) });
  return planHits(meta, { lets, hits: subquery(shown) }, request, query);
}

const BY_DISTANCE = [
  { by: path('distance'), direction: 'ASC' as const },
  { by: ID, direction: 'ASC' as const },
];

/** The ids of the nearest records and how far they are. */
export function nearestRows(
  meta: EntityMetadata,
  name: string,
  vector: unknown,
  request: NearestRequest,
  query: QueryContext,
): Hits {
  const field = vectorField(meta, name);
  const k = size(request.k ?? NEIGHBOURS, `${field.path} k`);
  const condition = visibleWhere(meta, request.where, query);
  const similarity = SIMILARITIES[metricOf(field, request.metric)];
  if (similarity !== undefined)
    return found(bySimilarity(meta, field, { k, condition, similarity, vector: value(checkedVector(field, vector)) }));
  const index = indexOf(meta, field, condition, request, query);
  const metric = metricOf(field, request.metric);
  const by = index === undefined ? { distance: metric } : { ef: Math.max(k, width(request, field)) };
  const near = knn({ field: path(field.column), k, by, vector: value(checkedVector(field, vector, metric)) });
  const rows = (conditions: readonly Expression[]): SelectNode =>
    select({
      all: false,
      projections: [{ expression: ID }, { expression: call('vector::distance::knn'), alias: ['distance'] }],
      from: [table(meta.table)],
      // Compared one by one, rows must not come through an index: it would lose computed fields.
      ...(index === undefined && { withIndex: [] }),
      where: allOf([...(condition === undefined ? [] : [condition]), ...conditions, near]) as Expression,
      orderBy: BY_DISTANCE,
      limit: value(k),
    });
  if (metric !== 'COSINE') return found(rows([]));
  const directed = hasDirection(path(field.column));
  return index === undefined || condition !== undefined
    ? found(rows([directed]))
    : withDistance(rows([]), rows([directed]));
}

/** To a vector of zeros there is no angle: the server says NaN, sorts that first, and gives it a place among the nearest. */
function hasDirection(column: Expression): Expression {
  return binary(call('vector::magnitude', binary(column, '??', array([]))), '>', value(0));
}

/**
 * Any condition makes a search through the index many times as slow (3.0.2): it is searched again under one where the first of
 * what it has found has no distance.
 */
function withDistance(all: SelectNode, directed: SelectNode): Hits {
  const isNumber = binary(pathOf(param('all'), 0, 'distance'), '>=', value(-1));
  const hits = iff(isNumber, block([returnStatement(param('all'))]), block([returnStatement(subquery(directed))]));
  return { lets: [letStatement('all', subquery(all))], hits };
}

const found = (rows: SelectNode): Hits => ({ lets: [], hits: subquery(rows) });

/** For these the server (3.0.2) takes how alike vectors are for how far they are: what is least alike would come first. */
const SIMILARITIES: Readonly<Record<string, string>> = {
  JACCARD: 'vector::similarity::jaccard',
  PEARSON: 'vector::similarity::pearson',
};

interface Comparison {
  readonly k: number;
  readonly condition: Expression | undefined;
  readonly similarity: string;
  readonly vector: Expression;
}

/** Every record is compared; where nothing varies there is no correlation, and no number. */
function bySimilarity(meta: EntityMetadata, field: FieldMetadata, compared: Comparison): SelectNode {
  const { k, condition, similarity, vector } = compared;
  const column = path(field.column);
  const distance = binary(value(1), '-', call(similarity, column, vector));
  const where = allOf([...(condition === undefined ? [] : [condition]), binary(column, '!=', value(NONE))]);
  const rows = select({
    all: false,
    projections: [{ expression: ID }, { expression: distance, alias: ['distance'] }],
    from: [table(meta.table)],
    withIndex: [],
    ...(where !== undefined && { where }),
  });
  const isNumber = binary(path('distance'), '>=', value(-1));
  return select({ from: [subquery(rows)], where: isNumber, orderBy: BY_DISTANCE, limit: value(k) });
}

/**
 * The index that can answer: it has this distance, and nothing in the where that it would not see. It does not see computed
 * fields, other records by a graph, nor what an interactive transaction has itself written.
 */
function indexOf(
  meta: EntityMetadata,
  field: FieldMetadata,
  condition: Expression | undefined,
  { metric }: NearestRequest,
  query: QueryContext,
): IndexMetadata | undefined {
  const index = meta.indexes.find(({ vector, columns }) => vector !== undefined && columns[0] === field.column);
  if (index === undefined || query.ownWrites === true) return undefined;
  if (metric !== undefined && metricOf(field, metric) !== metricOf(field, undefined)) return undefined;
  const isOfRow = condition === undefined || !(mentions(condition, computedColumns(meta)) || followsGraph(condition));
  return isOfRow ? index : undefined;
}

/** A search through the index fails where its condition goes along edges or references (3.0.2). */
function followsGraph(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(followsGraph);
  if (typeof node !== 'object' || node === null) return false;
  const { kind } = node as { readonly kind?: unknown };
  return kind === 'Graph' || (kind !== 'Value' && Object.values(node).some(followsGraph));
}

function vectorField(meta: EntityMetadata, name: string): FieldMetadata & { readonly vector: VectorMetadata } {
  const property = meta.byProperty.get(name);
  const vectors = meta.properties.filter((each) => each.kind === 'field' && each.vector !== undefined);
  if (property?.kind === 'field' && property.vector !== undefined)
    return property as FieldMetadata & { readonly vector: VectorMetadata };
  if (property === undefined)
    throw unknownField(
      meta.className,
      name,
      vectors.map((each) => each.property),
    );
  throw refused({
    path: property.path,
    what: `${property.path} is no vector`,
    why: 'neighbours are found among vectors',
    fix: '@VectorField({ dimension: 384 }) declares one',
    rule: 'type',
  });
}

const METRICS = ['euclidean', 'cosine', 'manhattan', 'chebyshev', 'hamming', 'jaccard', 'pearson', 'minkowski'];

function metricOf({ vector, path: label }: FieldMetadata, metric: string | undefined): string {
  const own = vector?.distance ?? 'euclidean';
  const name = metric?.toLowerCase() ?? (typeof own === 'string' ? own.toLowerCase() : `minkowski ${own.minkowski}`);
  if (METRICS.includes(name.split(' ')[0] ?? '')) return name.toUpperCase();
  throw refused({
    path: label,
    what: `${JSON.stringify(metric)} is no distance between vectors`,
    why: `there are ${METRICS.join(', ')}`,
    rule: 'operator',
  });
}

/** The numbers of a vector of the field's dimension. */
function checkedVector(
  field: FieldMetadata & { readonly vector: VectorMetadata },
  given: unknown,
  metric?: string,
): readonly number[] {
  const isList = Array.isArray(given) || (ArrayBuffer.isView(given) && !(given instanceof DataView));
  const numbers = isList ? Array.from(given as ArrayLike<unknown>, Number) : [];
  const { dimension } = field.vector;
  const why = !isList
    ? 'it is no list of numbers'
    : numbers.length !== dimension
      ? `it has ${numbers.length} numbers, ${field.path} has ${dimension}`
      : numbers.every(Number.isFinite)
        ? metric === 'COSINE' && Math.hypot(...numbers) === 0
          ? 'all of it are zeros, which have no direction: there is no cosine'
          : undefined
        : 'not all of it are finite numbers';
  if (why === undefined) return numbers;
  throw refused({
    path: field.path,
    what: `The vector to compare ${field.path} with cannot be right`,
    why,
    rule: 'type',
  });
}

function width({ ef }: NearestRequest, field: FieldMetadata): number {
  return size(ef ?? WIDTH, `${field.path} ef`);
}

function size(given: number, label: string): number {
  if (Number.isSafeInteger(given) && given > 0) return given;
  throw refused({ path: label, what: `${label} must be a whole number from 1`, why: `it is ${given}`, rule: 'type' });
}
