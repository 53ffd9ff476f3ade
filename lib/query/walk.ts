import type { EntityMetadata } from '../metadata/entity-metadata.js';
import {
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
}

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
  const from = recordsOf(param(at(steps.length)), query);
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
  const reached = param(at(steps.length));
  return walked(start, steps, query, answer === 'ids' ? reached : call('array::len', reached));
}

const at = (step: number): string => `at${step}`;

function walked(start: RecordId, steps: readonly WalkStep[], query: QueryContext, answer: Expression): ReturnNode {
  const lets = steps.map((step, index) => letStatement(at(index + 1), distinct(take(param(at(index)), step, query))));
  return returnStatement(block([letStatement(at(0), value(start)), ...lets, returnStatement(answer)]));
}

/** From a list of records a step yields a list of lists. */
function distinct(reached: Expression): Expression {
  return call('array::distinct', call('array::flatten', reached));
}

function take(from: Expression, step: WalkStep, query: QueryContext): Expression {
  const { arrow, edge, target } = step;
  const one = (way: WalkStep['arrow']): Expression => {
    const edges = filter(graph([{ arrow: way, tables: [edge.table] }], from), edge, step.edgeWhere, query);
    if (target === undefined) return edges;
    return filter(graph([{ arrow: way, tables: [target.table] }], edges), target, step.targetWhere, query);
  };
  // `<->knows<->user` would lead back to where it started.
  return arrow === '<->' && target !== undefined ? call('array::concat', flat(one('->')), flat(one('<-'))) : one(arrow);
}

const flat = (list: Expression): Expression => call('array::flatten', list);

function filter(reached: Expression, meta: EntityMetadata, where: unknown, query: QueryContext): Expression {
  const condition = visibleWhere(meta, where, query);
  return condition === undefined ? reached : pathOf(reached, { where: condition });
}
