import {
  array,
  binary,
  block,
  call,
  evaluate,
  iff,
  letStatement,
  param,
  returnStatement,
  value,
  type Expression,
  type ReturnNode,
  type Statement,
} from '../surrealql/nodes/index.js';
import type { RecordId } from '../values/index.js';
import type { QueryContext } from './query-context.js';
import { distinct, level, repeatOf, stepStatements, waysOf, type EdgeStep } from './walk.js';

/** Where one hop starts, and for each way (along the edges, against them) what each of these records leads to. */
export type Hop = readonly [from: readonly RecordId[], ...ways: readonly (readonly (readonly RecordId[])[])[]];

/**
 * Every hop of a walk: for each step, and within it for each time that it is taken, from which record to which. What has more
 * than one way through is told apart by whoever reads them.
 */
export function buildHops(start: RecordId, steps: readonly EdgeStep[], query: QueryContext): ReturnNode {
  const lets = steps.flatMap((step, index) => stepStatements(step, index, query));
  const hops = steps.flatMap((step, index) =>
    Array.from({ length: repeatOf(step).max }, (_, depth) => {
      const from = param(level(index, depth));
      return array([from, ...waysOf(from, step, query)]);
    }),
  );
  return returnStatement(block([letStatement(level(0, 0), value([start])), ...lets, returnStatement(array(hops))]));
}

export interface Search {
  /** Where it stands. */
  readonly from: readonly RecordId[];
  /** Where it has been. */
  readonly seen: readonly RecordId[];
  readonly target: RecordId;
  /** How many hops at most. */
  readonly hops: number;
}

/** Some hops of a search in breadth, each to records that were not met before; none after the target was met. */
export function buildSearch(step: EdgeStep, { from, seen, target, hops }: Search, query: QueryContext): ReturnNode {
  const lets = Array.from({ length: hops }, (_, depth) => searchStatements(step, depth, target, query)).flat();
  const answers = Array.from({ length: hops }, (_, depth) => param(`hop${depth}`));
  return returnStatement(
    block([
      letStatement('at0', value(from)),
      letStatement('seen0', value(seen)),
      ...lets,
      returnStatement(array(answers)),
    ]),
  );
}

function searchStatements(step: EdgeStep, depth: number, target: RecordId, query: QueryContext): Statement[] {
  const [from, seen, next] = [param(`at${depth}`), param(`seen${depth}`), param(`next${depth}`)];
  const ways = waysOf(from, step, query);
  const names = ways.map((_, way) => `way${depth}_${way}`);
  const reached = distinct(call('array::flatten', array(names.map(param))));
  const found = binary(value(target), 'IN', next);
  return [
    ...ways.map((way, index) => letStatement(names[index] as string, way)),
    letStatement(`hop${depth}`, array([from, ...names.map(param)])),
    letStatement(`next${depth}`, call('array::complement', reached, seen)),
    letStatement(`seen${depth + 1}`, call('array::concat', seen, next)),
    letStatement(`at${depth + 1}`, iff(found, only(value([])), only(next))),
  ];
}

function only(expression: Expression): ReturnType<typeof block> {
  return block([evaluate(expression)]);
}
