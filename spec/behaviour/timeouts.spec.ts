import { count, field, fn, surql, TimeoutError, ValidationError, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectFlushed } from '../support/in-order.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import { Book, City, Knows, Reader, readingEntities, seedReading } from '../support/reading-entities.js';

/** Longer than the timeouts of the tests, for each record. */
const slow = surql`sleep(100ms) = NONE`;

describe.each(backends)('timeouts in the statement on $name', (backend) => {
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
  afterEach(() => expectFlushed(test, em));

  const reads: readonly (readonly [string, (em: EntityManager) => Promise<unknown>])[] = [
    ['find', (on) => on.find(Book, { rank: 1 }, { timeout: 5_000 })],
    ['findOne', (on) => on.findOne(Book, 1, { timeout: 5_000 })],
    ['findPage', (on) => on.findPage(Book, {}, { first: 2, timeout: 5_000 })],
    ['stream', (on) => on.stream(Book, {}, { timeout: 5_000 }).next()],
    ['aggregate', (on) => on.aggregate(Book, { groupBy: ['status'], select: { n: count() }, timeout: 5_000 })],
    ['explain', (on) => on.explain(Book, { rank: 1 }, { timeout: 5_000 })],
    ['a walk', (on) => on.traverse<Reader>('reader:ann').out(Knows).to(Reader).list({ timeout: 5_000 })],
    ['select', (on) => on.select(Book).timeout(5_000).list()],
    ['groups', (on) => on.select(Book).groupBy(['status'], { n: count() }).timeout(5_000).list()],
    ['a split', (on) => on.select(Book).split('words').timeout(5_000).list()],
    ['values', (on) => on.select(Book).timeout(5_000).value('title').execute()],
    [
      'expressions',
      (on) =>
        on
          .select(Book)
          .timeout(5_000)
          .fields({ n: fn.string.len(field(Book, 'title')) })
          .list(),
    ],
  ];
  it.each(reads)('%s says it, and answers as without it', async (_name, read) => {
    await read(em);
    expect(test.sent()[0]).toMatch(/ TIMEOUT \$\w+( EXPLAIN)?$/);
  });

  it('a walk answers as without it', async () => {
    const ann = em.traverse<Reader>('reader:ann').out(Knows).to(Reader).repeat(1, 3);
    const met = await ann.list({ orderBy: { name: 'asc' }, timeout: 5_000, fetch: { home: true } });
    expect(met).toEqual(await ann.list({ orderBy: { name: 'asc' }, fetch: { home: true } }));
    expect(met.map(({ name }) => name)).toEqual(['Bob', 'Cleo', 'Dan', 'Eve', 'Ann'].sort());
  });

  const printed: readonly (readonly [string, (em: EntityManager) => { readonly text: string }])[] = [
    ['select', (on) => on.select(Book).where({ rank: 1 }).timeout(5_000).toSurql()],
    ['groups', (on) => on.select(Book).groupBy(['status'], { n: count() }).timeout(5_000).toSurql()],
    ['a split', (on) => on.select(Book).split('words').timeout(5_000).toSurql()],
    ['values', (on) => on.select(Book).timeout(5_000).value('title').toSurql()],
    ['expressions', (on) => on.select(Book).timeout(5_000).fields({ t: 'title' }).toSurql()],
    ['update', (on) => on.update(Book).set({ rank: 1 }).where({ rank: 2 }).timeout(5_000).toSurql()],
    ['update, returning', (on) => on.update(Book).set({ rank: 1 }).all().timeout(5_000).returning('after').toSurql()],
    ['delete', (on) => on.delete(Book).where({ rank: 2 }).timeout(5_000).toSurql()],
    ['insert', (on) => on.insert(City).values({ name: 'Bari', people: 1 }).timeout(5_000).toSurql()],
    ['insert, atomic', (on) => on.insert(City).values({ name: 'Bari', people: 1 }).atomic().timeout(5_000).toSurql()],
    ['relate', (on) => on.relate(Knows).from('ann').to('bob').set({ since: 1 }).timeout(5_000).toSurql()],
    [
      'relate, unless there is one',
      (on) => on.relate(Knows).from('ann').to('bob').set({ since: 1 }).timeout(5_000).onConflict('update').toSurql(),
    ],
  ];
  it.each(printed)('%s is printed with it', (_name, print) => {
    expect(print(em).text).toMatch(/ TIMEOUT \$\w+/);
    expect(test.sent()).toEqual([]);
  });

  it('the server gives up by itself', async () => {
    const failing = em.find(Reader, slow, { timeout: 30 });
    await expect(failing).rejects.toBeInstanceOf(TimeoutError);
    expect(await em.count(Reader)).toBe(5);
  });

  it.each([
    ['an update', () => em.update(Reader).set({ age: 1 }).where(slow)],
    ['a delete', () => em.delete(Reader).where(slow)],
  ])('%s that takes longer keeps nothing, and says so', async (_name, built) => {
    const before = await em.find(Reader, {}, { orderBy: { id: 'asc' } });
    await expect(built().timeout(30).execute()).rejects.toBeInstanceOf(TimeoutError);
    const after = await em.fork().find(Reader, {}, { orderBy: { id: 'asc' } });
    expect(after).toEqual(before);
  });

  it('0 sets no limit; what is no number of milliseconds is refused', async () => {
    await em.find(Book, {}, { timeout: 0 });
    expect(test.sent()[0]).not.toContain('TIMEOUT');
    test.clear();
    for (const timeout of [-1, Number.NaN, Number.POSITIVE_INFINITY, '5s' as never]) {
      await expect(em.find(Book, {}, { timeout })).rejects.toBeInstanceOf(ValidationError);
      expect(() => em.delete(Book).all().timeout(timeout).toSurql()).toThrow(
        /timeout must be a number of milliseconds/,
      );
    }
    expect(test.sent()).toEqual([]);
  });
});
