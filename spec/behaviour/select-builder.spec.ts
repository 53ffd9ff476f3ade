import { count, RecordId, surql, sum, ValidationError, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import {
  Book,
  City,
  Draft,
  Knows,
  Press,
  PRESSES,
  Read,
  READ,
  Reader,
  Review,
  REVIEWS,
  WORKS,
  readingEntities,
  seedReading,
} from '../support/reading-entities.js';
import { by, down, keys, sorted } from '../support/reading-orders.js';

describe.each(backends)('the select builder on $name', (backend) => {
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

  it('sends nothing before it is run, and what find would send then', async () => {
    const query = em.select(Book).where({ lent: true }).orderBy({ rank: 'desc' }).limit(3).offset(1);
    expect(test.sent()).toEqual([]);
    const built = await query.list();
    const found = await em.find(Book, { lent: true }, { orderBy: { rank: 'desc' }, limit: 3, offset: 1 });
    expect(built).toEqual(found);
    expect(built[0]).toBe(found[0]);
    expect(test.sent()[0]).toBe(test.sent()[1]);
    expect(query.toSurql().text).toBe(test.sent()[0]);
    expect(Object.values(query.toSurql().bindings)).toEqual(expect.arrayContaining([true, 3, 1]));
  });

  it('is immutable: what is shared can be gone on from', async () => {
    const lent = em.select(Book).where({ lent: true });
    const some = lent.where({ rank: { $gt: 5 } });
    const one = lent.where(surql`rank = ${1}`);
    expect(keys(await lent.list())).toEqual(WORKS.filter((row) => row.lent).map(({ key }) => key));
    expect(keys(await some.list())).toEqual(WORKS.filter((row) => row.lent && row.rank > 5).map(({ key }) => key));
    expect(keys(await one.list())).toEqual(WORKS.filter((row) => row.lent && row.rank === 1).map(({ key }) => key));
    expect(keys(await some.where(5).list())).toEqual(
      WORKS.filter((row) => row.lent && row.rank > 5 && row.key === 5).map(({ key }) => key),
    );
  });

  it('fetches, leaves out, reads some, one and none', async () => {
    const first = await em.select(Book).where({ press: 'p1' }).fetch({ press: true }).orderBy({ rank: 'asc' }).one();
    const name: string | undefined = first?.press?.get().name;
    expect(name).toBe('Beta');
    expect(await em.select(Book).where({ rank: 1000 }).one()).toBeNull();
    const fork = em.fork();
    const [partial] = await fork.select(Book).fields(['title']).limit(1).execute();
    expect(Object.keys(partial as object)).not.toContain('rank');
    const [rest] = await em.fork().select(Book).omit(['title']).limit(1).noIndex().list();
    expect(Object.keys(rest as object)).not.toContain('title');
  });

  it('groups', async () => {
    const rows = await em
      .select(Book)
      .where({ lent: true })
      .groupBy(['status'], { n: count(), ranks: sum('rank') })
      .having({ n: { $gt: 0 } })
      .orderBy({ n: 'desc' })
      .limit(1)
      .list();
    const open = WORKS.filter(({ status, lent }) => status === 'open' && lent);
    expect(rows).toEqual([{ status: 'open', n: open.length, ranks: open.reduce((all, { rank }) => all + rank, 0) }]);
    expect(em.select(Book).groupBy(['status'], { n: count() }).toSurql().text).toMatch(/GROUP BY/);
  });

  it('splits lists, before order and limit', async () => {
    const rows = await em
      .select(Draft)
      .where({ rank: { $lt: 6 } })
      .orderBy({ rank: 'desc' })
      .limit(7)
      .offset(2)
      .split('words');
    const wanted = sorted(
      WORKS.filter(({ rank }) => rank < 6),
      [down(by((row) => row.rank))],
    ).flatMap((key) => [...(WORKS[key]?.words ?? [])].sort().map((word) => [key, word]));
    expect(rows.map(({ id, words }) => [id.key, words])).toEqual(wanted.slice(2, 9));
    const word: string | undefined = rows[0]?.words;
    expect(typeof word).toBe('string');
    expect(rows[0]?.size).toBeDefined();
    await expect(em.select(Draft).split('rank')).rejects.toThrow(/no list/);
    const split = em
      .select(Draft)
      .split('words')
      .omit(['title'])
      .orderBy({ words: 'desc' } as never)
      .limit(2);
    expect(split.toSurql().text).toContain('SPLIT words');
  });

  describe('value', () => {
    it('is the list of values, as the field holds them', async () => {
      const titles: (string | null)[] = await em.select(Book).where({ rank: 3 }).orderBy({ id: 'asc' }).value('title');
      expect(titles).toEqual(WORKS.filter(({ rank }) => rank === 3).map(({ title }) => title));
      expect(
        await em
          .select(Book)
          .where({ id: { $in: [0, 1] } })
          .value('code'),
      ).toEqual([null, 'c1']);
      const [price] = await em.select(Book).where(4).value('price');
      expect(price?.toNumber()).toBe(1);
      const [at] = await em.select(Book).where(1).value('published');
      expect(at).toEqual(WORKS[1]?.published);
      expect(at?.constructor).toBe(Date);
      expect(await em.select(Book).where({ rank: 3 }).orderBy({ id: 'asc' }).limit(1).value('twice')).toEqual([6]);
      expect(await em.select(Book).where(1).value('press.name')).toEqual(['Beta']);
      expect(await em.select(Book).where(1).value('id')).toEqual([new RecordId('book', 1)]);
    });

    it('inside a where is a subquery, read once in the same request', async () => {
      const bored = em.select(Read).where({ stars: { $gte: 4 } });
      test.clear();
      const books = await em.find(Book, { id: { $in: bored.value('out') } }, { orderBy: { id: 'asc' } });
      expect(keys(books)).toEqual(
        [...new Set(READ.filter(({ stars }) => stars >= 4).map(({ out }) => out))].sort((a, b) => a - b),
      );
      expect(test.sent()).toHaveLength(1);
      expect(test.sent()[0]).toMatch(/^RETURN \{ LET \$\w+ = \(SELECT VALUE/);
      const narrowed = await em.find(Book, { id: { $in: bored.value('out') }, rank: { $lt: 10 } });
      expect(keys(narrowed)).toEqual(keys(books).filter((key) => (WORKS[key as number]?.rank as number) < 10));
    });

    it('inside a where may go by relations of what has computed fields', async () => {
      const unread = em.select(Book).where({ readers: { $size: 0 }, reviews: { $some: { stars: { $gt: 0 } } } });
      const read = new Set(READ.map(({ out }) => out));
      const wanted = REVIEWS.filter(({ book }) => !read.has(book)).map(({ key }) => key);
      const found = await em.find(Review, { book: { $in: unread.value('id') } }, { orderBy: { id: 'asc' } });
      expect(keys(found)).toEqual(wanted);
      expect((await em.explain(Review, { book: { $in: unread.value('id') } })).tree).toContain('review');
      const grouped = em.select(Review).where({ book: { $in: unread.value('id') } });
      expect(await grouped.groupBy(['book'], { n: count() }).list()).toMatchObject([{ n: wanted.length }]);
      const { text } = em
        .update(Review)
        .set({ stars: 5 })
        .where({ book: { $in: unread.value('id') } })
        .toSurql();
      expect(text).toMatch(/^BEGIN;\nRETURN \{ LET \$\w+ = \(SELECT VALUE id FROM book/);
    });

    it('inside several writes of one request is read for each of them', async () => {
      const titles = em
        .select(Book)
        .where({ rank: { $lt: 6 } })
        .value('title');
      const query = em.select(Review).where({ stars: 4 }).value('text');
      await em.transaction(async (tx) => {
        await tx.updateWhere(Draft, { title: { $in: titles }, rank: { $lt: 6 } }, { subtitle: 'low' });
        await tx.updateWhere(Review, { text: { $in: query } }, { hidden: true });
        await tx.updateWhere(Review, { text: { $in: query }, stars: { $gt: 3 } }, { stars: 4 });
      });
      expect(test.sent()).toHaveLength(1);
      expect(await em.count(Draft, { subtitle: 'low' })).toBe(WORKS.filter(({ rank }) => rank < 6).length);
      expect(await em.count(Review, { stars: 4, hidden: false })).toBe(0);
    });

    it('in a where on links, values, and their complements', async () => {
      const romans = em.select(City).where({ name: 'Rome' }).value('id');
      const roman = PRESSES.filter(({ city }) => city === 'rome').map(({ key }) => key);
      expect(keys(await em.find(Press, { city: { $in: romans } }))).toEqual(roman);
      expect(keys(await em.find(Press, { city: { $nin: romans } }))).toEqual(
        PRESSES.filter(({ city }) => city !== 'rome').map(({ key }) => key),
      );
      const ranks = em.select(Draft).where({ key: undefined } as never);
      await expect(ranks.list()).rejects.toThrow(ValidationError);
      const same = await em.find(Book, { rank: { $in: em.select(Draft).where({ title: 'Emma' }).value('rank') } });
      const emma = new Set(WORKS.filter(({ title }) => title === 'Emma').map(({ rank }) => rank));
      expect(keys(same)).toEqual(WORKS.filter(({ rank }) => emma.has(rank)).map(({ key }) => key));
    });

    it('leaves out what has no value: it is equal to nothing', async () => {
      const codes = em.select(Draft).value('code');
      const found = await em.find(Book, { code: { $in: codes } });
      expect(keys(found)).toEqual(WORKS.filter(({ code }) => code !== undefined).map(({ key }) => key));
    });

    it('works in count, exists, aggregates, pages, traversals and conditions within', async () => {
      const good = em
        .select(Review)
        .where({ stars: { $gte: 4 } })
        .value('book');
      const ids = new Set(REVIEWS.filter(({ stars }) => stars >= 4).map(({ book }) => book));
      const held = WORKS.filter(({ key }) => ids.has(key as never)).length;
      expect(await em.count(Book, { id: { $in: good } })).toBe(held);
      expect(await em.exists(Book, { id: { $in: good } })).toBe(held > 0);
      expect(await em.aggregate(Book, { where: { id: { $in: good } }, select: { n: count() } })).toEqual({ n: held });
      expect(
        (await em.findPage(Book, { id: { $in: good } }, { first: 100, orderBy: { rank: 'asc' } })).items,
      ).toHaveLength(held);
      expect(await em.count(Book, { $or: [{ id: { $in: good } }, { rank: -1 }] })).toBe(held);
      const adults = em
        .select(Reader)
        .where({ age: { $gte: 18 } })
        .value('id');
      const readers = await em
        .traverse(new RecordId('reader', 'ann'))
        .out(Knows)
        .to(Reader, { id: { $in: adults } })
        .list();
      expect(keys(readers)).toEqual(['cleo']);
    });

    it('first() is one value, wherever a value goes', async () => {
      const newest = em.select(Draft).orderBy({ rank: 'desc' }).value('rank').first();
      const top = Math.max(...WORKS.map(({ rank }) => rank));
      expect(keys(await em.find(Book, { rank: newest }))).toEqual(
        WORKS.filter(({ rank }) => rank === top).map(({ key }) => key),
      );
      expect(keys(await em.find(Book, { rank: { $gte: newest } }))).toEqual(
        WORKS.filter(({ rank }) => rank === top).map(({ key }) => key),
      );
    });

    it('may speak of the row around it: then it is read for each', async () => {
      const reviewed = em
        .select(Review)
        .where(surql`book = $parent.id AND stars >= ${4}`)
        .value('book');
      const ids = new Set(REVIEWS.filter(({ stars }) => stars >= 4).map(({ book }) => book));
      test.clear();
      const found = await em.find(Book, { $and: [surql`count(${reviewed}) > ${0}`] });
      expect(keys(found)).toEqual(WORKS.filter(({ key }) => ids.has(key as never)).map(({ key }) => key));
      expect(test.sent()[0]).not.toMatch(/^LET/);
    });

    it('stands in a query of one’s own', async () => {
      const best = em.select(Read).where({ stars: 5 }).value('out');
      const [rows] = await em.query<[{ id: RecordId }[]]>(surql`SELECT id FROM ${Book} WHERE id IN ${best}`);
      expect(keys(rows)).toEqual([1]);
    });

    it('writes too', async () => {
      const own = await openOrm(backend, { entities: readingEntities });
      await seedReading(own);
      const fork = own.orm.em.fork();
      const kept = fork.select(Read).value('out');
      own.clear();
      const gone = await fork.deleteWhere(Draft, {
        rank: {
          $nin: fork
            .select(Book)
            .where({ id: { $in: kept } })
            .value('rank'),
        },
      });
      const ranks = new Set([...new Set(READ.map(({ out }) => out))].map((key) => WORKS[key]?.rank));
      expect(gone).toBe(WORKS.filter(({ rank }) => !ranks.has(rank)).length);
      expect(own.sent()).toHaveLength(1);
      await own.close();
    });
  });

  it('two thousand rows and a subquery are milliseconds, not seconds', async () => {
    const own = await openOrm(backend, { entities: readingEntities });
    const fork = own.orm.em.fork();
    await fork.insert(
      City,
      Array.from({ length: 2000 }, (_, n) => ({ id: `c${n}`, name: `n${n}`, people: n % 50 })),
    );
    await fork.insert(
      Press,
      Array.from({ length: 500 }, (_, n) => ({ id: `p${n}`, name: `n${n}`, city: `c${n}` })),
    );
    own.clear();
    const many = await fork.find(City, { people: { $lt: 1 }, id: { $in: fork.select(Press).value('city') } });
    expect(many).toHaveLength(10);
    const names = await fork.find(City, { name: { $in: fork.select(Press).value('name') } });
    expect(names).toHaveLength(500);
    await own.close();
  });
});
