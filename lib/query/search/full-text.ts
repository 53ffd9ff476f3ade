import type { EntityMetadata, IndexMetadata } from '../../metadata/entity-metadata.js';
import {
  binary,
  call,
  letStatement,
  object,
  param,
  path,
  pathOf,
  select,
  subquery,
  table,
  value,
  type Expression,
  type LetNode,
  type SelectNode,
} from '../../surrealql/nodes/index.js';
import { surql } from '../../surrealql/surql.js';
import { computedColumns, splitComputed } from '../computed-source.js';
import type { QueryContext } from '../query-context.js';
import { describe, refused } from '../query-errors.js';
import { pathTarget } from '../path-target.js';
import { cut } from '../read-plan.js';
import { ID, visibleWhere } from '../row-source.js';
import { allOf } from '../terms.js';
import { planHits, type Hits, type HitsRequest, type SearchPlan } from './hits.js';

/** The typed form is `SearchOptions`. */
export interface FullTextRequest extends HitsRequest {
  /** `true` for `<b>`, or what to put around each hit. */
  readonly highlight?: boolean | readonly [string, string];
  /** Where in the texts the hits stand. */
  readonly offsets?: boolean;
  /** Whether a record has to match in every field, or in one. */
  readonly match?: 'all' | 'any';
}

/** @throws ValidationError for fields without a full-text index, and for whatever is wrong in the rest */
export function buildTextSearch(
  meta: EntityMetadata,
  queries: unknown,
  request: FullTextRequest,
  query: QueryContext,
): SearchPlan {
  return planHits(meta, textHits(meta, queries, request, query), request, query);
}

/**
 * The records that match, the best first. Each field is searched by itself: two full-text conditions in one select let records pass
 * that meet only one of them (3.0.2).
 */
export function textHits(meta: EntityMetadata, queries: unknown, request: FullTextRequest, query: QueryContext): Hits {
  const fields = searchedFields(meta, queries, request, query);
  const where = visibleWhere(meta, request.where, query);
  const split = splitComputed(where, computedColumns(meta));
  const found = fields.map((field) => fieldHits(meta, field, split.stored, request));
  const joined = joinHits(found, request);
  if (split.rest === undefined) return { lets: joined.lets, hits: subquery(best(joined.hits, request)) };
  const rows = select({ from: [pathOf(param('found'), 'id')] });
  const passing = select({ value: ID, from: [subquery(rows)], where: split.rest });
  return {
    lets: [...joined.lets, letStatement('found', joined.hits), letStatement('passing', subquery(passing))],
    hits: subquery(best(param('found'), request, binary(ID, 'IN', param('passing')))),
  };
}

function best(from: Expression, request: HitsRequest, where?: Expression): SelectNode {
  return select({
    from: [from],
    ...(where !== undefined && { where }),
    orderBy: [
      { by: path('score'), direction: 'DESC' },
      { by: ID, direction: 'ASC' },
    ],
    ...cut(request),
  });
}

/** What the functions of a search know their condition by: a literal, the server takes no parameter here. */
const REFERENCE = surql`0`;
const PLACES = call('search::offsets', REFERENCE);

interface SearchedField {
  readonly name: string;
  readonly by: Expression;
  readonly index: IndexMetadata;
  readonly text: string;
}

/** The hits of one field: id, score and, where asked for, the marked text under the field's name. */
function fieldHits(
  meta: EntityMetadata,
  { name, by, index, text }: SearchedField,
  stored: Expression | undefined,
  { highlight, offsets }: FullTextRequest,
): SelectNode {
  const [open, close] = marksOf(highlight);
  const marked = object(
    highlight === undefined || highlight === false
      ? []
      : [[name, call('search::highlight', value(open), value(close), REFERENCE)]],
  );
  const where = allOf([...(stored === undefined ? [] : [stored]), binary(by, '@0@', value(text))]);
  return select({
    all: false,
    projections: [
      { expression: ID },
      { expression: call('search::score', REFERENCE), alias: ['score'] },
      { expression: marked, alias: ['highlights'] },
      ...(offsets === true ? [{ expression: object([[name, PLACES]]), alias: ['offsets'] }] : []),
    ],
    from: [table(meta.table)],
    withIndex: [index.name],
    ...(where !== undefined && { where }),
  });
}

/** One list of several: scores are added, marked texts put together. */
function joinHits(
  found: readonly SelectNode[],
  { match = 'all', offsets }: FullTextRequest,
): { lets: readonly LetNode[]; hits: Expression } {
  const [only] = found;
  if (found.length === 1 && only !== undefined) return { lets: [], hits: subquery(only) };
  const names = found.map((_, at) => `text${at}`);
  const lets = found.map((rows, at) => letStatement(`text${at}`, subquery(rows)));
  const all = names.map((name): Expression => param(name)).reduce((left, right) => call('array::concat', left, right));
  const grouped = select({
    all: false,
    projections: [
      { expression: ID },
      { expression: call('math::sum', path('score')), alias: ['score'] },
      { expression: call('array::group', path('highlights')), alias: ['highlights'] },
      ...(offsets === true ? [{ expression: call('array::group', path('offsets')), alias: ['offsets'] }] : []),
      { expression: call('count'), alias: ['fields'] },
    ],
    from: [all],
    groupBy: [ID],
  });
  const enough = binary(path('fields'), '>=', value(match === 'all' ? found.length : 1));
  return { lets, hits: subquery(select({ from: [subquery(grouped)], where: enough })) };
}

function marksOf(highlight: FullTextRequest['highlight']): readonly [string, string] {
  return Array.isArray(highlight) ? (highlight as readonly [string, string]) : ['<b>', '</b>'];
}

function searchedFields(
  meta: EntityMetadata,
  queries: unknown,
  request: FullTextRequest,
  query: QueryContext,
): readonly SearchedField[] {
  const entries = typeof queries === 'object' && queries !== null ? Object.entries(queries as object) : [];
  if (entries.length === 0)
    throw refused({
      path: `${meta.className} in search`,
      what: `Nothing is searched for in ${meta.className}`,
      why: `the query is ${describe(queries)}`,
      fix: "em.search(Post, { title: 'quantum' })",
      rule: 'type',
    });
  return entries.map(([name, text]) => searchedField(meta, name, text, request, query));
}

function searchedField(
  meta: EntityMetadata,
  name: string,
  text: unknown,
  { highlight, offsets }: FullTextRequest,
  query: QueryContext,
): SearchedField {
  const { target } = pathTarget(meta, name, query);
  const column = target.expression.kind === 'Path' ? target.expression.parts.map(String).join('.') : name;
  const index = meta.indexes.find((each) => each.fulltext !== undefined && each.columns[0] === column);
  if (index === undefined)
    throw refused({
      path: target.label,
      what: `${target.label} cannot be searched`,
      why: 'it has no full-text index',
      fix: `@FullText({ fields: ['${name}'], analyzer: '…' }) on the class`,
      rule: 'index',
    });
  const needsPlaces = offsets === true || (highlight !== undefined && highlight !== false);
  if (needsPlaces && index.fulltext?.highlights !== true)
    throw refused({
      path: target.label,
      what: `Where the hits in ${target.label} stand is not known`,
      why: 'its full-text index keeps no positions',
      fix: `@FullText({ fields: ['${name}'], highlights: true, … })`,
      rule: 'index',
    });
  if (typeof text === 'string') return { name, by: target.expression, index, text };
  throw refused({
    path: target.label,
    what: `${target.label} is searched for text`,
    why: `it was given ${describe(text)}`,
    rule: 'type',
  });
}
