import {
  avg,
  collect,
  count,
  countDistinct,
  countIf,
  Decimal,
  distinct,
  max,
  median,
  min,
  RecordId,
  stddev,
  sum,
  surql,
  ValidationError,
  variance,
  type EntityManager,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import {
  Book,
  ByText,
  Draft,
  PRESSES,
  WORKS,
  readingEntities,
  seedReading,
  type WorkRow,
} from '../support/reading-entities.js';

/** What the server should answer, worked out by hand from the rows that were stored. */
function groupsOf<K>(key: (row: WorkRow) => K, rows = WORKS): Map<string, { key: K; rows: WorkRow[] }> {
  const groups = new Map<string, { key: K; rows: WorkRow[] }>();
  for (const row of rows) {
    const name = String(key(row));
    const group = groups.get(name) ?? { key: key(row), rows: [] };
    group.rows.push(row);
    groups.set(name, group);
  }
  return groups;
}
const present = <V>(values: readonly (V | null | undefined)[]): V[] =>
  values.filter((value): value is V => value !== undefined && value !== null);
const total = (numbers: readonly number[]): number => numbers.reduce((left, right) => left + right, 0);
const mean = (numbers: readonly number[]): number | null =>
  numbers.length === 0 ? null : total(numbers) / numbers.length;
const middle = (numbers: readonly number[]): number | null => {
  const sorted = [...numbers].sort((left, right) => left - right);
  const at = sorted.length / 2;
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(at)] as number)
    : ((sorted[at - 1] as number) + (sorted[at] as number)) / 2;
};
const spread = (numbers: readonly number[]): number => {
  const m = mean(numbers) ?? 0;
  return numbers.length < 2 ? 0 : total(numbers.map((each) => (each - m) ** 2)) / (numbers.length - 1);
};

