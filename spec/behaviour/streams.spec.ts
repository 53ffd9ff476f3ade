import { Computed, Field, Id, Index, RecordId, SoftDelete, Table, surql, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

const COUNT = 300;
const ROWS = Array.from({ length: COUNT }, (_, at) => ({
  id: at * 10,
  rank: at % 7,
  lot: at % 3,
  name: `n${at % 11}`,
}));

@Table({ name: 'parcel' })
@Index({ fields: ['lot'] })
class Parcel {
  @Id('int') id!: RecordId<'parcel', number>;
  @Field('int') rank!: number;
  @Field('int') lot!: number;
  @Field('string') name!: string;
  @Computed(surql`rank * 10`) readonly weight!: number;
  @SoftDelete() @Field('option<datetime>') deletedAt?: Date;
}

@Table({ name: 'letter' })
class Letter {
  @Id('any') id!: RecordId<'letter'>;
  @Field('int') rank!: number;
}

/** In the order of SurrealDB: numbers, texts, lists, objects. */
const LETTER_KEYS = [
  ...Array.from({ length: 12 }, (_, at) => at - 5),
  ...Array.from({ length: 12 }, (_, at) => `k${String(at).padStart(2, '0')}`),
  ...Array.from({ length: 12 }, (_, at) => ['a', at]),
  ...Array.from({ length: 12 }, (_, at) => ({ at })),
];

const key = ({ id }: { readonly id: RecordId }): unknown => id.key;

describe.each(backends)('streams on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Parcel, Letter] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    em = test.orm.em.fork();
    await test.orm.driver.query('DELETE parcel; DELETE letter');
    await em.insert(Parcel, ROWS);
    test.clear();
  });

  const collect = async <T>(stream: AsyncIterable<T>): Promise<T[]> => {
    const all: T[] = [];
    for await (const each of stream) all.push(each);
    return all;
  };
  const ids = (rows: readonly { id: number }[]) => rows.map(({ id }) => id);
  const few = ROWS.filter(({ rank }) => rank === 3);

  describe.each(backend.name === 'embedded' ? [1, 4, 25, 299, 300, 301] : [4, 300])('batches of %i', (batch) => {
    it('by the id downwards, without a doubled row or one left out', async () => {
      const found = await collect(em.stream(Parcel, {}, { batch, orderBy: { id: 'desc' } }));
      expect(found.map(key)).toEqual(ids(ROWS).reverse());
      expect(found.every(({ weight, rank }) => weight === rank * 10)).toBe(true);
    });

    it.each([
      ['upwards', 'asc', ids(few)],
      ['downwards', 'desc', ids(few).reverse()],
    ] as const)('filtered, %s', async (_, id, expected) => {
      const found = await collect(em.stream(Parcel, { rank: 3 }, { batch, orderBy: { id } }));
      expect(found.map(key)).toEqual(expected);
      expect(await collect(em.stream(Parcel, { rank: 99 }, { batch, orderBy: { id } }))).toEqual([]);
    });

    it('by what an index finds', async () => {
      const found = await collect(em.stream(Parcel, { lot: 1 }, { batch }));
      expect(found.map(key)).toEqual(ids(ROWS.filter(({ lot }) => lot === 1)));
      expect(found.every(({ weight, rank }) => weight === rank * 10)).toBe(true);
    });

    it('by another order', async () => {
      const sorted = ROWS.toSorted((a, b) => b.name.localeCompare(a.name) || a.id - b.id);
      const found = await collect(em.stream(Parcel, { rank: { $gte: 0 } }, { batch, orderBy: { name: 'desc' } }));
      expect(found.map(key)).toEqual(ids(sorted));
    });
  });

  it('keys of every kind, both ways', async () => {
    await em.insert(
      Letter,
      LETTER_KEYS.map((id, rank) => ({ id: id as string, rank })),
    );
    for (const where of [{}, { rank: { $gte: 0 } }])
      for (const batch of [1, 7]) {
        expect((await collect(em.stream(Letter, where, { batch }))).map(key)).toEqual(LETTER_KEYS);
        const down = await collect(em.stream(Letter, where, { batch, orderBy: { id: 'desc' } }));
        expect(down.map(key)).toEqual(LETTER_KEYS.toReversed());
      }
  });

  describe('what is written meanwhile', () => {
    /** Every fifth row that is met is deleted together with its neighbours, and one is made on either side. */
    const disturbed = async (stream: AsyncIterable<Parcel>): Promise<readonly number[]> => {
      const met: number[] = [];
      const other = test.orm.em.fork();
      for await (const { id } of stream) {
        met.push(id.key);
        if (met.length % 5 !== 0) continue;
        await test.orm.driver.query('DELETE $ids', {
          ids: [-20, -10, 0, 10, 20].map((by) => new RecordId('parcel', id.key + by)),
        });
        for (const by of [-3, 3]) await other.upsert(Parcel, { id: id.key + by, rank: 3, lot: 1, name: 'new' });
      }
      return met;
    };

    it.each([
      ['upwards', {}, 'asc'],
      ['upwards, filtered', { rank: 3 }, 'asc'],
      ['downwards', {}, 'desc'],
      ['downwards, filtered', { rank: 3 }, 'desc'],
      ['by an index', { lot: 1 }, 'asc'],
    ] as const)('%s: in order, nothing twice, all that stays', async (_, where, id) => {
      const met = await disturbed(em.stream(Parcel, where, { batch: 3, orderBy: { id } }));
      const inOrder = met.toSorted((a, b) => (id === 'asc' ? a - b : b - a));
      expect(met).toEqual(inOrder);
      expect(new Set(met).size).toBe(met.length);
      const left = await em.fork().find(Parcel, where, { managed: false });
      const old = left.map(({ id: { key: one } }) => one).filter((one) => one % 10 === 0);
      expect(old.filter((one) => !met.includes(one))).toEqual([]);
    });

    it('a row that no longer matches is not met, one that has gone neither', async () => {
      const met: number[] = [];
      for await (const { id } of em.stream(Parcel, { lot: 1 }, { batch: 3 })) {
        met.push(id.key);
        if (met.length > 1) continue;
        await test.orm.driver.query('UPDATE parcel:1000 SET lot = 2; DELETE parcel:1300');
      }
      expect(met).toEqual(ids(ROWS.filter(({ lot, id }) => lot === 1 && id !== 1000 && id !== 1300)));
    });

    it('appended rows are met upwards, also behind many that do not match', async () => {
      const met: number[] = [];
      for await (const { id } of em.stream(Parcel, { rank: 3 }, { batch: 3 })) {
        met.push(id.key);
        if (met.length === 4) await test.orm.driver.query('CREATE parcel:90000 SET rank = 3, lot = 1, name = "end"');
      }
      expect(met).toEqual([...ids(few), 90_000]);
    });
  });

  it('filters count: what is deleted softly is not met', async () => {
    await em.deleteWhere(Parcel, { lot: 2 });
    const left = ids(ROWS.filter(({ lot }) => lot !== 2));
    expect((await collect(em.stream(Parcel, {}, { batch: 7 }))).map(key)).toEqual(left);
    const down = em.stream(Parcel, {}, { batch: 7, orderBy: { id: 'desc' } });
    expect((await collect(down)).map(key)).toEqual(left.toReversed());
    const all = em.stream(Parcel, {}, { batch: 7, orderBy: { id: 'desc' }, filters: { softDelete: false } });
    expect(await collect(all)).toHaveLength(COUNT);
  });

  it('asks for rows in proportion to what matches', async () => {
    await collect(em.stream(Parcel, { rank: 3 }, { batch: 10 }));
    // 43 rows in 300: one batch, two lists of ids, and ranges that grow until about a batch matches in each; of one width it were 26.
    expect(test.sent().length).toBeLessThanOrEqual(10);
    for (const text of test.sent().slice(1)) expect(text).toContain('type::record(');
  });

  it('reads nothing more when the first batch holds all', async () => {
    await collect(em.stream(Parcel, { rank: 3 }, { batch: 50 }));
    await collect(em.stream(Parcel, {}, { batch: 301, orderBy: { id: 'desc' } }));
    expect(test.sent()).toHaveLength(2);
  });

  if (backend.name !== 'http')
    it('in an interactive transaction meets what that has written', async () => {
      await em.transaction(
        async (tx) => {
          await tx.insert(Parcel, [{ id: 5, rank: 3, lot: 1, name: 'own' }]);
          await tx.deleteWhere(Parcel, { id: ids(few)[5] as number }, { hard: true } as never);
          const kept = ids(few).filter((_, at) => at !== 5);
          for (const [where, expected] of [
            [{ rank: 3 }, [5, ...kept]],
            [{ lot: 1, rank: 3 }, [5, ...kept.filter((id) => (id / 10) % 3 === 1)]],
          ] as const) {
            const options = { batch: 3, managed: false } as const;
            expect((await collect(tx.stream(Parcel, where, options))).map(key)).toEqual(expected);
            const down = await collect(tx.stream(Parcel, where, { ...options, orderBy: { id: 'desc' } }));
            expect(down.map(key)).toEqual(expected.toReversed());
          }
        },
        { mode: 'interactive' },
      );
    });
});
