import fc from 'fast-check';
import * as orm from '../../lib/index.js';
import type { EntityMetadata } from '../../lib/metadata/entity-metadata.js';
import { compareMissing } from '../finds/compare.js';
import type { Conditions } from '../finds/operators.js';
import { whereOf } from './conditions.js';
import { Evaluator } from './evaluator.js';
import { numberOf, pathsOf, textOf } from './expressions.js';
import { Query, seldom } from './query.js';
import { expected } from './reads.js';
import { asked } from './subquery.js';
import { withoutMissing } from './values.js';
import type { Row, Verbs, World } from './world.js';

/** What is made of a group, told apart from the class instances that say so to the library. */
interface Term {
  readonly kind:
    | 'count'
    | 'countIf'
    | 'countDistinct'
    | 'sum'
    | 'avg'
    | 'median'
    | 'stddev'
    | 'variance'
    | 'min'
    | 'max'
    | 'collect'
    | 'distinct';
  readonly of?: unknown;
}

/** No property is called so. */
const HOW_MANY = 'how many';
const GROUPABLE = ['bool', 'int', 'string', 'decimal', 'literal', 'uuid'];
const NUMBERS = ['int', 'float', 'number', 'decimal'];

function termOf(meta: EntityMetadata): fc.Arbitrary<Term> {
  const numbers = pathsOf(meta, ...NUMBERS);
  const values = pathsOf(meta, ...NUMBERS, 'string', 'datetime', 'duration', 'literal', 'bool');
  const of = (kinds: readonly Term['kind'][], paths: readonly string[]): fc.Arbitrary<Term>[] =>
    paths.length === 0 ? [] : [fc.record({ kind: fc.constantFrom(...kinds), of: fc.constantFrom(...paths) })];
  return fc.oneof(
    fc.constant({ kind: 'count' } as const),
    whereOf(meta, 0)
      .filter((where) => Object.keys(where).length > 0)
      .map((where) => ({ kind: 'countIf', of: where }) as const),
    ...of(['sum', 'avg', 'median', 'stddev', 'variance'], numbers),
    ...of(['min', 'max', 'countDistinct', 'collect', 'distinct'], values),
    numberOf(meta).map((expression) => ({ kind: 'sum', of: expression }) as const),
  );
}

/** Groups, and what is made of them; with conditions, order and cuts on what came out. */
export function aggregatesOf(meta: EntityMetadata): fc.Arbitrary<Query> {
  const keys = [...pathsOf(meta, ...GROUPABLE)];
  const expression = fc.oneof(numberOf(meta), textOf(meta)).map((by) => ({ by }));
  const key =
    keys.length === 0
      ? expression
      : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...keys) }, { weight: 1, arbitrary: expression });
  const groupBy = fc.uniqueArray(key, {
    minLength: 1,
    maxLength: 2,
    selector: (one) => (typeof one === 'string' ? one : 'by'),
  });
  const select = fc.tuple(termOf(meta), termOf(meta)).map(([a, b]) => ({ a, b }));
  const where = seldom(whereOf(meta, 1));
  const grouped = fc
    .record({
      groupBy,
      select,
      where,
      having: seldom(
        fc
          .integer({ min: 0, max: 3 })
          .map(($gte) => ({ $or: [{ [HOW_MANY]: { $gte } }, { $not: { [HOW_MANY]: $gte } }] })),
      ),
      orderBy: seldom(fc.constantFrom('asc', 'desc').map((direction) => ({ [HOW_MANY]: direction }))),
      limit: seldom(fc.nat({ max: 3 })),
      offset: seldom(fc.nat({ max: 2 })),
    })
    .map(withoutMissing);
  const all = fc.record({ select, where }).map(withoutMissing);
  return fc.oneof(
    grouped.map((request) => aggregate(meta, request as Request)),
    all.map((request) => aggregate(meta, request as Request)),
    ...(keys.length === 0
      ? []
      : [fc.tuple(fc.constantFrom(...keys), whereOf(meta, 1)).map(([path, w]) => countedBy(meta, path, w))]),
  );
}

interface Request {
  readonly groupBy?: readonly (string | object)[];
  readonly select: Readonly<Record<string, Term>>;
  readonly where?: Conditions;
  readonly having?: object;
  readonly limit?: number;
  readonly offset?: number;
}

const make = orm as unknown as Readonly<Record<string, (of?: unknown) => unknown>>;