describe.each(backends)('aggregates on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: readingEntities });
    await seedReading(test);
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(async () => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('makes one object of all records, with one select', async () => {
    for (const entity of [Book, Draft]) {
      test.clear();
      const made = await em.aggregate(entity, {
        select: {
          n: count(),
          lent: countIf({ lent: true }),
          ranks: countDistinct('rank'),
          sum: sum('rank'),
          avg: avg('rank'),
          median: median('rank'),
          stddev: stddev('rank'),
          variance: variance('rank'),
          least: min('rank'),
          most: max('rank'),
        },
      });
      const ranks = WORKS.map(({ rank }) => rank);
      expect(made).toEqual({
        n: WORKS.length,
        lent: WORKS.filter(({ lent }) => lent).length,
        ranks: new Set(ranks).size,
        sum: total(ranks),
        avg: expect.closeTo(mean(ranks) as number, 9),
        median: middle(ranks),
        stddev: expect.closeTo(Math.sqrt(spread(ranks)), 9),
        variance: expect.closeTo(spread(ranks), 9),
        least: Math.min(...ranks),
        most: Math.max(...ranks),
      });
      expect(test.sent()).toHaveLength(1);
    }
  });

  it('counts for nothing what a record lacks', async () => {
    const made = await em.aggregate(Book, {
      select: {
        sum: sum('rating'),
        avg: avg('rating'),
        n: countDistinct('code'),
        all: collect('code'),
        some: distinct('note'),
      },
    });
    const ratings = present(WORKS.map(({ rating }) => rating));
    expect(made).toEqual({
      sum: total(ratings),
      avg: expect.closeTo(mean(ratings) as number, 9),
      n: present(WORKS.map(({ code }) => code)).length,
      all: present(WORKS.map(({ code }) => code)),
      some: expect.arrayContaining([...new Set(present(WORKS.map(({ note }) => note)))]),
    });
    expect(made.some).toHaveLength(3);
  });

  it('finds the extremes of every kind of value, as the fields read them', async () => {
    const made = await em.aggregate(Draft, {
      select: {
        first: min('published'),
        last: max('published'),
        exact: max('scanned'),
        title: min('title'),
        code: max('code'),
        price: max('price'),
        reading: max('reading'),
        serial: min('serial'),
        total: sum('price'),
        pages: max('size.pages'),
      },
    });
    const dates = present(WORKS.map(({ published }) => published?.getTime()));
    const prices = WORKS.map(({ price }) => price);
    expect(made).toEqual({
      first: new Date(Math.min(...dates)),
      last: new Date(Math.max(...dates)),
      exact: expect.anything(),
      title: '',
      code: present(WORKS.map(({ code }) => code))
        .sort()
        .at(-1),
      price: Decimal.max(...prices),
      reading: expect.anything(),
      serial: expect.anything(),
      total: Decimal.sum(...prices),
      pages: 400,
    });
    expect(made.first?.constructor).toBe(Date);
    expect(String(made.reading)).toBe('45m');
    expect(made.exact?.nanoseconds).toBe(2_750_000);
    const price: Decimal | null = made.total;
    expect(Decimal.isDecimal(price)).toBe(true);
  });

  it('the mean of decimals is a Decimal with all their digits; a median is a number, by its type too', async () => {
    const prices = WORKS.map(({ price }) => price);
    const made = await em.aggregate(Book, {
      select: { mean: avg('price'), middle: median('price') },
    });
    const mean: Decimal | null = made.mean;
    const middle: number | null = made.middle;
    expect(String(mean)).toBe(String(Decimal.sum(...prices).div(prices.length)));
    expect(Decimal.isDecimal(mean)).toBe(true);
    expect(typeof middle).toBe('number');
    const rows = await em.aggregate(Book, {
      groupBy: ['status'],
      select: { mean: avg('price') },
      having: { mean: { $gt: 0 } },
      orderBy: { mean: 'desc' },
    });
    expect(rows.map((row) => Decimal.isDecimal(row.mean))).toEqual(rows.map(() => true));
    expect(rows.map((row) => Number(row.mean))).toEqual(rows.map((row) => Number(row.mean)).sort((a, b) => b - a));
    const none = await em.aggregate(Book, { where: { title: 'no such title' }, select: { mean: avg('price') } });
    expect(none.mean).toBeNull();
  });

  it('groups, by keys in order', async () => {
    for (const entity of [Book, Draft]) {
      const rows = await em.aggregate(entity, {
        groupBy: ['status', 'lent'],
        select: { n: count(), ranks: sum('rank'), code: max('code') },
      });
      const wanted = [...groupsOf((row) => `${row.status} ${row.lent}`).values()]
        .map(({ rows: [first, ...rest] }) => {
          const all = [first as WorkRow, ...rest];
          return {
            status: first?.status,
            lent: first?.lent,
            n: all.length,
            ranks: total(all.map(({ rank }) => rank)),
            code:
              present(all.map(({ code }) => code))
                .sort()
                .at(-1) ?? null,
          };
        })
        .sort((a, b) => `${a.status} ${a.lent}`.localeCompare(`${b.status} ${b.lent}`));
      expect(rows).toEqual(wanted);
    }
  });

  it('groups by what may be missing, by what is nested, behind a link, computed, and a link itself', async () => {
    const missing = await em.aggregate(Book, { groupBy: ['subtitle'], select: { n: count() } });
    expect(missing[0]).toEqual({ subtitle: null, n: WORKS.filter(({ subtitle }) => subtitle === undefined).length });
    const nested = await em.aggregate(Book, { groupBy: ['size.format'], select: { n: count() } });
    expect(nested.map((row) => [row['size.format'], row.n])).toEqual(
      [...groupsOf(({ format }) => format ?? null).values()]
        .map(({ key, rows }) => [key, rows.length])
        .sort((a, b) => String(a[0] ?? '').localeCompare(String(b[0] ?? ''))),
    );
    const behind = await em.aggregate(Book, { groupBy: ['press.name'], select: { n: count() } });
    const nameOf = (row: WorkRow) => PRESSES.find(({ key }) => key === row.press)?.name ?? null;
    expect(new Map(behind.map((row) => [row['press.name'], row.n]))).toEqual(
      new Map([...groupsOf(nameOf).values()].map(({ key, rows }) => [key, rows.length])),
    );
    const computed = await em.aggregate(Book, {
      where: { rank: { $lt: 3 } },
      groupBy: ['twice'],
      select: { n: count() },
    });
    expect(computed.map(({ twice }) => twice)).toEqual([0, 2, 4]);
    const [link] = await em.aggregate(Book, { where: { press: 'p1' }, groupBy: ['press'], select: { n: count() } });
    expect(link?.press).toEqual(new RecordId('press', 'p1'));
  });

  it('sums computed fields that an index would lose', async () => {
    const { twice } = await em.aggregate(Book, { where: { rank: 3 }, select: { twice: sum('twice') } });
    expect(twice).toBe(6 * WORKS.filter(({ rank }) => rank === 3).length);
  });

  it('groups and sums expressions', async () => {
    const rows = await em.aggregate(Draft, {
      groupBy: [{ even: surql`rank % 2` }],
      select: { n: count(), area: sum(surql`rank * ${10}`) },
    });
    const even = WORKS.filter(({ rank }) => rank % 2 === 0);
    expect(rows[0]).toEqual({ even: 0, n: even.length, area: total(even.map(({ rank }) => rank * 10)) });
  });

  it('counts what meets any condition', async () => {
    const made = await em.aggregate(Book, {
      select: {
        press: countIf({ press: { name: 'Alpha' } }),
        some: countIf({ editions: { year: 2001 } }),
        or: countIf({ $or: [{ rank: 1 }, { lent: true }] }),
        text: countIf(surql`rank > ${5}`),
        none: countIf({ rank: { $gt: 100 } }),
      },
    });
    expect(made).toEqual({
      press: WORKS.filter(({ press }) => press === 'p0').length,
      some: WORKS.filter(({ editions }) => editions.some(({ year }) => year === 2001)).length,
      or: WORKS.filter(({ rank, lent }) => rank === 1 || lent).length,
      text: WORKS.filter(({ rank }) => rank > 5).length,
      none: 0,
    });
  });

  it('filters, orders and cuts what came out', async () => {
    const groups = [...groupsOf(({ rank }) => rank).values()].map(({ key, rows }) => ({
      rank: key,
      n: rows.length,
      price: avgPrice(rows),
    }));
    const rows = await em.aggregate(Book, {
      groupBy: ['rank'],
      select: { n: count(), price: avg('price') },
      having: { n: { $gte: 4 }, $not: { rank: { $in: [2, 5] } } },
      orderBy: { price: 'desc' },
      limit: 3,
      offset: 1,
    });
    const wanted = groups
      .filter(({ n, rank }) => n >= 4 && rank !== 2 && rank !== 5)
      .sort((a, b) => b.price - a.price)
      .slice(1, 4);
    expect(rows.map(({ rank, n }) => ({ rank, n }))).toEqual(wanted.map(({ rank, n }) => ({ rank, n })));
    const either = await em.aggregate(Book, {
      groupBy: ['rank'],
      select: { n: count() },
      having: { $or: [{ rank: 1 }, { $and: [{ rank: { $gt: 10 } }, { n: { $lt: 4 } }] }] },
    });
    expect(either.map(({ rank }) => rank)).toEqual(
      groups
        .filter(({ rank, n }) => rank === 1 || (rank > 10 && n < 4))
        .map(({ rank }) => rank)
        .sort((a, b) => a - b),
    );
  });
  const avgPrice = (rows: readonly WorkRow[]): number => mean(rows.map(({ price }) => price.toNumber())) ?? 0;

  it('what no record has is null, and sorts as NONE does', async () => {
    const rows = await em.aggregate(Book, {
      where: { rank: { $lt: 4 } },
      groupBy: ['rank'],
      select: { code: max('code'), rating: avg('rating') },
      orderBy: { rating: 'asc' },
    });
    const ratings = rows.map(({ rating }) => rating ?? -1);
    expect(ratings).toEqual([...ratings].sort((a, b) => a - b));
  });

  it('of no records: counts are 0, lists empty, all else null', async () => {
    const select = {
      all: count(),
      if: countIf({ n: 1 }),
      d: countDistinct('n'),
      list: collect('n'),
      some: distinct('n'),
      sum: sum('n'),
      avg: avg('n'),
      median: median('n'),
      stddev: stddev('n'),
      variance: variance('n'),
      min: min('n'),
      max: max('n'),
    } as const;
    const nothing = {
      all: 0,
      if: 0,
      d: 0,
      list: [],
      some: [],
      sum: null,
      avg: null,
      median: null,
      stddev: null,
      variance: null,
      min: null,
      max: null,
    };
    expect(await em.aggregate(ByText, { select })).toEqual(nothing);
    expect(await em.aggregate(ByText, { where: { n: 3 }, select })).toEqual(nothing);
    expect(await em.aggregate(ByText, { groupBy: ['n'], select })).toEqual([]);
    test.clear();
    expect(await em.aggregate(ByText, { where: { n: { $in: [] } }, select })).toEqual(nothing);
    expect(test.sent()).toEqual([]);
  });

  it('by ids, and in an interactive transaction with its own writes', async () => {
    const some = await em.aggregate(Book, {
      where: { id: { $in: [1, 2, 999] } },
      select: { n: count(), twice: sum('twice') },
    });
    expect(some).toEqual({ n: 2, twice: 2 * total(WORKS.slice(1, 3).map(({ rank }) => rank)) });
    if (!backend.stateful) return;
    const inside = await em
      .transaction(
        async (tx) => {
          tx.create(ByText, { id: 'x', n: 5 });
          await tx.flush();
          const found = await tx.aggregate(ByText, { select: { n: count(), sum: sum('n') } });
          throw Object.assign(new Error('back'), { found });
        },
        { mode: 'interactive', retry: false },
      )
      .catch((error: { readonly found: unknown }) => error.found);
    expect(inside).toEqual({ n: 1, sum: 5 });
  });

  it('countBy', async () => {
    const perStatus = await em.countBy(Book, 'status', { lent: true });
    expect(perStatus).toEqual(
      new Map(
        [
          ...groupsOf(
            ({ status }) => status,
            WORKS.filter(({ lent }) => lent),
          ).values(),
        ].map(({ key, rows }) => [key, rows.length]),
      ),
    );
    expect((await em.getRepository(Book).countBy('press.name')).get(null)).toBeGreaterThan(0);
    // NULL and a value that is missing are groups of their own to the server.
    const perNote = await em.countBy(Book, 'note');
    expect(perNote.get(null)).toBe(WORKS.filter(({ note }) => note === null || note === undefined).length);
    expect([...perNote.values()].reduce((sum, n) => sum + n, 0)).toBe(WORKS.length);
  });

  describe('refuses, before anything is sent,', () => {
    const wrong: readonly (readonly [string, object, RegExp])[] = [
      ['an unknown path', { select: { n: sum('rnak') } }, /no field "rnak".*rank/],
      ['an unknown path behind a link', { groupBy: ['press.nmae'], select: { n: count() } }, /no field "nmae".*name/],
      ['a path to many records', { groupBy: ['reviews'], select: { n: count() } }, /leads to many records/],
      ['numbers of texts', { select: { n: avg('title') } }, /holds no numbers/],
      ['no aggregate', { select: { n: 'rank' } }, /select cannot be "rank"/],
      ['an empty select', { select: {} }, /count\(\)/],
      ['one name twice', { groupBy: ['rank'], select: { rank: count() } }, /two results called "rank"/],
      ['having without groups', { select: { n: count() }, having: { n: 1 } }, /needs groupBy/],
      ['having of what there is not', { groupBy: ['rank'], select: { n: count() }, having: { m: 1 } }, /no field "m"/],
      [
        'a wrong type in having',
        { groupBy: ['rank'], select: { n: count() }, having: { n: 'x' } },
        /cannot be compared/,
      ],
      ['undefined in having', { groupBy: ['rank'], select: { n: count() }, having: { n: undefined } }, /undefined/],
      [
        'an order of what there is not',
        { groupBy: ['rank'], select: { n: count() }, orderBy: { m: 'asc' } },
        /no field "m"/,
      ],
      ['an unknown option', { groupBy: ['rank'], select: { n: count() }, sort: {} }, /sort/],
      ['an unknown field in countIf', { select: { n: countIf({ rnak: 1 }) } }, /rnak/],
    ];
    it.each(wrong)('%s', async (_, options, message) => {
      const error: unknown = await em.aggregate(Book, options as never).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ValidationError);
      expect((error as Error).message).toMatch(message);
      expect(test.sent()).toEqual([]);
    });
  });
});
