import { Id, surql, Table, VectorField, type EntityManager, type RecordId } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

type Distance = 'euclidean' | 'cosine' | 'manhattan' | 'chebyshev' | 'hamming' | 'jaccard' | 'pearson';
const DISTANCES: readonly (Distance | 'minkowski 3')[] = [
  'euclidean',
  'cosine',
  'manhattan',
  'chebyshev',
  'hamming',
  'jaccard',
  'pearson',
  'minkowski 3',
];

const TYPES = [
  { type: 'F64', table: 'f64', list: (numbers: readonly number[]) => Float64Array.from(numbers) },
  { type: 'F32', table: 'f32', list: (numbers: readonly number[]) => Float32Array.from(numbers) },
  { type: 'I64', table: 'i64', list: (numbers: readonly number[]) => BigInt64Array.from(numbers.map(BigInt)) },
  { type: 'I32', table: 'i32', list: (numbers: readonly number[]) => Int32Array.from(numbers) },
  { type: 'I16', table: 'i16', list: (numbers: readonly number[]) => Int16Array.from(numbers) },
] as const;

/** Has a vector with an index of each distance. */
interface Vectors {
  id: RecordId<string, number>;
  euclidean: number[];
  cosine: number[];
  manhattan: number[];
  chebyshev: number[];
  hamming: number[];
  jaccard: number[];
  pearson: number[];
  minkowski: number[];
}

function vectorsOf(table: string, type: (typeof TYPES)[number]['type']): abstract new () => Vectors {
  @Table({ name: table })
  class Stored implements Vectors {
    @Id('int') id!: RecordId<string, number>;
    @VectorField({ dimension: 3, type, distance: 'euclidean' }) euclidean!: number[];
    @VectorField({ dimension: 3, type, distance: 'cosine' }) cosine!: number[];
    @VectorField({ dimension: 3, type, distance: 'manhattan' }) manhattan!: number[];
    @VectorField({ dimension: 3, type, distance: 'chebyshev' }) chebyshev!: number[];
    @VectorField({ dimension: 3, type, distance: 'hamming' }) hamming!: number[];
    @VectorField({ dimension: 3, type, distance: 'jaccard' }) jaccard!: number[];
    @VectorField({ dimension: 3, type, distance: 'pearson' }) pearson!: number[];
    @VectorField({ dimension: 3, type, distance: { minkowski: 3 } }) minkowski!: number[];
  }
  return Stored;
}

/** Whole numbers, which each of the types holds. */
const ROWS: readonly (readonly [number, number, number])[] = Array.from({ length: 24 }, (_, n) => [
  (n * 7) % 23,
  ((n * n) % 19) + 1,
  (n * 5) % 11,
]);
const ASKED = [4, 9, 2];

const zip = (row: readonly number[]): (readonly [number, number])[] =>
  row.map((each, at) => [each, ASKED[at] as number]);
const total = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);
const norm = (numbers: readonly number[]): number => Math.sqrt(total(numbers.map((each) => each * each)));
const centred = (numbers: readonly number[]): number[] => numbers.map((each) => each - total(numbers) / numbers.length);
const angle = (a: readonly number[], b: readonly number[]): number =>
  1 - total(a.map((each, at) => each * (b[at] as number))) / (norm(a) * norm(b));

/** Each distance as textbooks have it. */
const BY_HAND: Readonly<Record<(typeof DISTANCES)[number], (row: readonly number[]) => number>> = {
  euclidean: (row) => norm(zip(row).map(([a, b]) => a - b)),
  cosine: (row) => angle(row, ASKED),
  manhattan: (row) => total(zip(row).map(([a, b]) => Math.abs(a - b))),
  chebyshev: (row) => Math.max(...zip(row).map(([a, b]) => Math.abs(a - b))),
  hamming: (row) => zip(row).filter(([a, b]) => a !== b).length,
  jaccard: (row) => {
    const both = new Set([...row, ...ASKED]);
    return 1 - [...both].filter((each) => row.includes(each) && ASKED.includes(each)).length / both.size;
  },
  pearson: (row) => angle(centred(row), centred(ASKED)),
  'minkowski 3': (row) => Math.cbrt(total(zip(row).map(([a, b]) => Math.abs(a - b) ** 3))),
};

const K = 6;
const nearestOf = (distance: (typeof DISTANCES)[number]): number[] =>
  ROWS.map(BY_HAND[distance])
    .sort((a, b) => a - b)
    .slice(0, K);

describe.each(backends)('vectors of every type and distance, on $name', (backend) => {
  const classes = TYPES.map(({ table, type }) => vectorsOf(table, type));
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: classes });
  }, 60_000);
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
  });

  it.each(TYPES)(
    '$type: written as a typed array, read as numbers, found by each index and each metric',
    async (of) => {
      const entity = classes[TYPES.indexOf(of)] as (typeof classes)[number];
      const names = DISTANCES.map((each) => each.split(' ')[0] as Distance);
      await em.insert(
        entity,
        ROWS.map((row, id) => ({ id, ...Object.fromEntries(names.map((name) => [name, of.list(row)])) })) as never,
      );
      const [stored] = await em.query<[number[][]]>(
        surql`RETURN (SELECT * FROM ${surql.id(of.table)} ORDER BY id).euclidean`,
      );
      expect(stored).toEqual(ROWS);
      for (const distance of DISTANCES) {
        const field = distance.split(' ')[0] as Distance;
        const wanted = nearestOf(distance).map((each) => expect.closeTo(each, 4) as number);
        const asked = of.list(ASKED);
        const found = await em.nearest(entity, field, asked, { k: K, ef: 60 });
        expect([distance, found.map((hit) => hit.distance)]).toEqual([distance, wanted]);
        const compared = await em.nearest(entity, 'euclidean', asked, { k: K, metric: distance as 'minkowski 3' });
        expect([distance, compared.map((hit) => hit.distance)]).toEqual([distance, wanted]);
        for (const { entity: each, distance: far } of found) expect(far).toBeCloseTo(BY_HAND[distance](each[field]), 4);
      }
      const [one] = await em.find(entity, 3);
      expect(one?.cosine).toEqual(ROWS[3]);
      test.clear();
      await em.flush();
      expect(test.sent()).toEqual([]);
    },
  );

  it('takes a typed array where an entity is made, changed and patched', async () => {
    const entity = classes[1] as (typeof classes)[number];
    const floats = Float32Array.from([0.5, 1, -2]);
    const [euclidean, cosine, manhattan, chebyshev, hamming, jaccard, pearson, minkowski] = DISTANCES.map(() => floats);
    const data = { euclidean, cosine, manhattan, chebyshev, hamming, jaccard, pearson, minkowski } as Record<
      'euclidean' | 'cosine' | 'manhattan' | 'chebyshev' | 'hamming' | 'jaccard' | 'pearson' | 'minkowski',
      Float32Array
    >;
    const made = em.create(entity, { id: 500, ...data });
    await em.flush();
    em.assign(made, { cosine: Float32Array.from([3, 4, 5]) });
    await em.flush();
    await em.patch(entity, 500, { pearson: Float32Array.from([7, 8, 9]) });
    const read = await test.orm.em.fork().findOneOrFail(entity, 500);
    expect([read.euclidean, read.cosine, read.pearson]).toEqual([
      [0.5, 1, -2],
      [3, 4, 5],
      [7, 8, 9],
    ]);
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
    await em.deleteWhere(entity, { id: 500 });
    // Where nothing varies there is no correlation.
    expect(await em.nearest(entity, 'euclidean', [1, 1, 1], { metric: 'pearson' })).toEqual([]);
  });
});
