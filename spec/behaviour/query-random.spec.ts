import fc from '../support/property';
import { buildCount, buildFind, buildWhere } from '../../lib/query/index.js';
import { select, table } from '../../lib/surrealql/nodes/index.js';
import type { Decimal } from '../../lib/values/index.js';
import { Duration, RecordId } from '../../lib/values/index.js';
import { BORN, PERSONS, Person, World, context, meta, uuidOf } from '../support/query-world.js';

/** More are worth their time after a change of how finds are printed; spec/finds looks further each time. */
const RUNS = Number(process.env['REVERIE_RANDOM_RUNS'] ?? 150);

type Row = Record<string, unknown> & { readonly id: RecordId };

const from = <T>(pick: (row: Record<string, unknown>) => T) => fc.constantFrom(...PERSONS).map((row) => pick(row));
const ORDER = ['$gt', '$gte', '$lt', '$lte'] as const;

/** Operators with values that occur, so that many conditions match something. */
function ordered<T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof(
    value,
    fc.tuple(fc.constantFrom('$eq', '$ne', ...ORDER), value).map(([name, v]) => ({ [name]: v })),
    fc
      .tuple(fc.constantFrom(...ORDER), value, fc.constantFrom(...ORDER), value)
      .map(([a, v, b, w]) => ({ [a]: v, [b]: w })),
    fc.tuple(value, value).map((bounds) => ({ $between: bounds })),
    fc
      .tuple(fc.constantFrom('$in', '$nin'), fc.array(value, { maxLength: 4 }))
      .map(([name, list]) => ({ [name]: list })),
    value.map((v) => ({ $not: { $gt: v } })),
  );
}

function optional<T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 4, arbitrary: ordered(value) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        null,
        { $exists: true },
        { $exists: false },
        { $ne: null },
        { $isNull: true },
        { $isNone: false },
      ),
    },
    { weight: 1, arbitrary: value.map((v) => ({ $in: [v, null] })) },
  );
}

const words = fc.constantFrom('red', 'blue', 'green', 'black', 'none');
const leaf: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  ordered(from((row) => row['age'] as number)).map((age) => ({ age })),
  ordered(from((row) => row['name'] as string)).map((name) => ({ name })),
  optional(from((row) => (row['mail'] as string | undefined) ?? 'x')).map((email) => ({ email })),
  optional(from((row) => (row['nick'] as string | undefined) ?? 'x')).map((nick) => ({ nick })),
  optional(fc.constantFrom('note 0', 'note 1', 'note 2')).map((note) => ({ note })),
  fc.boolean().map((active) => ({ active })),
  fc.constantFrom('low', 'high').map((level) => ({ level })),
  optional(from((row) => (row['score'] as number | undefined) ?? 0)).map((score) => ({ score })),
  ordered(from((row) => row['balance'] as Decimal)).map((balance) => ({ balance })),
  optional(from((row) => (row['born'] as Date | undefined) ?? BORN)).map((born) => ({ born })),
  optional(from((row) => new Date(((row['born'] as Date | undefined) ?? BORN).getTime()))).map((born) => ({ born })),
  optional(from((row) => (row['shift'] as Duration | undefined) ?? new Duration('1m'))).map((shift) => ({ shift })),
  optional(fc.integer({ min: 0, max: 30 }).map(uuidOf)).map((key) => ({ key })),
  ordered(fc.integer({ min: 0, max: 6 })).map((number) => ({ home: { number } })),
  optional(fc.constantFrom('T0', 'T1', 'T2')).map((city) => ({ home: { city } })),
  fc.constantFrom(0, 1, 2, 3, 4).map((club) => ({ club })),
  optional(fc.constantFrom(0, 1, 2, 3, 4).map((key) => new RecordId('club', key))).map((club) => ({ club })),
  fc.constantFrom('C0', 'C1', 'C3').map((name) => ({ club: { name } })),
  words.map((word) => ({ words: { $contains: word } })),
  fc
    .tuple(
      fc.constantFrom('$containsAny', '$containsAll', '$containsNone', '$inside'),
      fc.array(words, { maxLength: 3 }),
    )
    .map(([name, list]) => ({ words: { [name]: list } })),
  from((row) => row['words'] as string[]).map((list) => ({ words: list })),
  from((row) => row['words'] as string[]).map((list) => ({ words: { $in: [list, ['red']] } })),
  ordered(fc.integer({ min: 0, max: 46 })).map((twice) => ({ twice })),
  fc.constantFrom('s0', 's1', 's4').map((sku) => ({ parts: { sku } })),
  fc.constantFrom('t0', 't1', 't2').map((label) => ({ labels: { $contains: label } })),
  fc.array(fc.integer({ min: 0, max: 130 }), { maxLength: 8 }).map((ids) => ({ id: { $in: ids } })),
  fc
    .tuple(fc.constantFrom('$startsWith', '$endsWith', '$contains', '$icontains'), fc.constantFrom('n1', 'A', '7', ''))
    .map(([name, v]) => ({ nick: { [name]: v } })),
);

