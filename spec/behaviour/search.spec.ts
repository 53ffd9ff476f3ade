import { QueryError, surql, ValidationError, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import { keys } from '../support/reading-orders.js';
import { Doc, DOCS, searchEntities, Shelf, type DocRow } from '../support/search-entities.js';

const VECTOR = [1, 0.2, 0.5, 0.1];
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((all, each, at) => all + each * (b[at] as number), 0);
const cosine = (a: readonly number[], b: readonly number[]): number => 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
const manhattan = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((all, each, at) => all + Math.abs(each - (b[at] as number)), 0);
const euclidean = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((each, at) => each - (b[at] as number)));

/** What the neighbours are, found by hand. */
function near(
  distance: (a: readonly number[], b: readonly number[]) => number,
  k: number,
  {
    of = (row: DocRow) => row.embedding,
    to = VECTOR as readonly number[],
    among = (_: DocRow) => true as boolean,
  } = {},
): { id: number; distance: number }[] {
  return DOCS.filter(among)
    .flatMap((row) => {
      const vector = of(row);
      return vector === undefined ? [] : [{ id: row.id, distance: distance(vector, to) }];
    })
    .sort((a, b) => a.distance - b.distance)
    .slice(0, k);
}
const has = (row: DocRow, ...words: RegExp[]): boolean => words.every((word) => word.test(row.title));

