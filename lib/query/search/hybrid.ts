import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import {
  array,
  call,
  letStatement,
  param,
  path,
  select,
  subquery,
  value,
  type Expression,
} from '../../surrealql/nodes/index.js';
import type { QueryContext } from '../query-context.js';
import { refused } from '../query-errors.js';
import { cut } from '../read-plan.js';
import { ID } from '../row-source.js';
import { textHits } from './full-text.js';
import { planHits, type HitsRequest, type SearchPlan } from './hits.js';
import { nearestRows } from './nearest.js';

/** The typed form is `HybridOptions`. */
export interface HybridRequest extends HitsRequest {
  readonly vector: Readonly<Record<string, unknown>>;
  readonly text: Readonly<Record<string, unknown>>;
  /** How many each search contributes, and how many come out; 10 unless given. */
  readonly k?: number;
  readonly ef?: number;
  /** The constant of reciprocal rank fusion; 60 unless given. */
  readonly rrf?: number;
  /** Weights of the normalised scores, in place of rank fusion. */
  readonly linear?: { readonly vector: number; readonly text: number };
}

/**
 * Neighbours and text hits, fused by the server: by their ranks (`search::rrf`), or by weighted scores (`search::linear`).
 *
 * @throws ValidationError as a search by vector and one by text do
 */
export function buildHybrid(meta: EntityMetadata, request: HybridRequest, query: QueryContext): SearchPlan {
  const { vector, text, k = 10, ef, where, limit, offset } = request;
  const [field, ...others] = Object.entries(vector);
  if (field === undefined || others.length > 0)
    throw refused({
      path: `${meta.className} in vector`,
      what: 'A hybrid search compares one vector',
      why: `it was given ${others.length + (field === undefined ? 0 : 1)}`,
      fix: '{ vector: { embedding: […] }, text: { title: … } }',
      rule: 'type',
    });
  const conditions = where === undefined ? {} : { where };
  const near = nearestRows(meta, field[0], field[1], { ...conditions, k, ...(ef !== undefined && { ef }) }, query);
  const texts = textHits(meta, text, { ...conditions, limit: k }, query);
  const scored = select({
    all: false,
    projections: [{ expression: ID }, { expression: path(scoreOf(request)), alias: ['score'] }],
    from: [fusion(request, k)],
  });
  // Straight from a function the server cuts before it sorts (3.0.2), and equal scores come in no order.
  const fused = select({
    from: [subquery(scored)],
    orderBy: [
      { by: path('score'), direction: 'DESC' },
      { by: ID, direction: 'ASC' },
    ],
    ...cut({ limit: limit ?? k, ...(offset !== undefined && { offset }) }),
  });
  const lets = [...texts.lets, ...near.lets, letStatement('near', near.hits), letStatement('texts', texts.hits)];
  return planHits(meta, { lets, hits: subquery(fused) }, request, query);
}

const scoreOf = ({ linear }: HybridRequest): string => (linear === undefined ? 'rrf_score' : 'linear_score');

function fusion({ linear, rrf = 60 }: HybridRequest, k: number): Expression {
  const lists = array([param('near'), param('texts')]);
  if (linear === undefined) return call('search::rrf', lists, value(2 * k), value(rrf));
  const weights = array([value(linear.vector), value(linear.text)]);
  return call('search::linear', lists, weights, value(2 * k), value('minmax'));
}
