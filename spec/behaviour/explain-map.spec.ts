import { surql, ValidationError, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import { Book, Press, Reader, readingEntities, seedReading } from '../support/reading-entities.js';

describe.each(backends)('on $name', (backend) => {
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

  describe('explain', () => {
    it('names the indexes, and says whether the table is read whole', async () => {
      const byIndex = await em.explain(Book, { title: 'Dune' });
      expect(byIndex.indexesUsed).toHaveLength(1);
      expect(byIndex.fullScan).toBe(false);
      expect(byIndex.tree).toMatch(/^\S/);
      expect(byIndex.tree).toMatch(new RegExp(`\\n +IndexScan {2}.*${byIndex.indexesUsed[0]}`));
      const scan = await em.explain(Book, { title: { $icontains: 'dune' } });
      expect([scan.indexesUsed, scan.fullScan]).toEqual([[], true]);
      const byId = await em.explain(Book, 3);
      expect([byId.indexesUsed, byId.fullScan]).toEqual([[], false]);
      expect(test.sent().every((text) => text.endsWith('EXPLAIN'))).toBe(true);
    });

    it('obeys the options of the find that it explains', async () => {
      expect((await em.explain(Book, { title: 'Dune' }, { noIndex: true })).fullScan).toBe(true);
      const sorted = await em.explain(
        Book,
        { rank: 3 },
        { orderBy: { title: 'asc' }, limit: 3, fetch: { press: true } },
      );
      expect(sorted.tree).toMatch(/Sort/);
      await expect(em.explain(Book, {}, { lmit: 3 } as object)).rejects.toThrow(/limit/);
    });

    it('with full the find is run, and measured', async () => {
      const { tree, raw } = await em.explain(Book, { rank: 3 }, { full: true });
      expect(tree).toMatch(/\(\d+ rows?, \d+\.\d\d ms\)/);
      expect(raw).toBeDefined();
    });
  });

  describe('map', () => {
    const rowsOf = async (text: ReturnType<typeof surql>): Promise<object[]> => {
      const [rows] = await em.query<[object[]]>(text);
      test.clear();
      return rows;
    };

    it('makes a managed entity of a row, whose changes are flushed', async () => {
      const own = await openOrm(backend, { entities: readingEntities });
      await seedReading(own);
      const fork = own.orm.em.fork();
      const [[row]] = await fork.query<[[object]]>(surql`SELECT * FROM ${Press} WHERE name = ${'Alpha'}`);
      const press = fork.map(Press, row);
      expect(press).toBeInstanceOf(Press);
      expect(press.name).toBe('Alpha');
      own.clear();
      expect(await fork.findOne(Press, 'p0')).toBe(press);
      press.name = 'Omega';
      await fork.flush();
      expect((await own.orm.em.fork().findOneOrFail(Press, 'p0')).name).toBe('Omega');
      own.clear();
      await fork.flush();
      expect(own.sent()).toEqual([]);
      await own.close();
    });

    it('gives the entity that is here already, whose values stay', async () => {
      const press = await em.findOneOrFail(Press, 'p1');
      const [row] = await rowsOf(surql`SELECT id, 'other' AS name FROM press:p1`);
      expect(em.map(Press, row)).toBe(press);
      expect(press.name).toBe('Beta');
    });

    it('takes only what the row has as read', async () => {
      const [row] = await rowsOf(surql`SELECT id, title FROM book:3`);
      const book = em.map(Book, row);
      expect(Object.keys(book)).not.toContain('rank');
      expect(book.title).toBe('Dune');
      await em.flush();
      expect(test.sent()).toEqual([]);
      expect(await em.findOne(Book, 3)).toBe(book);
      expect(book.rank).toBe(8);
      expect(test.sent()).toHaveLength(1);
    });

    it('a link that the query fetched is loaded, with one entity for each record', async () => {
      const rows = await rowsOf(surql`SELECT * FROM ${Book} WHERE press = press:p1 LIMIT 2 FETCH press`);
      const [first, second] = rows.map((row) => em.map(Book, row));
      if (first?.press?.isLoaded !== true) throw new Error('not loaded');
      expect(first.press.get().name).toBe('Beta');
      expect(first.press.get()).toBe(await em.findOne(Press, 'p1'));
      expect(second?.press?.isLoaded).toBe(true);
    });

    it('refuses what has no id, or another table’s', async () => {
      expect(() => em.map(Book, { title: 'x' })).toThrow(ValidationError);
      expect(() => em.map(Book, undefined)).toThrow(/no row of Book/);
      const [row] = await rowsOf(surql`SELECT * FROM ${Reader} LIMIT 1`);
      expect(() => em.map(Book, row)).toThrow(/reader/);
    });
  });
});
