import fc from 'fast-check';
import { surql, type RecordId } from '../../lib/index.js';
import type { EntityMetadata } from '../../lib/metadata/entity-metadata.js';
import type { Conditions } from '../finds/operators.js';
import { whereOf } from './conditions.js';
import { Evaluator } from './evaluator.js';
import { optionsOf } from './options.js';
import { Query, seldom } from './query.js';
import { expected, textsOf } from './reads.js';
import { idOf, ROWS } from './rows.js';
import { asked } from './subquery.js';
import type { Row, Verbs, World } from './world.js';

type Way = 'out' | 'in' | 'both';

interface Hop {
  readonly edge: EntityMetadata;
  readonly way: Way;
  readonly edgeWhere?: Conditions | undefined;
  readonly to: EntityMetadata;
  readonly where?: Conditions | undefined;
  readonly repeat?: readonly [number, number] | undefined;
}

/** Walks from a record over edges that its kind has, with conditions on edges and records, to each of their ends. */
export function walksOf(start: EntityMetadata, metas: readonly EntityMetadata[]): fc.Arbitrary<Query> | undefined {
  const edges = metas.filter(({ type }) => type === 'relation');
  const first = hopOf(start, edges);
  if (first === undefined) return undefined;
  const hops = fc.oneof(
    first.map((hop) => [hop]),
    first.chain((hop) =>
      (hopOf(hop.to, edges) ?? fc.constant(hop)).map((next) => (next === hop ? [hop] : [hop, next])),
    ),
  );
  const from = fc.nat({ max: ROWS - 1 }).map((n) => idOf(start, n));
  return fc.oneof(
    fc.tuple(from, hops, fc.constantFrom('list', 'ids', 'count', 'paths', 'tree')).map((given) => walk(...given)),
    fc
      .tuple(from, hops)
      .chain(([id, path]) => optionsOf((path.at(-1) as Hop).to).map((options) => listed(id, path, options))),
    fc.tuple(from, from).map(([a, b]) => raw(start, a, b, edges)),
  );
}

function hopOf(at: EntityMetadata, edges: readonly EntityMetadata[]): fc.Arbitrary<Hop> | undefined {
  const ways = edges.flatMap((edge): Pick<Hop, 'edge' | 'way' | 'to'>[] => {
    const [from, to] = [edge.edge?.in[0] as EntityMetadata, edge.edge?.out[0] as EntityMetadata];
    const out = from === at ? [{ edge, way: 'out' as const, to }] : [];
    const back = to === at ? [{ edge, way: 'in' as const, to: from }] : [];
    return [...out, ...back, ...(from === at && to === at ? [{ edge, way: 'both' as const, to }] : [])];
  });
  if (ways.length === 0) return undefined;
  const repeat = fc.constantFrom<[number, number]>([0, 2], [1, 2], [1, 3], [2, 3]);
  return fc.constantFrom(...ways).chain((hop) =>
    fc
      .record({
        edgeWhere: seldom(whereOf(hop.edge, 0)),
        where: seldom(whereOf(hop.to, 1)),
        repeat: hop.to === at ? seldom(repeat) : fc.constant(undefined),
      })
      .map((more) => ({ ...hop, ...more })),
  );
}

function built(em: Verbs, start: RecordId, hops: readonly Hop[]): Verbs {
  let query = em['traverse']?.(start) as Verbs;
  for (const { way, edge, edgeWhere, to, where, repeat } of hops) {
    query = query[way]?.(edge.target, asked(edgeWhere, em))['to']?.(to.target, asked(where, em)) as Verbs;
    if (repeat !== undefined) query = query['repeat']?.(...repeat) as Verbs;
  }
  return query;
}

const told = (hops: readonly Hop[]): unknown =>
  hops.map(({ edge, to, ...hop }) => ({ ...hop, edge: edge.className, to: to.className }));

