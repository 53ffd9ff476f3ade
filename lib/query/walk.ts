import type { EntityMetadata } from '../metadata/entity-metadata.js';
import {
  array,
  block,
  call,
  graph,
  letStatement,
  param,
  pathOf,
  returnStatement,
  subquery,
  value,
  type Expression,
  type LetNode,
  type ReturnNode,
  type Statement,
} from '../surrealql/nodes/index.js';
import type { RecordId } from '../values/index.js';
import { buildFetch } from './fetch-plan.js';
import type { QueryContext } from './query-context.js';
import { planRead, type FindPlan, type FindRequest } from './read-plan.js';
import { recordsOf } from './records-of.js';
import { visibleWhere } from './row-source.js';

/** One step over an edge: onto it, and where `target` is given on to the records at its other end. */
export interface WalkStep {
  readonly arrow: '->' | '<-' | '<->';
  readonly edge: EntityMetadata;
  readonly edgeWhere: unknown;
  readonly target?: EntityMetadata;
  readonly targetWhere?: unknown;
  /** The step is taken again and again, and ends wherever it has come in so many times. */
  readonly repeat?: Repeat;
}

export interface Repeat {
  readonly min: number;
  readonly max: number;
}

/** How often a step is taken. */
export function repeatOf({ repeat }: WalkStep): Repeat {
  return repeat ?? ONCE;
}

const ONCE: Repeat = Object.freeze({ min: 1, max: 1 });

/** A read of what a walk ends at. */
export type WalkPlan = Omit<FindPlan, 'statement'> & { readonly statement: Statement };

/**
 * A walk over edges, one LET a step: each stands on distinct records, so that many ways to one record are gone once.
 * Conditions are filters behind the step, because `->(user WHERE adult)` does not see computed fields (3.0.2).
 *
 * @throws ValidationError for whatever is wrong in the conditions and the request
 */
export function buildWalk(
  meta: EntityMetadata,
  start: RecordId,
  steps: readonly WalkStep[],
  request: FindRequest,
  query: QueryContext,
): WalkPlan {
  const fetch = buildFetch(meta, request.fetch, query);
  const from = recordsOf(param(level(steps.length)), query);
  const source = { from, isIdList: query.ownWrites !== true, indexed: false };
  const plan = planRead(meta, { condition: undefined, source: () => source, fetch }, request, query);
  return { ...plan, statement: walked(start, steps, query, subquery(plan.statement)) };
}

/** The ids that a walk ends at, or how many they are. */
export function buildWalkIds(
  start: RecordId,
  steps: readonly WalkStep[],
  query: QueryContext,
  answer: 'ids' | 'count' = 'ids',
): ReturnNode {
  const reached = param(level(steps.length));
  return walked(start, steps, query, answer === 'ids' ? reached : call('array::len', reached));
}

/** The records on which a step stands, `depth` times on. */
export const level = (step: number, depth = 0): string => (depth === 0 ? `at${step}` : `at${step}_${depth}`);

function walked(start: RecordId, steps: readonly WalkStep[], query: QueryContext, answer: Expression): ReturnNode {
  const lets = steps.flatMap((step, index) => stepStatements(step, index, query));
  return returnStatement(block([letStatement(level(0), value(start)), ...lets, returnStatement(answer)]));
}

/**
 * The records behind a step. One that repeats is written out: a closure, as `array::fold` takes one, does not see the edges
 * that its own transaction has made (3.0.2).
 */
export function stepStatements(step: WalkStep, index: number, query: QueryContext): LetNode[] {
  const reached = (from: string): Expression => distinct(take(param(from), step, query));
  if (step.repeat === undefined) return [letStatement(level(index + 1), reached(level(index)))];
  const { min, max } = step.repeat;
  const hops = Array.from({ length: max }, (_, hop) => letStatement(level(index, hop + 1), reached(level(index, hop))));
  const ends = Array.from({ length: max - min + 1 }, (_, more) => param(level(index, min + more)));
  return [...hops, letStatement(level(index + 1), distinct(array(ends)))];
}

/** From a list of records a step yields a list of lists. */
export function distinct(reached: Expression): Expression {
  return call('array::distinct', call('array::flatten', reached));
}

function take(from: Expression, step: WalkStep, query: QueryContext): Expression {
  const ways = waysOf(from, step, query);
  return ways.length === 1 ? (ways[0] as Expression) : call('array::concat', ...ways.map(flat));
}

/** What each record leads to, in the order of the records: along the edges, against them, or in either way. */
export function waysOf(from: Expression, step: WalkStep, query: QueryContext): Expression[] {
  const { arrow, edge, target } = step;
  const one = (way: WalkStep['arrow']): Expression => {
    const edges = filter(graph([{ arrow: way, tables: [edge.table] }], from), edge, step.edgeWhere, query);
    if (target === undefined) return edges;
    return filter(graph([{ arrow: way, tables: [target.table] }], edges), target, step.targetWhere, query);
  };
  // `<->knows<->user` would lead back to where it started.
  return arrow === '<->' && target !== undefined ? [one('->'), one('<-')] : [one(arrow)];
}

const flat = (list: Expression): Expression => call('array::flatten', list);

function filter(reached: Expression, meta: EntityMetadata, where: unknown, query: QueryContext): Expression {
  const condition = visibleWhere(meta, where, query);
  return condition === undefined ? reached : pathOf(reached, { where: condition });
}
