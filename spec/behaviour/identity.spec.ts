import { EntityNotFoundError, RecordId, surql, type EntityManager, type LogEntry } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import { Book, City, Knows, Press, Reader, Review, readingEntities, seedReading } from '../support/reading-entities.js';

describe.each(backends)('identity on $name', (backend) => {
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
  afterEach(() => expectInOrder(test, em));

  it('findOne by the id of a managed entity sends nothing', async () => {
    const ann = await em.findOneOrFail(Reader, 'ann');
    test.clear();
    for (const key of ['ann', 'reader:ann', ann.id, ann, { id: 'ann' }] as const)
      expect(await em.findOne(Reader, key as never)).toBe(ann);
    expect(await em.findByIds(Reader, ['ann', ann.id])).toEqual([ann, ann]);
    expect(test.sent()).toEqual([]);
  });

  it('every way to a record leads to one object', async () => {
    const ann = await em.findOneOrFail(Reader, { name: 'Ann' });
    expect((await em.find(Reader, { age: 42 }))[0]).toBe(ann);
    expect((await em.find(Reader, {}, { orderBy: { age: 'desc' }, limit: 1 }))[0]).toBe(ann);
    expect(em.getReference(Reader, 'ann')).toBe(ann);
    expect((await em.traverse(new RecordId('reader', 'dan')).out(Knows).to(Reader).list())[0]).toBe(ann);
    const review = await em.findOneOrFail(Review, { by: 'ann' });
    expect(await review.by.load()).toBe(ann);
    expect(await test.orm.em.fork().findOne(Reader, 'ann')).not.toBe(ann);
  });

  it('an entity that is attached again shows the objects that are tracked now, not those it had loaded before', async () => {
    const review = await em.findOneOrFail(Review, { by: 'ann' }, { fetch: { by: true } });
    const dan = await em.findOneOrFail(Reader, 'dan', { fetch: { knows: true } });
    const known = dan.knows.get();
    em.clear();
    em.merge(review);
    em.merge(dan);
    const ann = await em.findOneOrFail(Reader, 'ann');
    expect(await review.by.load()).toBe(ann);
    const again = await dan.knows.load();
    expect(again.map(({ name }) => name)).toEqual(known.map(({ name }) => name));
    expect(again.every((reader) => em.contains(reader) && !known.includes(reader))).toBe(true);
    expect(again).toContain(ann);
  });

  it('the first read wins', async () => {
    const cleo = await em.findOneOrFail(Reader, 'cleo');
    await test.orm.em.fork().query(surql`UPDATE reader:cleo SET age = 31`);
    expect((await em.find(Reader, { name: 'Cleo' }))[0]).toBe(cleo);
    expect(cleo.age).toBe(30);
    await em.find(Reader, { name: 'Cleo' }, { refresh: true });
    expect(cleo.age).toBe(31);
    await test.orm.em.fork().query(surql`UPDATE reader:cleo SET age = 30`);
    await em.refresh(cleo);
    expect(cleo.age).toBe(30);
  });

  it('refresh overwrites pending changes; of a record that is gone it is an error', async () => {
    const bob = await em.findOneOrFail(Reader, 'bob');
    bob.name = 'Robert';
    expect(await em.refresh(bob)).toBe(bob);
    expect(bob.name).toBe('Bob');
    await test.orm.driver.query('CREATE city:gone2 SET name = "Gone", people = 0');
    const gone = await em.findOneOrFail(City, 'gone2');
    await test.orm.driver.query('DELETE city:gone2');
    await expect(em.refresh(gone)).rejects.toBeInstanceOf(EntityNotFoundError);
    em.clear();
  });

  it('point reads of one tick travel as one request, whatever they are of', async () => {
    const [ann, book, none, again] = await Promise.all([
      em.findOne(Reader, 'ann'),
      em.findOneOrFail(Book, 1),
      em.findOne(Press, 'nobody'),
      em.findOne(Reader, 'ann'),
      em.findByIds(Reader, ['bob', 'cleo']),
    ]);
    expect(test.sent()).toHaveLength(1);
    expect([ann?.name, book.id.key, none]).toEqual(['Ann', 1, null]);
    expect(again).toBe(ann);
  });

  it('a thousand of them too, behind awaits of their own', async () => {
    const found = await Promise.all(
      Array.from({ length: 1_000 }, async (_, index) => {
        if (index % 3 === 0) await Promise.resolve();
        return em.findOne(Book, index % 60);
      }),
    );
    expect(test.sent()).toHaveLength(1);
    expect(found.filter((book) => book !== null)).toHaveLength(found.filter((_, index) => index % 60 < 48).length);
  });

  it('links loaded in one tick travel as one request, each record once', async () => {
    const reviews = await em.find(Review);
    test.clear();
    const loaded = await Promise.all(reviews.flatMap(({ by, book }) => [by.load(), book.load()]));
    expect(test.sent()).toHaveLength(1);
    expect(loaded.filter((each) => each instanceof Reader)).toHaveLength(reviews.length);
    expect(new Set(loaded).size).toBe(3 + 4);
    test.clear();
    await reviews[0]?.by.load();
    expect(test.sent()).toEqual([]);
  });

  it('relations loaded one by one are a hint in the log, which says how to fetch them', async () => {
    const logged: LogEntry[] = [];
    const other = await openOrm(backend, {
      entities: readingEntities,
      logging: ['hint'],
      logger: (entry) => void logged.push(entry),
    });
    await seedReading(other);
    const mine = other.orm.em.fork();
    const reviews = await mine.find(Review);
    await Promise.all(reviews.map(({ by }) => by.load()));
    await reviews[0]?.book.load();
    expect(logged.map(({ kind, hint, purpose }) => [kind, hint, purpose])).toEqual([
      [
        'hint',
        `N+1: Review.by was loaded for ${reviews.length} entities one by one; fetch it with them: { fetch: { by: true } }`,
        'load',
      ],
    ]);
    await other.close();
  });

  it('many sides loaded in one tick travel as one request, beside point reads', async () => {
    const readers = await em.find(Reader, {}, { orderBy: { id: 'asc' } });
    test.clear();
    const [known, , book] = await Promise.all([
      Promise.all(readers.map(({ knows }) => knows.load())),
      Promise.all(readers.map(({ reviews }) => reviews.load())),
      em.findOne(Book, 7),
    ]);
    expect(test.sent()).toHaveLength(1);
    expect(known.map((each) => each.map(({ id }) => id.key).sort())).toEqual([
      ['bob', 'cleo'],
      ['cleo'],
      ['dan', 'eve'],
      ['ann'],
      [],
    ]);
    expect(known[0]).toContain(readers[1]);
    expect(book?.id.key).toBe(7);
  });

  it('concurrent load() of one collection is one query', async () => {
    const ann = await em.findOneOrFail(Reader, 'ann');
    test.clear();
    const [first, second] = await Promise.all([ann.knows.load(), ann.knows.load(), ann.knows.load()]);
    expect(test.sent()).toHaveLength(1);
    expect(first).toEqual(second);
    await ann.knows.load();
    expect(test.sent()).toHaveLength(1);
    expect(ann.knows.isLoaded).toBe(true);
  });

  it('managed: false gives plain instances that nothing tracks', async () => {
    const managed = await em.findOneOrFail(Reader, 'ann');
    const [plain] = await em.find(Reader, { name: 'Ann' }, { managed: false, fetch: { home: true, knows: true } });
    if (plain === undefined) throw new Error('ann is missing');
    expect(plain).not.toBe(managed);
    expect(plain).toBeInstanceOf(Reader);
    expect(em.contains(plain)).toBe(false);
    expect(plain.home?.get().name).toBe('Rome');
    expect(
      plain.knows
        .get()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['Bob', 'Cleo']);
    plain.name = 'Somebody';
    await em.flush();
    expect(managed.name).toBe('Ann');
    expect((await em.findOne(Reader, 'ann', { managed: false }))?.name).toBe('Ann');
  });

  it('a reference is filled by whatever reads it', async () => {
    const reference = em.getReference(Reader, 'eve');
    expect(reference.name).toBeUndefined();
    expect(test.sent()).toEqual([]);
    expect(await em.findOne(Reader, 'eve')).toBe(reference);
    expect(reference).toMatchObject({ name: 'Eve', adult: false });
  });

  it('clear forgets: the next read makes new objects', async () => {
    const ann = await em.findOneOrFail(Reader, 'ann');
    em.clear();
    const again = await em.findOneOrFail(Reader, 'ann');
    expect(again).not.toBe(ann);
    expect(again).toEqual(ann);
  });
});
