import { buildHops, buildSearch, repeatOf, type Hop, type EdgeStep } from '../query/index.js';
import { identityOf, type RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';
import { runStatement } from './run-statement.js';

/** How many hops of a search one request takes: most that are found at all are found in the first. */
const HOPS = 6;

/** What a record leads to in one hop, by its identity. */
type Leads = ReadonlyMap<string, readonly RecordId[]>;

/** Every path of a walk from its start, without a record that it meets twice; at most `limit` of them. */
export async function pathsOf(
  session: EmSession,
  start: RecordId,
  steps: readonly EdgeStep[],
  limit: number,
): Promise<RecordId[][]> {
  const answer = await runStatement(session, buildHops(start, steps, session.finder.context), 'find');
  const hops = (answer as readonly Hop[]).map(leadsOf);
  const paths: RecordId[][] = [];
  const firstHops = steps.map((_, index) => steps.slice(0, index).reduce((sum, step) => sum + repeatOf(step).max, 0));
  const visit = (path: readonly RecordId[], index: number, depth: number): void => {
    const step = steps[index];
    if (step === undefined) return void paths.push([...path]);
    const { min, max } = repeatOf(step);
    if (depth >= min) visit(path, index + 1, 0);
    if (depth >= max) return;
    const from = path.at(-1) as RecordId;
    for (const next of hops[(firstHops[index] as number) + depth]?.get(identityOf(from)) ?? []) {
      if (paths.length >= limit) return;
      if (!path.some((id) => id.equals(next))) visit([...path, next], index, depth + 1);
    }
  };
  visit([start], 0, 0);
  return distinctPaths(paths).slice(0, limit);
}

/** The shortest path that takes a step again and again, both ends included; null where none leads there. */
export async function shortestPath(
  session: EmSession,
  start: RecordId,
  step: EdgeStep,
  target: RecordId,
): Promise<RecordId[] | null> {
  if (start.equals(target)) return [start];
  const longest = step.repeat?.max ?? Infinity;
  const cameFrom = new Map<string, RecordId | undefined>([[identityOf(start), undefined]]);
  const met: RecordId[] = [start];
  let from: readonly RecordId[] = [start];
  for (let length = 0; from.length > 0 && length < longest; length += HOPS) {
    const search = { from, seen: met, target, hops: Math.min(HOPS, longest - length) };
    const answer = await runStatement(session, buildSearch(step, search, session.finder.context), 'find');
    for (const hop of answer as readonly Hop[]) {
      from = follow(hop, cameFrom);
      met.push(...from);
      if (from.some((id) => id.equals(target))) return pathTo(target, cameFrom);
    }
  }
  return null;
}

/** Notes from where each record was first met; answers those that were. */
function follow(hop: Hop, cameFrom: Map<string, RecordId | undefined>): RecordId[] {
  const found: RecordId[] = [];
  for (const [from, next] of pairsOf(hop)) {
    const key = identityOf(next);
    if (cameFrom.has(key)) continue;
    cameFrom.set(key, from);
    found.push(next);
  }
  return found;
}

function pathTo(target: RecordId, cameFrom: ReadonlyMap<string, RecordId | undefined>): RecordId[] {
  const path: RecordId[] = [];
  for (let id: RecordId | undefined = target; id !== undefined; id = cameFrom.get(identityOf(id))) path.unshift(id);
  return path;
}

function leadsOf(hop: Hop): Leads {
  const leads = new Map<string, RecordId[]>();
  const known = new Set<string>();
  for (const [from, next] of pairsOf(hop)) {
    const key = identityOf(from);
    const pair = JSON.stringify([key, identityOf(next)]);
    // Parallel edges are one way.
    if (known.has(pair)) continue;
    known.add(pair);
    const list = leads.get(key);
    if (list === undefined) leads.set(key, [next]);
    else list.push(next);
  }
  return leads;
}

function* pairsOf([from, ...ways]: Hop): Generator<readonly [RecordId, RecordId]> {
  for (const lists of ways)
    for (const [index, list] of lists.entries()) for (const next of list) yield [from[index] as RecordId, next];
}

/** Steps that may be taken none or more times can lead along one path in several ways. */
function distinctPaths(paths: readonly RecordId[][]): RecordId[][] {
  return [...new Map(paths.map((path) => [JSON.stringify(path.map((id) => identityOf(id))), path])).values()];
}
