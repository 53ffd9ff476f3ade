import type { EntityMetadata } from '../metadata/entity-metadata.js';
import {
  array,
  block,
  call,
  closure,
  fragment,
  graph,
  letStatement,
  param,
  pathOf,
  returnStatement,
  subquery,
  value,
  type Expression,
  type FragmentNode,
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

/** One step of a walk. */
export type WalkStep = EdgeStep | PathStep;

/** A step over edges: onto them, and where `target` is given on to the records at their other end. */
export interface EdgeStep {
  readonly arrow: '->' | '<-' | '<->';
  /** Of one kind or of several. */
  readonly edges: readonly EntityMetadata[];
  readonly edgeWhere: unknown;
  readonly target?: EntityMetadata;
  readonly targetWhere?: unknown;
  /** The step is taken again and again, and ends wherever it has come in so many times. */
  readonly repeat?: Repeat;
}

/** A step that is written in SurrealQL, to whatever records of the target it comes to. */
export interface PathStep {
  readonly path: FragmentNode;
  readonly target: EntityMetadata;
  readonly targetWhere: unknown;
}

export function isPathStep(step: WalkStep): step is PathStep {
  return 'path' in step;
}

export interface Repeat {
  readonly min: number;
  readonly max: number;
}

/** How often a step is taken. */
export function repeatOf(step: WalkStep): Repeat {
  return isPathStep(step) || step.repeat === undefined ? ONCE : step.repeat;
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
  if (isPathStep(step)) return [letStatement(level(index + 1), reachedBy(param(level(index)), step, query))];
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

function take(from: Expression, step: EdgeStep, query: QueryContext): Expression {
  const ways = waysOf(from, step, query);
  return ways.length === 1 ? (ways[0] as Expression) : call('array::concat', ...ways.map(flat));
}

/** What each record leads to, in the order of the records: along the edges, against them, or in either way. */
export function waysOf(from: Expression, step: EdgeStep, query: QueryContext): Expression[] {
  const { arrow, edges, target } = step;
  const tables = [...new Set(edges.map(({ table }) => table))];
  const one = (way: EdgeStep['arrow']): Expression => {
    const taken = filter(graph([{ arrow: way, tables }], from), edges, step.edgeWhere, query);
    if (target === undefined) return taken;
    return filter(graph([{ arrow: way, tables: [target.table] }], taken), [target], step.targetWhere, query);
  };
  // `<->knows<->user` would lead back to where it started.
  return arrow === '<->' && target !== undefined ? [one('->'), one('<-')] : [one(arrow)];
}

const flat = (list: Expression): Expression => call('array::flatten', list);

/** What a written path comes to, in lists however deep, without what is no record of the target. */
function reachedBy(from: Expression, { path, target, targetWhere }: PathStep, query: QueryContext): Expression {
  const walked = fragment(['', ...path.strings], [from, ...path.values]);
  const isTarget = call('type::is_record', param('each'), value(target.table));
  const records = call('array::filter', flat(flat(flat(array([walked])))), closure(['each'], isTarget));
  return call('array::distinct', filter(records, [target], targetWhere, query));
}

function filter(
  reached: Expression,
  metas: readonly EntityMetadata[],
  where: unknown,
  query: QueryContext,
): Expression {
  const condition = visibleWhere(metas[0] as EntityMetadata, where, query, metas);
  return condition === undefined ? reached : pathOf(reached, { where: condition });
}