function walk(start: RecordId, hops: readonly Hop[], end: string): Query {
  return new Query('traverse', [start, told(hops), end], async (world) => {
    const answer = await built(world.fork(), start, hops)[end]?.();
    const ids = walked(world, start, hops);
    if (ids === undefined || end === 'paths' || end === 'tree') return false;
    if (end === 'count') expect(answer).toBe(ids.size);
    else
      expect((end === 'ids' ? (answer as unknown as RecordId[]).map(String) : textsOf(answer)).sort()).toEqual(
        [...ids].sort(),
      );
    return true;
  });
}

/** Where the walk comes to, step by step over the edges in memory; undefined where only the server can tell. */
function walked(world: World, start: RecordId, hops: readonly Hop[]): ReadonlySet<string> | undefined {
  let at: ReadonlySet<string> = new Set([String(start)]);
  for (const { edge, way, edgeWhere = {}, to, where = {}, repeat = [1, 1] } of hops) {
    const edges = expected(world, edge, edgeWhere);
    const nodes = expected(world, to, where);
    if (edges === undefined || nodes === undefined) return undefined;
    const allowed = new Set(nodes.map(({ id }) => String(id)));
    const step = (from: ReadonlySet<string>) =>
      new Set(edges.flatMap((row) => endsOf(row, way, from)).filter((id) => allowed.has(id)));
    let here = at;
    const found = new Set(repeat[0] === 0 ? at : []);
    for (let depth = 1; depth <= repeat[1]; depth++) {
      here = step(here);
      if (depth >= repeat[0]) for (const id of here) found.add(id);
    }
    at = found;
  }
  return at;
}

function endsOf(row: Row, way: Way, from: ReadonlySet<string>): string[] {
  const [a, b] = [String(row['in']), String(row['out'])];
  return [...(way !== 'in' && from.has(a) ? [b] : []), ...(way !== 'out' && from.has(b) ? [a] : [])];
}

function listed(
  start: RecordId,
  hops: readonly Hop[],
  {
    timeout: _t,
    ...options
  }: { timeout?: unknown; orderBy?: object; limit?: number; offset?: number; strategy?: unknown; useIndex?: unknown },
): Query {
  const { strategy: _s, useIndex: _u, ...read } = options;
  return new Query('traverse', [start, told(hops), 'list', read], async (world) => {
    const em = world.fork();
    const answer = await built(em, start, hops)['list']?.(asked(read, em));
    const ids = walked(world, start, hops);
    if (ids === undefined) return false;
    const { to } = hops.at(-1) as Hop;
    const rows = [...ids].flatMap((id) => world.rows.get(to.table)?.get(id) ?? []);
    const { orderBy, limit = Infinity, offset = 0 } = read;
    const sorted = textsOf(new Evaluator(world.rows).sort(to, rows, orderBy));
    expect(new Set(textsOf(answer))).toEqual(
      new Set(
        orderBy === undefined && limit === Infinity && offset === 0 ? sorted : sorted.slice(offset, offset + limit),
      ),
    );
    return true;
  });
}

/** The shortest way between two records, and a step in SurrealQL's own words. */
function raw(meta: EntityMetadata, a: RecordId, b: RecordId, edges: readonly EntityMetadata[]): Query {
  return new Query('shortestPathTo', [a, b], async (world) => {
    const edge = edges.find(({ edge: ends }) => ends?.in[0] === meta && ends.out[0] === meta);
    if (edge === undefined) return false;
    const start = world.fork()['traverse']?.(a) as Verbs;
    const path = (await start['out']?.(edge.target)['to']?.(meta.target)['shortestPathTo']?.(b)) as unknown as
      readonly unknown[] | null;
    const target = surql.id(meta.table);
    const by = surql`.{1..3+collect}->${surql.id(edge.table)}->${target}`;
    const ids = (await start['path']?.(meta.target, by)['ids']?.()) as unknown as readonly RecordId[];
    const isNear = path !== null && path.length >= 2 && path.length <= 4;
    if (isNear) expect(ids.some((id) => id.equals(b))).toBe(true);
    return isNear;
  });
}