const condition: fc.Arbitrary<Record<string, unknown>> = fc.letrec<{ node: Record<string, unknown> }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 5, arbitrary: leaf },
    { weight: 3, arbitrary: fc.tuple(leaf, leaf).map(([a, b]) => ({ ...a, ...b })) },
    { weight: 1, arbitrary: fc.tuple(leaf, leaf, leaf).map(([a, b, c]) => ({ ...a, ...b, ...c })) },
    { weight: 2, arbitrary: fc.array(tie('node'), { maxLength: 3 }).map(($or) => ({ $or })) },
    { weight: 1, arbitrary: fc.array(tie('node'), { maxLength: 3 }).map(($and) => ({ $and })) },
    { weight: 1, arbitrary: tie('node').map(($not) => ({ $not })) },
    { weight: 1, arbitrary: fc.tuple(leaf, fc.array(leaf, { maxLength: 3 })).map(([a, $or]) => ({ ...a, $or })) },
  ),
})).node;

const options = fc.record(
  {
    orderBy: fc.constantFrom<unknown>(
      { age: 'asc' },
      { age: 'desc' },
      { name: 'asc', age: 'desc' },
      { email: 'asc' },
      { nick: 'desc' },
      { score: 'asc' },
      { born: 'desc' },
      { home: { number: 'asc' } },
      { club: { name: 'asc' } },
      { twice: 'desc' },
      { id: 'desc' },
      { active: 'asc' },
    ),
    limit: fc.integer({ min: 0, max: 12 }),
    offset: fc.integer({ min: 0, max: 5 }),
  },
  { requiredKeys: [] },
);

test('random finds answer as a scan of the same rows does, whatever indexes there are', async () => {
  const worlds = await Promise.all((['none', 'declared', 'undeclared'] as const).map((indexes) => World.open(indexes)));
  const [scan] = worlds as [World, World, World];
  let matched = 0;
  const property = fc.asyncProperty(condition, options, async (where, request) => {
    const { statement } = buildFind(meta(Person), where, request, context);
    const count = buildCount(meta(Person), where, context);
    const rows = await Promise.all(worlds.map((world) => world.run<Row[]>(statement)));
    const counts = await Promise.all(worlds.map((world) => world.run<number>(count)));
    const inOrder = rows.map((found) => found.map(({ id }) => id.key));
    expect(inOrder[1]).toEqual(inOrder[0]);
    expect(inOrder[2]).toEqual(inOrder[0]);
    for (const found of rows) for (const row of found) expect(row['twice']).toBe((row['age'] as number) * 2);

    const filter = buildWhere(meta(Person), where, context);
    const all = await scan.run<Row[]>(
      select({ from: [table('person')], withIndex: [], ...(filter !== undefined && { where: filter }) }),
    );
    expect(counts).toEqual([all.length, all.length, all.length]);
    const limit = request.limit === undefined ? Infinity : request.limit;
    const start = request.offset === undefined ? 0 : request.offset;
    expect(inOrder[0]).toHaveLength(Math.max(0, Math.min(limit, all.length - start)));
    if (request.orderBy === undefined) {
      const ids = all.map(({ id }) => id.key as number).sort((a, b) => a - b);
      if (request.limit !== undefined || start > 0) expect(inOrder[0]).toEqual(ids.slice(start, start + limit));
      else expect([...(inOrder[0] as number[])].sort((a, b) => a - b)).toEqual(ids);
    }
    if (all.length > 0 && all.length < PERSONS.length) matched++;
  });
  try {
    await fc.assert(property, { numRuns: RUNS });
    // Conditions that match all rows or none show nothing of an index.
    expect(matched).toBeGreaterThan(RUNS / 3);
  } finally {
    await Promise.all(worlds.map((world) => world.close()));
  }
}, 600_000);
