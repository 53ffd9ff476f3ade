import { ValidationError, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import {
  Book,
  City,
  KNOWS,
  Press,
  PRESSES,
  Reader,
  READERS,
  Review,
  REVIEWS,
  WORKS,
  readingEntities,
  seedReading,
} from '../support/reading-entities.js';

const keyOf = ({ id }: { readonly id: { readonly key: unknown } }): unknown => id.key;
const reviewsOf = (book: unknown) => REVIEWS.filter((review) => review.book === book);

describe.each(backends)('what is fetched under names of its own on $name', (backend) => {
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

  it.each(['joined', 'separate'] as const)('one relation in several ways, %s', async (strategy) => {
    const books = await em.find(
      Book,
      { id: { $in: [1, 2, 3, 20] } },
      {
        strategy,
        orderBy: { id: 'asc' },
        fetch: {
          reviews: [
            { as: 'best', where: { hidden: false }, orderBy: { stars: 'desc' }, limit: 2, fetch: { by: true } },
            { as: 'hiddenOnes', where: { hidden: true } },
          ],
        },
      },
    );
    if (strategy === 'joined') expect(test.sent()).toHaveLength(1);
    test.clear();
    for (const book of books) {
      const shown = reviewsOf(book.id.key).filter(({ hidden }) => !hidden);
      const best = [...shown].sort((a, b) => b.stars - a.stars || (a.key < b.key ? -1 : 1)).slice(0, 2);
      expect(book.best.map(keyOf)).toEqual(best.map(({ key }) => key));
      expect(book.best.map(({ by }) => by.get().name)).toEqual(
        best.map(({ by }) => READERS.find(({ key }) => key === by)?.name),
      );
      expect(book.hiddenOnes.map(keyOf).sort()).toEqual(
        reviewsOf(book.id.key)
          .filter(({ hidden }) => hidden)
          .map(({ key }) => key),
      );
      expect(book.reviews.isLoaded).toBe(false);
      expect(Object.isFrozen(book.best)).toBe(true);
    }
    expect(books[1]?.best[0]).toBe(await em.findOne(Review, String(books[1]?.best[0]?.id.key)));
    expect(test.sent()).toEqual([]);
  });

  it('beside the relation itself', async () => {
    const ann = await em.findOneOrFail(Reader, 'ann', {
      fetch: { knows: [true, { as: 'adults', where: { adult: true }, orderBy: { name: 'asc' } }] },
    });
    const known = [...new Set(KNOWS.filter((edge) => edge.in === 'ann').map(({ out }) => out))];
    expect(ann.knows.get().map(keyOf).sort()).toEqual(known);
    expect(ann.knows.edges()).toHaveLength(3);
    expect(ann.adults.map(({ name }) => name)).toEqual(['Cleo']);
  });

  it('a link: the record, or null where it is missing or does not match', async () => {
    const presses = await em.find(
      Press,
      {},
      { orderBy: { id: 'asc' }, fetch: { city: { as: 'big', where: { people: { $gt: 2 } } } } },
    );
    expect(presses.map(({ big }) => big?.name ?? null)).toEqual(
      PRESSES.map(({ city }) => (city === 'rome' ? 'Rome' : null)),
    );
    expect(presses[1]?.city?.isLoaded).toBe(false);
    expect(presses[0]?.big).toBe(await em.findOne(City, 'rome'));
  });

  it('many links, below a fetch, in pages, streams and walks', async () => {
    const options = { fetch: { genres: { as: 'first', orderBy: { name: 'desc' }, limit: 1 } } } as const;
    const wanted = (key: unknown) =>
      [...(WORKS[key as number]?.genres ?? [])]
        .filter((genre) => genre < 'g4')
        .sort()
        .slice(-1);
    const page = await em.findPage(Book, {}, { first: 5, orderBy: { id: 'asc' }, ...options });
    for (const book of page.items) expect(book.first.map(keyOf)).toEqual(wanted(book.id.key));
    for await (const book of em.stream(Book, { rank: { $lt: 4 } }, options))
      expect(book.first.map(keyOf)).toEqual(wanted(book.id.key));
    const reviews = await em.find(Review, {}, { limit: 3, fetch: { book: options } });
    for (const { book } of reviews) expect(book.get().first.map(keyOf)).toEqual(wanted(book.id.key));
  });

  it('are part of the JSON, and of no write', async () => {
    const [book] = await em.find(Book, 1, { fetch: { reviews: { as: 'some', limit: 1, select: ['text'] } } });
    const json = JSON.parse(JSON.stringify(book)) as { some: { text: string }[] };
    expect(json.some).toMatchObject([{ text: expect.stringContaining('text') }]);
    expect(book?.some).toHaveLength(1);
    if (book !== undefined) book.title = 'Changed';
    test.clear();
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    expect(test.sent()[0]).not.toContain('some');
    if (book !== undefined) book.title = WORKS[1]?.title ?? '';
    await em.flush();
  });

  it('are read anew by the next read that names them', async () => {
    const fetch = (stars: number) => ({ fetch: { reviews: { as: 'rated', where: { stars } } } }) as const;
    const one = await em.findOneOrFail(Book, 1, fetch(0));
    const before = one.rated;
    const again = await em.findOneOrFail(Book, 1, fetch(4));
    expect(again).toBe(one);
    expect(again.rated.map(keyOf).sort()).toEqual(
      reviewsOf(1)
        .filter(({ stars }) => stars === 4)
        .map(({ key }) => key),
    );
    expect(before).not.toBe(again.rated);
  });

  it.each([
    ['a property', { reviews: { as: 'title' } }, /Book has a property of that name/],
    ['no name', { reviews: { as: 'a b' } }, /no name of a property/],
    ['no text', { reviews: { as: 7 } }, /no name of a property/],
    ['what JavaScript takes for something else', { reviews: { as: 'then' } }, /taken/],
    ['one name twice', { reviews: [{ as: 'x' }, { as: 'x', limit: 1 }] }, /fetched twice as "x"/],
    ['one name for two relations', { reviews: { as: 'x' }, genres: { as: 'x' } }, /fetched twice as "x"/],
    ['the relation twice', { reviews: [true, { limit: 1 }] }, /fetched twice as "reviews"/],
    ['a number of all', { reviews: { as: 'x', count: true } }, /either `as` or `count`/],
  ])('refuses %s, before anything is sent', async (_title, fetch, why) => {
    const failing = em.find(Book, {}, { fetch: fetch as never });
    await expect(failing).rejects.toBeInstanceOf(ValidationError);
    await expect(failing).rejects.toThrow(why);
    expect(test.sent()).toEqual([]);
  });
});