describe.each(backends)('search on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: searchEntities });
    const fork = test.orm.em.fork();
    await fork.insert(Shelf, [
      { id: 's0', name: 'low' },
      { id: 's1', name: 'high' },
    ]);
    await fork.insert(Doc, DOCS);
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

  describe('nearest', () => {
    const found = (hits: readonly { readonly entity: Doc; readonly distance: number }[]) =>
      hits.map(({ entity, distance }) => ({ id: entity.id.key, distance: expect.closeTo(distance, 3) as number }));

    it('finds the neighbours by the index, in one request, as managed entities', async () => {
      const hits = await em.nearest(Doc, 'embedding', VECTOR, { k: 5 });
      expect(near(cosine, 5)).toEqual(found(hits));
      expect(test.sent()).toHaveLength(1);
      expect(test.sent()[0]).toMatch(/<\|5, 100\|>/);
      expect(hits[0]?.entity).toBe(await em.findOne(Doc, hits[0]?.entity.id.key as number));
      expect(hits[0]?.entity.even).toBe((hits[0]?.entity.n as number) % 2 === 0);
    });

    it('among those that match, whatever the condition is', async () => {
      const english = await em.nearest(Doc, 'embedding', VECTOR, { k: 4, where: { lang: 'en' } });
      expect(near(cosine, 4, { among: ({ lang }) => lang === 'en' })).toEqual(found(english));
      const either = await em.nearest(Doc, 'embedding', VECTOR, {
        k: 4,
        where: { $or: [{ lang: 'no' }, { n: { $lt: 20 } }] },
      });
      expect(near(cosine, 4, { among: ({ lang, n }) => lang === 'no' || n < 20 })).toEqual(found(either));
      const even = await em.nearest(Doc, 'embedding', VECTOR, { k: 4, where: { even: true, lang: 'en' } });
      expect(near(cosine, 4, { among: ({ n, lang }) => n % 2 === 0 && lang === 'en' })).toEqual(found(even));
      const shelved = await em.nearest(Doc, 'embedding', VECTOR, { k: 4, where: { shelf: { name: 'high' } } });
      expect(near(cosine, 4, { among: ({ shelf }) => shelf === 's1' })).toEqual(found(shelved));
      const some = await em.nearest(Doc, 'embedding', VECTOR, { k: 4, where: { id: { $in: [1, 2, 3] } } });
      expect(near(cosine, 4, { among: ({ id }) => id >= 1 && id <= 3 })).toEqual(found(some));
    });

    it('by another metric, and without an index', async () => {
      const other = await em.nearest(Doc, 'embedding', VECTOR, { k: 3, metric: 'manhattan' });
      expect(near(manhattan, 3)).toEqual(found(other));
      const places = await em.nearest(Doc, 'place', [12, 5], { k: 3 });
      expect(near(euclidean, 3, { of: ({ place }) => place, to: [12, 5] })).toEqual(found(places));
    });

    it('takes typed arrays, a limit and an offset, and fetches', async () => {
      const hits = await em.nearest(Doc, 'embedding', Float32Array.from(VECTOR), {
        k: 6,
        limit: 2,
        offset: 1,
        fetch: { shelf: true },
      });
      expect(near(cosine, 6).slice(1, 3)).toEqual(found(hits));
      const name: string | undefined = hits[0]?.entity.shelf?.get().name;
      expect(['low', 'high']).toContain(name);
    });

    it('in an interactive transaction finds what it has itself written', async () => {
      if (!backend.stateful) return;
      await em
        .transaction(
          async (tx) => {
            tx.create(Doc, { id: 1000, title: 'x', body: 'y', lang: 'en', n: 1, embedding: VECTOR });
            await tx.flush();
            const [first] = await tx.nearest(Doc, 'embedding', VECTOR, { k: 1 });
            expect(first?.entity.id.key).toBe(1000);
            throw new Error('back');
          },
          { mode: 'interactive', retry: false },
        )
        .catch((error: Error) => expect(error.message).toBe('back'));
    });

    it('refuses what is no vector, before anything is sent', async () => {
      const wrong: readonly (readonly [string, unknown, object, RegExp])[] = [
        ['embedding', [1, 2], {}, /2 numbers.*4/],
        ['embedding', [1, 2, Number.NaN, 3], {}, /finite/],
        ['embedding', 'x', {}, /no list/],
        ['title', VECTOR, {}, /no vector/],
        ['embeding', VECTOR, {}, /embedding/],
        ['embedding', VECTOR, { k: 0 }, /whole number from 1/],
        ['embedding', VECTOR, { metric: 'far' }, /no distance/],
        ['embedding', VECTOR, { kk: 1 }, /kk/],
        ['embedding', VECTOR, { where: { lng: 'x' } }, /lang/],
      ];
      for (const [field, vector, options, message] of wrong) {
        const error: unknown = await em
          .nearest(Doc, field as 'embedding', vector as number[], options)
          .catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(ValidationError);
        expect((error as Error).message).toMatch(message);
      }
      expect(test.sent()).toEqual([]);
    });

    it('says so where the table lacks the index, and the server would find every record', async () => {
      const own = await openOrm(backend, { entities: searchEntities });
      const fork = own.orm.em.fork();
      await fork.insert(Doc, DOCS.slice(0, 5));
      const index = own.orm.metadata.get(Doc).indexes.find(({ vector }) => vector !== undefined)?.name as string;
      await fork.query(surql`REMOVE INDEX ${surql.id(index)} ON doc`);
      await expect(fork.nearest(Doc, 'embedding', VECTOR, { k: 2 })).rejects.toThrow(QueryError);
      await expect(fork.nearest(Doc, 'embedding', VECTOR, { k: 2 })).rejects.toThrow(/no HNSW index/);
      expect(await fork.nearest(Doc, 'embedding', VECTOR, { k: 2, metric: 'euclidean' })).toHaveLength(2);
      await own.close();
    });
  });

  describe('search', () => {
    const ids = (hits: readonly { readonly entity: Doc }[]) =>
      keys(hits.map(({ entity }) => entity)).sort((a, b) => Number(a) - Number(b));
    const by = (test: (row: DocRow) => boolean) => DOCS.filter(test).map(({ id }) => id);

    it('finds words and their forms, the best first, in one request', async () => {
      const hits = await em.search(Doc, { title: 'cook' });
      expect(ids(hits)).toEqual(by((row) => has(row, /cooking/)));
      const scores = hits.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(hits[0]?.highlights).toEqual({});
      expect(test.sent()).toHaveLength(1);
      expect(hits[0]?.entity).toBe(await em.findOne(Doc, hits[0]?.entity.id.key as number));
      expect(ids(await em.search(Doc, { title: 'quantum history' }))).toEqual(
        by((row) => has(row, /quantum/, /history/)),
      );
      expect(await em.search(Doc, { title: 'nowhere' })).toEqual([]);
    });

    it('marks what it found', async () => {
      const [first] = await em.search(Doc, { title: 'quantum' }, { highlight: true, limit: 1 });
      expect(first?.highlights.title).toMatch(/^<b>quantum<\/b> /);
      expect(first?.offsets).toEqual({});
      const [placed] = await em.search(Doc, { title: 'quantum' }, { offsets: true, limit: 1 });
      const [{ start, end, index } = { start: -1, end: -1, index: -1 }] = placed?.offsets.title ?? [];
      expect([placed?.entity.title.slice(start, end), index]).toEqual(['quantum', 0]);
      const both = await em.search(Doc, { title: 'quantum', body: 'run' }, { offsets: true, where: { even: true } });
      for (const { entity, offsets } of both) {
        for (const hit of offsets.title ?? []) expect(entity.title.slice(hit.start, hit.end)).toBe('quantum');
        for (const hit of offsets.body ?? []) expect(entity.body.slice(hit.start, hit.end)).toMatch(/^run/);
        expect([offsets.title?.length, offsets.body?.length].every((n) => Number(n) > 0)).toBe(true);
      }
      expect(both.length).toBeGreaterThan(0);
      const [other] = await em.search(Doc, { title: 'quantum', body: 'run' }, { highlight: ['[', ']'], limit: 1 });
      expect(other?.highlights.title).toMatch(/^\[quantum\] /);
      expect(other?.highlights.body).toMatch(/\[run(ning)?\]/);
    });

    it('in several fields: in all of them, or in any', async () => {
      const all = await em.search(Doc, { title: 'cooking', body: 'cook' });
      expect(ids(all)).toEqual(by((row) => /cook/.test(row.title) && /cook/.test(row.body)));
      const any = await em.search(Doc, { title: 'fire', body: 'roses' }, { match: 'any' });
      expect(ids(any)).toEqual(by((row) => /fire/.test(row.title) || /Roses/.test(row.body)));
      expect(any.every(({ score }, at) => at === 0 || score <= (any[at - 1]?.score as number))).toBe(true);
    });

    it('among those that match, whatever the condition is', async () => {
      const some = await em.search(Doc, { title: 'quantum' }, { where: { lang: 'en' } });
      expect(ids(some)).toEqual(by((row) => has(row, /quantum/) && row.lang === 'en'));
      const even = await em.search(Doc, { title: 'quantum' }, { where: { even: true } });
      expect(ids(even)).toEqual(by((row) => has(row, /quantum/) && row.n % 2 === 0));
      expect(even[0]?.entity.even).toBe(true);
      const both = await em.search(
        Doc,
        { title: 'quantum', body: 'run' },
        { where: { even: true, shelf: { name: 'low' }, n: { $lt: 40 } } },
      );
      expect(ids(both)).toEqual(
        by((row) => has(row, /quantum/) && /\brun/.test(row.body) && row.n % 2 === 0 && row.n < 40),
      );
    });

    it('limits, goes on, fetches, reads in part', async () => {
      const all = await em.search(Doc, { title: 'quantum' });
      const page = await em
        .fork()
        .search(Doc, { title: 'quantum' }, { limit: 3, offset: 2, fetch: { shelf: true }, select: ['title', 'shelf'] });
      expect(keys(page.map(({ entity }) => entity))).toEqual(keys(all.slice(2, 5).map(({ entity }) => entity)));
      expect(page[0]?.entity.shelf?.get().name).toBeDefined();
    });

    it('takes a query for data', async () => {
      for (const text of ["'; REMOVE TABLE doc; --", '`', '\\', '@0@', ')']) await em.search(Doc, { title: text });
      expect(await em.count(Doc)).toBe(DOCS.length);
    });

    it('refuses fields without an index, before anything is sent', async () => {
      const wrong: readonly (readonly [unknown, object, RegExp])[] = [
        [{ lang: 'en' }, {}, /no full-text index/],
        [{ titel: 'x' }, {}, /title/],
        [{}, {}, /Nothing is searched/],
        [{ title: 7 }, {}, /searched for text/],
        [{ notes: 'roses' }, { highlight: true }, /no positions/],
        [{ notes: 'roses' }, { offsets: true }, /no positions/],
        [{ title: 'x' }, { orderBy: {} }, /orderBy/],
      ];
      for (const [text, options, message] of wrong) {
        const error: unknown = await em.search(Doc, text as object, options).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(ValidationError);
        expect((error as Error).message).toMatch(message);
      }
      expect(test.sent()).toEqual([]);
      expect(ids(await em.search(Doc, { notes: 'rose' }))).toEqual(by(({ notes }) => notes !== undefined));
    });
  });

  describe('hybrid', () => {
    it('fuses the ranks of both searches', async () => {
      const k = 6;
      const hits = await em.hybrid(Doc, { vector: { embedding: VECTOR }, text: { title: 'quantum' }, k, rrf: 10 });
      expect(test.sent()).toHaveLength(1);
      const vectors = near(cosine, k).map(({ id }) => id);
      const texts = keys(
        (await em.search(Doc, { title: 'quantum' }, { limit: k })).map(({ entity }) => entity),
      ) as number[];
      const rank = (list: readonly number[], id: number) => (list.includes(id) ? 1 / (10 + list.indexOf(id) + 1) : 0);
      const scoreOf = (id: number) => rank(vectors, id) + rank(texts, id);
      expect(hits).toHaveLength(k);
      for (const { entity, score } of hits) expect(score).toBeCloseTo(scoreOf(entity.id.key), 9);
      const wanted = [...new Set([...vectors, ...texts])].map(scoreOf).sort((a, b) => b - a);
      expect(hits.map(({ score }) => score)).toEqual(
        wanted.slice(0, k).map((score) => expect.closeTo(score, 9) as number),
      );
    });

    it('adds weighted scores, among those that match', async () => {
      const hits = await em.hybrid(Doc, {
        vector: { embedding: VECTOR },
        text: { body: 'cooks' },
        linear: { vector: 0, text: 1 },
        where: { lang: 'en' },
        fetch: { shelf: true },
        limit: 4,
      });
      expect(hits).toHaveLength(4);
      expect(hits.every(({ entity }) => entity.lang === 'en')).toBe(true);
      expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).sort((a, b) => b - a));
      // Of those that say it, the shorter text has the higher score; the lowest of a list counts nothing.
      expect(hits[0]?.score).toBe(1);
      expect(hits[0]?.entity.body).toMatch(/^Roses and cooks/);
      expect(hits[0]?.entity.shelf?.get().name).toBeDefined();
    });

    it('orders what scores alike by the id, before it cuts', async () => {
      const k = 8;
      const asked = { vector: { embedding: VECTOR }, text: { title: 'quantum' }, k, linear: { vector: 0, text: 0 } };
      const texts = await em.search(Doc, { title: 'quantum' }, { limit: k });
      const found = new Set([...near(cosine, k).map(({ id }) => id), ...texts.map(({ entity }) => entity.id.key)]);
      const wanted = [...found].sort((a, b) => a - b);
      const pages = [0, 3, 6].map((offset) => em.hybrid(Doc, { ...asked, limit: 3, offset }));
      const shown = (await Promise.all(pages)).flat().map(({ entity }) => entity.id.key);
      expect(shown).toEqual(wanted.slice(0, 9));
    });

    it('refuses none or several vectors', async () => {
      const text = { title: 'x' };
      await expect(em.hybrid(Doc, { vector: {}, text })).rejects.toThrow(/one vector/);
      await expect(em.hybrid(Doc, { vector: { embedding: VECTOR, place: [1, 2] }, text })).rejects.toThrow(
        /one vector/,
      );
      await expect(em.hybrid(Doc, { vector: { embedding: VECTOR }, text: {} })).rejects.toThrow(/Nothing is searched/);
    });
  });
});
