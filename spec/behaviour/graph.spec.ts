import { RecordId, surql, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import {
  Book,
  City,
  KNOWS,
  Knows,
  READ,
  READERS,
  REVIEWS,
  Read,
  Reader,
  Review,
  readingEntities,
  seedReading,
} from '../support/reading-entities.js';

const reader = (key: string): RecordId<'reader', string> => new RecordId('reader', key);
const names = (found: readonly Reader[]): string[] => found.map(({ name }) => name).sort();
const nameOf = (key: string): string => READERS.find((each) => each.key === key)?.name as string;
/** Plain set arithmetic over the edges that were stored. */
const outOf = (keys: readonly string[], where: (edge: (typeof KNOWS)[number]) => boolean = () => true) => [
  ...new Set(KNOWS.filter((edge) => keys.includes(edge.in) && where(edge)).map((edge) => edge.out)),
];
const into = (keys: readonly string[]) => [
  ...new Set(KNOWS.filter((edge) => keys.includes(edge.out)).map((edge) => edge.in)),
];

describe.each(backends)('the graph on $name', (backend) => {
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
  /** A walk writes nothing and leaves nothing to write. */
  afterEach(async () => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('out, in and both, each record once', async () => {
    const ann = em.traverse(reader('ann'));
    expect(names(await ann.out(Knows).to(Reader).list())).toEqual(outOf(['ann']).map(nameOf).sort());
    expect(names(await ann.in(Knows).to(Reader).list())).toEqual(into(['ann']).map(nameOf).sort());
    expect(names(await ann.both(Knows).to(Reader).list())).toEqual(['Bob', 'Cleo', 'Dan']);
    expect(test.sent()).toHaveLength(3);
  });

  it('over edges of several kinds, and of every kind', async () => {
    const ann = em.traverse<Reader>(reader('ann'));
    expect(names(await ann.out([Knows, Read]).to(Reader).list())).toEqual(outOf(['ann']).map(nameOf).sort());
    expect(test.sent()[0]).toMatch(/->\(knows, read\)->reader/);
    const books = READ.filter((edge) => edge.in === 'ann').map((edge) => edge.out);
    expect((await ann.out().to(Book).list()).map(({ id }) => id.key).sort()).toEqual(books);
    expect(names(await ann.both().to(Reader).list())).toEqual(['Bob', 'Cleo', 'Dan']);
    const back = await em
      .traverse(new RecordId('book', 1))
      .in()
      .to(Reader, { name: { $ne: 'Dan' } })
      .list();
    expect(names(back)).toEqual(['Ann']);
    const twoHops = await ann.out().to(Reader).out([Knows, Read]).to(Book, {}).ids();
    expect(twoHops.map(({ key }) => key).sort()).toEqual([2, 3]);
    await expect(ann.out([Knows, Read]).list()).rejects.toThrow(/\.to\(/);
    expect(() => em.traverse(new RecordId('book', 1)).out([Read])).toThrow(/does not start/);
    expect(() => em.traverse(new RecordId('book', 1)).out()).toThrow(/No kind of edge/);
    expect(() => ann.out([Reader])).toThrow(/not an edge/);
    // What is asked of several kinds means the same in each.
    const since = ann.out([Knows, Read], surql`since > 2004 OR stars > 4`);
    expect((await since.to(Book).list()).map(({ id }) => id.key)).toEqual([1]);
    expect(names(await since.to(Reader).list())).toEqual(['Bob', 'Cleo']);
  });

  it('a path written in SurrealQL, where it has to be', async () => {
    const ann = em.traverse<Reader>(reader('ann'));
    const known = ann.path(Reader, surql`.{1..2+collect}->knows[WHERE since > ${2002}]->reader`);
    const [wanted] = await em.query<[RecordId[]]>(
      surql`RETURN array::distinct(array::flatten(${reader('ann')}.{1..2+collect}->knows[WHERE since > 2002]->reader))`,
    );
    expect((await known.ids()).map(({ key }) => key).sort()).toEqual(wanted.map(({ key }) => key).sort());
    expect(wanted.length).toBeGreaterThan(1);
    test.clear();
    expect(names(await known.list({ fetch: { home: true } }))).toEqual(
      wanted.map(({ key }) => nameOf(String(key))).sort(),
    );
    expect(test.sent()).toHaveLength(1);
    // Links and optional parts; what is no record of the target is left out.
    const home = await ann
      .out(Knows)
      .to(Reader)
      .path(City, surql`.?.home`)
      .list();
    const homes = outOf(['ann']).map((key) => READERS.find((each) => each.key === key)?.home);
    expect(home.map(({ id }) => id.key).sort()).toEqual(
      [...new Set(homes.filter((each) => each !== undefined))].sort(),
    );
    expect(() => ann.path(Book, surql`->?->?`).out()).toThrow(/No kind/);
    expect(await ann.path(Book, surql`->?->?`, { rank: { $lt: 0 } }).count()).toBe(0);
    expect((await ann.path(Book, surql`->?->?`).ids()).map(({ key }) => key).sort()).toEqual([1, 2]);
    expect(
      names(
        await ann
          .path(Reader, surql`->knows->reader`, { name: 'Cleo' })
          .out(Knows)
          .to(Reader)
          .list(),
      ),
    ).toEqual(outOf(['cleo']).map(nameOf).sort());
    await expect(ann.path(Reader, surql`->knows->reader`).paths()).rejects.toThrow(/path/);
    expect(() => ann.path(Reader, '->knows->reader' as never)).toThrow(/SurrealQL/);
  });

  it('the paths as one tree', async () => {
    const tree = await em.traverse<Reader>(reader('ann')).out(Knows).to(Reader).repeat(1, 2).tree();
    expect(tree?.node).toBe(await em.findOne(Reader, 'ann'));
    type Node = NonNullable<typeof tree>;
    const shape = ({ node, next }: Node): unknown => [node.id.key, ...next.map(shape).sort()];
    expect(shape(tree as Node)).toEqual(['ann', ['bob', ['cleo']], ['cleo', ['dan'], ['eve']]]);
    expect((await em.traverse<Reader>(reader('eve')).out(Knows).to(Reader).tree())?.next).toEqual([]);
    expect(await em.traverse<Reader>(reader('nobody')).out(Knows).to(Reader).tree()).toBeNull();
  });

  it('the edges themselves, with their data', async () => {
    const edges = await em.traverse(reader('ann')).out(Knows).list();
    expect(edges.map(({ id, since }) => [id.key, since]).sort()).toEqual([
      ['ab', 2001],
      ['ab2', 2009],
      ['ac', 2005],
    ]);
    expect(edges.every((edge) => edge instanceof Knows && edge.in.id.equals(reader('ann')))).toBe(true);
    expect((await em.traverse(reader('ann')).both(Knows).list()).map(({ id }) => id.key).sort()).toEqual([
      'ab',
      'ab2',
      'ac',
      'da',
    ]);
    expect((await em.traverse(reader('ann')).out(Read, { mood: 'sad' }).list()).map(({ stars }) => stars)).toEqual([5]);
  });

  it('conditions on the edge and on the record, computed fields and relations included', async () => {
    const ann = em.traverse(reader('ann'));
    expect(
      names(
        await ann
          .out(Knows, { since: { $gt: 2004 } })
          .to(Reader)
          .list(),
      ),
    ).toEqual(['Bob', 'Cleo']);
    expect(
      names(
        await ann
          .out(Knows, { since: { $gt: 2009 } })
          .to(Reader)
          .list(),
      ),
    ).toEqual([]);
    expect(
      names(
        await ann
          .out(Knows)
          .to(Reader, { age: { $gte: 18 } })
          .list(),
      ),
    ).toEqual(['Cleo']);
    expect(names(await ann.out(Knows).to(Reader, { adult: true }).list())).toEqual(['Cleo']);
    expect(names(await ann.out(Knows).to(Reader, { adult: false }).list())).toEqual(['Bob']);
    expect(names(await ann.out(Knows, { since: 2009 }).to(Reader, { adult: true }).list())).toEqual([]);
    expect(
      names(
        await ann
          .out(Knows)
          .to(Reader, { home: { name: 'Rome' } })
          .list(),
      ),
    ).toEqual(['Cleo']);
    expect(
      names(
        await ann
          .out(Knows)
          .to(Reader, { $or: [{ name: 'Bob' }, { home: 'rome' }] })
          .list(),
      ),
    ).toEqual(['Bob', 'Cleo']);
    expect(
      names(
        await ann
          .out(Knows)
          .to(Reader, { $not: { name: 'Bob' } })
          .list(),
      ),
    ).toEqual(['Cleo']);
    expect(names(await ann.out(Knows).to(Reader, 'bob').list())).toEqual(['Bob']);
    expect(
      names(
        await ann
          .out(Knows)
          .to(Reader, { id: { $in: ['bob', 'dan'] } })
          .list(),
      ),
    ).toEqual(['Bob']);
    expect(
      names(
        await ann
          .out(Knows)
          .to(Reader, surql`age > ${20}`)
          .list(),
      ),
    ).toEqual(['Cleo']);
    expect(
      names(
        await ann
          .out(Knows)
          .to(Reader, { knows: { name: 'Eve' } })
          .list(),
      ),
    ).toEqual(['Cleo']);
    expect(
      names(
        await ann
          .out(Knows)
          .to(Reader, { books: { $exists: true } })
          .list(),
      ),
    ).toEqual(['Bob', 'Cleo']);
    expect(
      names(
        await ann
          .out(Knows, { out: { age: { $lt: 18 } } })
          .to(Reader)
          .list(),
      ),
    ).toEqual(['Bob']);
    expect(names(await ann.out(Knows, { out: 'cleo' }).to(Reader).list())).toEqual(['Cleo']);
    expect(
      (
        await em
          .traverse(reader('ann'))
          .out(Read)
          .to(Book, { reviews: { stars: 4, hidden: true } })
          .list()
      ).map(({ id }) => id.key),
    ).toEqual([
      ...new Set(
        REVIEWS.filter(({ stars, hidden, book }) => stars === 4 && hidden && [1, 2].includes(book)).map(
          ({ book }) => book,
        ),
      ),
    ]);
  });

  it('two and three hops with conditions at each', async () => {
    const start = em.traverse(reader('ann'));
    const second = outOf(outOf(['ann']));
    expect(names(await start.out(Knows).to(Reader).out(Knows).to(Reader).list())).toEqual(second.map(nameOf).sort());
    const grown = outOf(outOf(['ann']).filter((key) => key === 'cleo'));
    expect(names(await start.out(Knows).to(Reader, { adult: true }).out(Knows).to(Reader).list())).toEqual(
      grown.map(nameOf).sort(),
    );
    const late = outOf(
      outOf(['ann'], ({ since }) => since > 2004),
      ({ since }) => since > 2015,
    );
    expect(
      names(
        await start
          .out(Knows, { since: { $gt: 2004 } })
          .to(Reader)
          .out(Knows, { since: { $gt: 2015 } })
          .to(Reader)
          .list(),
      ),
    ).toEqual(late.map(nameOf).sort());
    const third = outOf(second);
    expect(names(await start.out(Knows).to(Reader).out(Knows).to(Reader).out(Knows).to(Reader).list())).toEqual(
      third.map(nameOf).sort(),
    );
    // Over another edge and back: who has read what I have read.
    expect(names(await start.out(Read).to(Book).in(Read).to(Reader).list())).toEqual(['Ann', 'Bob', 'Dan']);
    expect(
      names(
        await start
          .out(Read, { stars: 5 })
          .to(Book)
          .in(Read, { stars: { $lt: 5 } })
          .to(Reader)
          .list(),
      ),
    ).toEqual(['Dan']);
    const books = await start.both(Knows).to(Reader).out(Read).to(Book).list();
    expect(books.map(({ id }) => id.key).sort()).toEqual(
      [...new Set(READ.filter((edge) => ['bob', 'cleo', 'dan'].includes(edge.in)).map(({ out }) => out))].sort(),
    );
    expect(
      names(
        await start
          .both(Knows)
          .to(Reader)
          .both(Knows)
          .to(Reader, { name: { $ne: 'Ann' } })
          .list(),
      ),
    ).toEqual(['Bob', 'Cleo', 'Dan', 'Eve']);
  });

  it('ids and counts read no records', async () => {
    const walk = em.traverse(reader('ann')).out(Knows).to(Reader);
    expect((await walk.ids()).map(String).sort()).toEqual(['reader:bob', 'reader:cleo']);
    expect(await walk.count()).toBe(2);
    expect(await em.traverse(reader('ann')).out(Knows).count()).toBe(3);
    test.clear();
    expect(await em.findOne(Reader, 'bob')).toMatchObject({ name: 'Bob' });
    expect(test.sent()).toHaveLength(1);
  });

  it('a start that does not exist leads nowhere', async () => {
    const walk = em.traverse(reader('nobody')).out(Knows).to(Reader);
    expect(await walk.list()).toEqual([]);
    expect(await walk.ids()).toEqual([]);
    expect(await walk.count()).toBe(0);
    expect(await em.traverse(reader('eve')).out(Knows).to(Reader).out(Knows).to(Reader).list()).toEqual([]);
  });

  it('entities are the managed ones, from an entity or its reference', async () => {
    const [ann, cleo] = await Promise.all([em.findOneOrFail(Reader, 'ann'), em.findOneOrFail(Reader, 'cleo')]);
    const found = await em.traverse(ann).out(Knows).to(Reader).list();
    expect(found.find(({ id }) => id.key === 'cleo')).toBe(cleo);
    expect((await em.traverse(em.getReference(Reader, 'dan')).out(Knows).to(Reader).list())[0]).toBe(ann);
    expect(found.every((each) => each instanceof Reader)).toBe(true);
    test.clear();
    await em.findOneOrFail(Reader, 'bob');
    expect(test.sent()).toEqual([]);
  });

  it('a walk is immutable: its steps branch', async () => {
    const known = em.traverse(reader('ann')).out(Knows).to(Reader);
    const [grown, all] = await Promise.all([known.out(Knows).to(Reader, { adult: true }).list(), known.list()]);
    expect(names(all)).toEqual(['Bob', 'Cleo']);
    expect(names(grown)).toEqual(['Cleo', 'Dan']);
  });

  it('list takes the options of a find', async () => {
    const walk = em.traverse(reader('ann')).out(Knows).to(Reader);
    const sorted = await walk.list({
      orderBy: { age: 'desc' },
      fetch: { home: true, reviews: { limit: 1, orderBy: { stars: 'desc' } } },
    });
    expect(sorted.map(({ name }) => name)).toEqual(['Cleo', 'Bob']);
    expect(sorted.map(({ home }) => home?.get().name)).toEqual(['Rome', 'Oslo']);
    expect(sorted[0]?.reviews.get()).toHaveLength(1);
    expect((await walk.list({ orderBy: { name: 'asc' }, limit: 1, offset: 1 })).map(({ name }) => name)).toEqual([
      'Cleo',
    ]);
    const [plain] = await walk.list({ managed: false, orderBy: { name: 'asc' } });
    expect(plain?.name).toBe('Bob');
    expect(plain).not.toBe(sorted[1]);
    const [partial] = await test.orm.em
      .fork()
      .traverse(reader('ann'))
      .out(Knows)
      .to(Reader)
      .list({ select: ['name'], orderBy: { name: 'asc' } });
    expect(Object.keys(partial as object)).not.toContain('age');
  });

  it('hostile keys are data', async () => {
    const key = 'x`⟩\\ OR true; DELETE reader; --\n\'"';
    await test.orm.driver.query('CREATE $id SET name = "X", age = 1', { id: reader(key) });
    await test.orm.driver.query('RELATE $a->knows->$b SET since = 1', { a: reader(key), b: reader('ann') });
    expect(names(await em.traverse(reader(key)).out(Knows).to(Reader).list())).toEqual(['Ann']);
    expect(
      (
        await em
          .traverse(reader('ann'))
          .in(Knows, { in: reader(key) })
          .to(Reader)
          .ids()
      ).map((id) => id.key),
    ).toEqual([key]);
    await test.orm.driver.query('DELETE $id', { id: reader(key) });
    expect(await em.count(Reader)).toBe(READERS.length);
  });

  it('the many sides of an entity: find, count, contains, ids', async () => {
    const ann = await em.findOneOrFail(Reader, 'ann');
    const rome = (await em.find(City, { name: 'Rome' }))[0] as City;
    test.clear();
    expect(names(await ann.knows.find())).toEqual(['Bob', 'Cleo']);
    expect(names(await ann.knows.find({ adult: true }))).toEqual(['Cleo']);
    expect(names(await ann.knows.find({ home: rome }))).toEqual(['Cleo']);
    expect((await ann.knows.find({}, { orderBy: { age: 'desc' }, limit: 1 })).map(({ name }) => name)).toEqual([
      'Cleo',
    ]);
    expect(
      (await ann.knows.find({}, { fetch: { home: true }, orderBy: { name: 'asc' } })).map(
        ({ home }) => home?.get().name,
      ),
    ).toEqual(['Oslo', 'Rome']);
    expect(await ann.knows.count()).toBe(2);
    expect(await ann.friends.count()).toBe(3);
    expect(ann.knows.isLoaded).toBe(false);
    expect(test.sent()).toHaveLength(7);
    expect(await ann.knows.contains('bob')).toBe(true);
    expect(await ann.knows.contains(reader('dan'))).toBe(false);
    expect(ann.knows.ids.map(({ key }) => key).sort()).toEqual(['bob', 'cleo']);
    const detached = await ann.knows.find({ name: 'Bob' }, { managed: false });
    expect(detached[0]).not.toBe(await em.findOne(Reader, 'bob'));
    expect((await ann.reviews.find({ hidden: true })).every((review) => review instanceof Review)).toBe(true);
    await expect(ann.knows.find({ nmae: 'x' } as never)).rejects.toThrow(/Did you mean "name"/);
    await expect(ann.knows.find({}, { limits: 1 } as never)).rejects.toThrow(/Did you mean "limit"/);
  });
});
