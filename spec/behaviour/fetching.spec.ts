import type { RecordId } from '../../lib/index.js';
import { NotLoadedError, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import type { Press } from '../support/reading-entities.js';
import {
  Book,
  GENRES,
  Genre,
  KNOWS,
  Knows,
  Mark,
  PRESSES,
  READ,
  READERS,
  REVIEWS,
  Reader,
  Review,
  WORKS,
  readingEntities,
  seedReading,
  type WorkRow,
} from '../support/reading-entities.js';

const keys = (found: Iterable<{ readonly id: RecordId }>): unknown[] => Array.from(found, ({ id }) => id.key);
const sortedKeys = (found: Iterable<{ readonly id: RecordId }>): unknown[] => keys(found).sort();
const pressOf = (row: WorkRow) => PRESSES.find(({ key }) => key === row.press);
const reviewsOf = (book: unknown) => REVIEWS.filter((review) => review.book === book);
const byStars = (a: (typeof REVIEWS)[number], b: typeof a): number => b.stars - a.stars || (a.key < b.key ? -1 : 1);

describe.each(backends)('fetching on $name', (backend) => {
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
  /** What a fetch brings along is clean, however it was filtered. */
  afterEach(async () => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('a link; one into a missing record stays unloaded and keeps its id', async () => {
    const books = await em.find(Book, {}, { fetch: { press: true } });
    expect(test.sent()).toHaveLength(1);
    for (const book of books) {
      const row = WORKS[book.id.key] as WorkRow;
      expect(book.press?.id.key).toBe(row.press);
      if (book.press === undefined) continue;
      const press = pressOf(row);
      expect(book.press.isLoaded).toBe(press !== undefined);
      if (press !== undefined) expect(book.press.get().name).toBe(press.name);
      else expect(() => book.press?.get()).toThrow(NotLoadedError);
    }
    const dangling = books.find((book) => book.press?.id.key === 'p3');
    await expect(dangling?.press?.load()).rejects.toThrow(/press:p3 does not exist/);
  });

  it('a link of a link', async () => {
    const books = await em.find(Book, {}, { fetch: { press: { fetch: { city: true } } } });
    expect(test.sent()).toHaveLength(1);
    for (const book of books) {
      const press = pressOf(WORKS[book.id.key] as WorkRow);
      if (press === undefined) continue;
      expect(book.press?.get().city?.id.key).toBe(press.city);
      if (press.city !== undefined)
        expect(book.press?.get().city?.get().name).toBe(press.city === 'rome' ? 'Rome' : 'Oslo');
    }
  });

  it('many links; missing ones are left out, their ids are kept', async () => {
    const books = await em.find(Book, {}, { fetch: { genres: true } });
    expect(test.sent()).toHaveLength(1);
    for (const book of books) {
      const wanted = (WORKS[book.id.key] as WorkRow).genres;
      expect(book.genres.ids.map(({ key }) => key)).toEqual(wanted);
      expect(sortedKeys(book.genres)).toEqual(wanted.filter((key) => GENRES.some((genre) => genre.key === key)).sort());
    }
  });

  it('many links, filtered, ordered, cut and counted', async () => {
    const genres = { where: { name: { $ne: 'Genre 0' } }, orderBy: { name: 'desc' }, limit: 1, count: true } as const;
    for (const book of await em.find(Book, {}, { fetch: { genres } })) {
      const all = GENRES.filter(
        ({ key, name }) => name !== 'Genre 0' && (WORKS[book.id.key] as WorkRow).genres.includes(key),
      );
      expect(book.genres.get().map(({ name }) => name)).toEqual(
        all
          .map(({ name }) => name)
          .sort()
          .reverse()
          .slice(0, 1),
      );
      expect(book.genres.total).toBe(all.length);
    }
  });

  it('the inverse of a link, and of many links', async () => {
    const books = await em.find(Book, { id: { $in: [1, 2, 5] } }, { fetch: { reviews: true } });
    expect(test.sent()).toHaveLength(1);
    for (const book of books) expect(sortedKeys(book.reviews)).toEqual(reviewsOf(book.id.key).map(({ key }) => key));
    for (const genre of await em.find(Genre, {}, { fetch: { books: { select: ['title'] } } })) {
      const wanted = WORKS.filter(({ genres }) => genres.includes(genre.id.key)).map(({ key }) => key);
      expect(keys(genre.books).sort((a, b) => Number(a) - Number(b))).toEqual(wanted);
    }
  });

  it('an inverse over a column whose name is a word of SurrealQL', async () => {
    const readers = await em.find(Reader, {}, { fetch: { reviews: { count: true } } });
    for (const reader of readers) {
      const wanted = REVIEWS.filter(({ by }) => by === reader.id.key).map(({ key }) => key);
      expect(sortedKeys(reader.reviews)).toEqual(wanted);
      expect(reader.reviews.total).toBe(wanted.length);
    }
    expect((await em.find(Reader, { reviews: { stars: 4, hidden: true } })).map(({ id }) => id.key)).toEqual(['bob']);
  });

  it('an inverse, filtered, ordered, cut, counted, with a fetch of its own', async () => {
    const reviews = {
      where: { hidden: false },
      orderBy: { stars: 'desc' },
      limit: 2,
      offset: 1,
      count: true,
      fetch: { by: { fetch: { home: true } } },
    } as const;
    const books = await em.find(Book, { id: { $lt: 6 } }, { fetch: { reviews }, orderBy: { id: 'desc' } });
    expect(test.sent()).toHaveLength(1);
    expect(keys(books)).toEqual([5, 4, 3, 2, 1, 0]);
    for (const book of books) {
      const all = reviewsOf(book.id.key)
        .filter(({ hidden }) => !hidden)
        .sort(byStars);
      expect(keys(book.reviews)).toEqual(all.slice(1, 3).map(({ key }) => key));
      expect(book.reviews.total).toBe(all.length);
      for (const review of book.reviews) {
        const by = READERS.find(({ key }) => key === review.by.id.key);
        expect(review.by.get().name).toBe(by?.name);
        expect(review.by.get().home?.get().name).toBe(by?.home === 'rome' ? 'Rome' : 'Oslo');
      }
    }
  });

  it('edges bring the records and themselves; parallel ones lead to one record', async () => {
    const ann = await em.findOneOrFail(Reader, 'ann', { fetch: { knows: true } });
    expect(test.sent()).toHaveLength(1);
    expect(sortedKeys(ann.knows)).toEqual(['bob', 'cleo']);
    expect(ann.knows).toHaveLength(2);
    const edges = ann.knows.edges();
    expect(edges.map(({ id, since }) => [id.key, since]).sort()).toEqual([
      ['ab', 2001],
      ['ab2', 2009],
      ['ac', 2005],
    ]);
    test.clear();
    for (const edge of edges) {
      expect(edge).toBeInstanceOf(Knows);
      expect(await edge.in.load()).toBe(ann);
      expect(ann.knows.get()).toContain(await edge.out.load());
    }
    expect(await em.findOne(Knows, 'ab')).toBe(edges.find(({ id }) => id.key === 'ab'));
    expect(test.sent()).toEqual([]);
  });

  it('in a statement for each relation, where that is asked for: the same records and members', async () => {
    const fetch = {
      press: true,
      genres: true,
      reviews: { where: { stars: { $gt: 1 } }, orderBy: { stars: 'desc' }, limit: 2, count: true, fetch: { by: true } },
    } as const;
    const how = { fetch, orderBy: { rank: 'asc' }, limit: 7 } as const;
    const together = await test.orm.em.fork().find(Book, { rank: { $gt: 1 } }, how);
    test.clear();
    const apart = await em.find(Book, { rank: { $gt: 1 } }, { ...how, strategy: 'separate' });
    expect(test.sent()).toHaveLength(4);
    expect(test.sent()[0]).not.toContain('review');
    const shown = (books: typeof together) =>
      books.map((book) => [
        book.id.key,
        book.press?.isLoaded,
        sortedKeys(book.genres),
        keys(book.reviews),
        book.reviews.total,
        [...book.reviews].map((review) => review.by.get().name),
      ]);
    expect(shown(apart)).toEqual(shown(together));
    test.clear();
    expect(await em.find(Book, { rank: -1 }, { ...how, strategy: 'separate' })).toEqual([]);
    expect(test.sent()).toHaveLength(1);
    const plain = await em.find(Book, { rank: 3 }, { fetch: { reviews: true }, strategy: 'separate', managed: false });
    expect(plain.every((book) => book.reviews.isLoaded && !em.contains(book))).toBe(true);
    const partial = { select: ['title'], fetch: { press: true }, strategy: 'separate' } as const;
    const [one] = await test.orm.em.fork().find(Book, { press: { name: { $exists: true } } }, partial);
    expect(one?.press?.get().name).toBeDefined();
    const built = await test.orm.em
      .fork()
      .select(Book)
      .where({ rank: 3 })
      .fetch({ reviews: true })
      .strategy('separate')
      .list();
    expect(built.map(({ reviews }) => sortedKeys(reviews))).toEqual(plain.map(({ reviews }) => sortedKeys(reviews)));
  });

  it('a cut of edges counts records: parallel edges take one place, and all of them come along', async () => {
    const fetch = { knows: { orderBy: { id: 'asc' }, limit: 1, count: true } } as const;
    const ann = await em.findOneOrFail(Reader, 'ann', { fetch });
    expect(keys(ann.knows)).toEqual(['bob']);
    expect(ann.knows.total).toBe(2);
    expect(sortedKeys(ann.knows.edges())).toEqual(['ab', 'ab2']);
    expect(test.sent()).toHaveLength(1);
    const next = { knows: { orderBy: { id: 'asc' }, limit: 1, offset: 1 } } as const;
    expect(keys((await test.orm.em.fork().findOneOrFail(Reader, 'ann', { fetch: next })).knows)).toEqual(['cleo']);
    const either = { friends: { orderBy: { id: 'asc' }, limit: 2 } } as const;
    const friends = (await test.orm.em.fork().findOneOrFail(Reader, 'bob', { fetch: either })).friends;
    const known = KNOWS.flatMap(({ in: from, out }) => (from === 'bob' ? [out] : out === 'bob' ? [from] : []));
    expect(keys(friends)).toEqual([...new Set(known)].sort().slice(0, 2));
  });

  it('a changed edge is written by the flush', async () => {
    const dan = await em.findOneOrFail(Reader, 'dan', { fetch: { books: true } });
    const [edge] = dan.books.edges();
    if (edge === undefined) throw new Error('dan has read nothing');
    edge.stars = 9;
    await em.flush();
    expect(
      (await test.orm.em.fork().findOneOrFail(Reader, 'dan', { fetch: { books: true } })).books.edges()[0]?.stars,
    ).toBe(9);
    edge.stars = 2;
    await em.flush();
  });

  it('edges against and both ways', async () => {
    for (const reader of await em.find(Reader, {}, { fetch: { knownBy: { count: true }, friends: true } })) {
      const key = reader.id.key;
      const back = [...new Set(KNOWS.filter((edge) => edge.out === key).map((edge) => edge.in))];
      const out = KNOWS.filter((edge) => edge.in === key).map((edge) => edge.out);
      expect(sortedKeys(reader.knownBy)).toEqual([...back].sort());
      expect(reader.knownBy.total).toBe(back.length);
      expect(sortedKeys(reader.friends)).toEqual([...new Set([...back, ...out])].sort());
    }
  });

  it('edges, filtered, ordered, counted, with a fetch of its own', async () => {
    const books = {
      where: { rank: { $gt: 0 } },
      orderBy: { rank: 'desc' },
      count: true,
      fetch: { press: true },
    } as const;
    for (const reader of await em.find(Reader, {}, { fetch: { books } })) {
      const wanted = READ.filter((edge) => edge.in === reader.id.key)
        .map(({ out }) => WORKS[out] as WorkRow)
        .filter(({ rank }) => rank > 0)
        .sort((a, b) => b.rank - a.rank);
      expect(keys(reader.books)).toEqual(wanted.map(({ key }) => key));
      expect(reader.books.total).toBe(wanted.length);
      for (const book of reader.books)
        if (pressOf(WORKS[book.id.key] as WorkRow) !== undefined) expect(book.press?.isLoaded).toBe(true);
    }
  });

  it('a link to several tables brings each as its own class', async () => {
    const marks = await em.find(Mark, {}, { fetch: { on: true }, orderBy: { id: 'asc' } });
    expect(marks.map(({ on }) => on.get().constructor)).toEqual([Book, Reader]);
  });

  it('a fetched entity is the one object, wherever it stands', async () => {
    const ann = await em.findOneOrFail(Reader, 'ann');
    const books = await em.find(
      Book,
      { id: { $in: [1, 2, 3, 4] } },
      { fetch: { press: true, reviews: { fetch: { by: true, book: true } } } },
    );
    for (const book of books)
      for (const review of book.reviews) {
        expect(review.book.get()).toBe(book);
        if (review.by.id.key === 'ann') expect(review.by.get()).toBe(ann);
      }
    const byPress = new Map<unknown, Press>();
    for (const { press } of books) {
      if (press?.isLoaded !== true) continue;
      const known = byPress.get(press.id.key);
      if (known !== undefined) expect(press.get()).toBe(known);
      byPress.set(press.id.key, press.get());
    }
    const [again] = await em.find(Review, { by: ann }, { fetch: { book: true }, limit: 1 });
    expect(books).toContain(again?.book.get());
  });

  it('a cycle ends at the object that is already there', async () => {
    const ann = await em.findOneOrFail(Reader, 'ann', {
      fetch: { knows: { fetch: { knownBy: { fetch: { knows: true } } } } },
    });
    for (const known of ann.knows) expect(known.knownBy.get()).toContain(ann);
  });

  it('partial relations', async () => {
    const [book] = await em.find(Book, 1, {
      select: ['title'],
      fetch: { press: { select: ['name'] }, reviews: { select: ['text'], limit: 1 } },
    });
    expect('rank' in (book as object)).toBe(false);
    expect(book?.press?.get().name).toBe('Beta');
    const [review] = book?.reviews.get() ?? [];
    expect(review?.text).toMatch(/^text/);
    expect('stars' in (review as object)).toBe(false);
  });

  it('a later fetch fills the links of a managed entity and leaves its values alone', async () => {
    const bob = await em.findOneOrFail(Reader, 'bob');
    bob.name = 'Robert';
    expect(bob.home?.isLoaded).toBe(false);
    const again = await em.findOneOrFail(Reader, 'bob', { fetch: { home: true, knows: true } });
    expect(again).toBe(bob);
    expect(again.name).toBe('Robert');
    expect(again.home?.get().name).toBe('Oslo');
    expect(keys(again.knows)).toEqual(['cleo']);
    bob.name = 'Bob';
  });

  it('unfetched relations say how to load them', async () => {
    const ann = await em.findOneOrFail(Reader, 'ann');
    expect(() => (ann.knows as unknown as Iterable<Reader>)[Symbol.iterator]()).toThrow(
      /Reader\.knows is not loaded.*fetch.*load\(\)/s,
    );
    expect(() => (ann.knows as unknown as { edges(): Knows[] }).edges()).toThrow(NotLoadedError);
    expect(ann.knows.isLoaded).toBe(false);
  });

  it('a filtered fetch removes nothing that it does not show', async () => {
    const fork = test.orm.em.fork();
    const book = await fork.findOneOrFail(Book, 5, { fetch: { genres: { where: { name: 'Genre 1' } } } });
    expect(keys(book.genres)).toEqual(['g1']);
    book.genres.add('g3');
    await fork.flush();
    const stored = (await test.orm.em.fork().findOneOrFail(Book, 5)).genres.ids.map(({ key }) => key);
    expect([...stored].sort()).toEqual([...new Set([...(WORKS[5] as WorkRow).genres, 'g3'])].sort());
    book.genres.remove('g3');
    await fork.flush();
  });
});