function aggregate(meta: EntityMetadata, request: Request): Query {
  return new Query('aggregate', [meta.className, request], async (world) => {
    const em = world.fork();
    const terms = Object.entries(request.select).map(([name, { kind, of }]) => [name, make[kind]?.(asked(of, em))]);
    const select = { ...Object.fromEntries(terms), [HOW_MANY]: orm.count() };
    const options = { ...request, select, ...(request.where !== undefined && { where: asked(request.where, em) }) };
    const answer = await em['aggregate']?.(meta.target, options);
    const rows = expected(world, meta, request.where ?? {});
    const { groupBy = [], having, limit, offset } = request;
    const isCut = having !== undefined || limit !== undefined || offset !== undefined;
    if (rows === undefined || isCut || !groupBy.every((key) => typeof key === 'string')) return false;
    const found = (request.groupBy === undefined ? [answer] : answer) as readonly Record<string, unknown>[];
    expectGroups(world, meta, rows, { ...request, groupBy }, found);
    return true;
  });
}

function expectGroups(
  world: World,
  meta: EntityMetadata,
  rows: readonly Row[],
  { groupBy, select }: { readonly groupBy: readonly string[]; readonly select: Request['select'] },
  found: readonly Record<string, unknown>[],
): void {
  const evaluator = new Evaluator(world.rows);
  const at = (row: Row, path: string) => evaluator.valueAt(meta, row, path.split('.'));
  const keyOf = (row: Row) => groupBy.map((path) => at(row, path));
  const groups: Row[][] = groupBy.length === 0 ? [[...rows]] : [];
  for (const row of groupBy.length === 0 ? [] : rows) {
    const group = groups.find(([first]) => first !== undefined && isSameKey(keyOf(first), keyOf(row)));
    if (group === undefined) groups.push([row]);
    else group.push(row);
  }
  expect(found).toHaveLength(groups.length);
  for (const group of groups) {
    const row = found.find(
      (each) =>
        group[0] === undefined ||
        groupBy.length === 0 ||
        isSameKey(
          groupBy.map((path) => each[path] ?? undefined),
          keyOf(group[0]),
        ),
    );
    expect(row).toBeDefined();
    expect(row?.[HOW_MANY]).toBe(group.length);
    for (const [name, { kind, of }] of Object.entries(select)) {
      if (typeof of !== 'string') continue;
      const values = group.map((each) => at(each, of)).filter((value) => value !== undefined && value !== null);
      expectMade(kind, values, row?.[name]);
    }
  }
}

const isSameKey = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.every((each, at) => compareMissing(millisecond(each), millisecond(b[at])) === 0);

/** Of a field that is read as a Date, nanoseconds are not told. */
const millisecond = (value: unknown): unknown => (value instanceof Date ? new Date(value.getTime()) : value);

function expectMade(kind: Term['kind'], values: readonly unknown[], found: unknown): void {
  if (kind === 'collect') return expect(found).toHaveLength(values.length);
  const different = values.filter(
    (value, at) => values.findIndex((other) => compareMissing(other, value) === 0) === at,
  );
  if (kind === 'distinct') return expect(found).toHaveLength(different.length);
  if (kind === 'countDistinct') return expect(found).toBe(different.length);
  if (values.length === 0) return expect(found).toBeNull();
  const inOrder = [...values].sort(compareMissing);
  if (kind === 'min') return expect(compareMissing(millisecond(found), millisecond(inOrder[0]))).toBe(0);
  if (kind === 'max') return expect(compareMissing(millisecond(found), millisecond(inOrder.at(-1)))).toBe(0);
  const total = values.reduce<number>((sum, value) => sum + Number(value), 0);
  if (kind === 'sum') expect(Number(found)).toBeCloseTo(total, 6);
  if (kind === 'avg') expect(Number(found)).toBeCloseTo(total / values.length, 6);
}

function countedBy(meta: EntityMetadata, path: string, where: Conditions): Query {
  return new Query('countBy', [meta.className, path, where], async (world) => {
    const em: Verbs = world.fork();
    const counts = (await em['countBy']?.(meta.target, path, asked(where, em))) as unknown as Map<unknown, number>;
    const rows = expected(world, meta, where);
    if (rows !== undefined) expect([...counts.values()].reduce((sum, n) => sum + n, 0)).toBe(rows.length);
    return rows !== undefined;
  });
}
