import { field, fn, QueryError, RecordId, surql, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import { Book, READERS, Reader, readingEntities, seedReading } from '../support/reading-entities.js';

type ReaderRow = { readonly id: RecordId; readonly name: string; readonly age: number };

describe.each(backends)('em.query on $name', (backend) => {
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

  it('an entity class is its table, values are bound', async () => {
    const [rows] = await em.query<[ReaderRow[]]>(surql`SELECT * FROM ${Reader} WHERE age > ${18} ORDER BY name`);
    expect(rows.map(({ name }) => name)).toEqual(
      READERS.filter(({ age }) => age > 18)
        .map(({ name }) => name)
        .sort(),
    );
    expect(test.sent()).toHaveLength(1);
    expect(test.sent()[0]).toMatch(/FROM reader WHERE age > \$p1/);
  });

  it('one result a statement, a fragment within a fragment, a name by surql.id', async () => {
    const grown = surql`age >= ${18}`;
    const [count, names, none] = await em.query<[number, string[], null]>(
      surql`RETURN count(SELECT VALUE id FROM ${Reader} WHERE ${grown}); SELECT VALUE ${surql.id('name')} FROM ${Reader} WHERE ${grown} AND name != ${'Ann'}; RETURN NULL`,
    );
    expect(count).toBe(3);
    expect([...names].sort()).toEqual(['Cleo', 'Dan']);
    expect(none).toBeNull();
  });

  it('record ids, lists and objects are bound as they are', async () => {
    const [ids, member, object] = await em.query<[RecordId[], boolean, { a: number[] }]>(
      surql`SELECT VALUE id FROM ${[new RecordId('reader', 'ann'), new RecordId('reader', 'bob')]}; RETURN ${'x'} IN ${['x', 'y']}; RETURN ${{ a: [1, 2] }}`,
    );
    expect(ids.map(({ key }) => key)).toEqual(['ann', 'bob']);
    expect(member).toBe(true);
    expect(object).toEqual({ a: [1, 2] });
  });

  it('hostile values are data', async () => {
    const hostile = "'; DELETE reader; -- ` ⟩ \\ $p1 \n";
    const [echo, rows] = await em.query<[string, ReaderRow[]]>(
      surql`RETURN ${hostile}; SELECT * FROM ${Reader} WHERE name = ${hostile}`,
    );
    expect(echo).toBe(hostile);
    expect(rows).toEqual([]);
    expect(await em.count(Reader)).toBe(READERS.length);
  });

  it('LET, transactions and RETURN: only statements that answer have a result', async () => {
    const [let1, answer] = await em.query<[unknown, number]>(surql`LET $x = ${20}; RETURN $x + 1`);
    expect([let1 ?? null, answer]).toEqual([null, 21]);
    expect(await em.query(surql`BEGIN; RETURN 1; COMMIT`)).toEqual([1]);
  });

  it('the first real error is thrown, with its statement and its place', async () => {
    const failing = em.query(surql`RETURN 1; RETURN 1 + ${'a'}; RETURN 3`);
    await expect(failing).rejects.toBeInstanceOf(QueryError);
    await expect(failing).rejects.toMatchObject({
      index: 1,
      statement: expect.stringContaining('RETURN 1 +') as string,
    });
    const inside = em.query(surql`BEGIN; CREATE ${Book} SET id = 900; THROW ${'enough'}; COMMIT`);
    await expect(inside).rejects.toThrow(/enough|no such|coerce/i);
    expect(await em.count(Book, 900)).toBe(0);
  });

  it('text that does not parse is one error', async () => {
    await expect(em.query(surql`SELECT FROM WHERE`)).rejects.toBeInstanceOf(QueryError);
  });

  it('rows of a query are plain: nothing is managed by reading them', async () => {
    const [rows] = await em.query<[ReaderRow[]]>(
      surql`SELECT * FROM ${Reader} WHERE id = ${new RecordId('reader', 'ann')}`,
    );
    expect(rows[0]).not.toBeInstanceOf(Reader);
    test.clear();
    await em.findOneOrFail(Reader, 'ann');
    expect(test.sent()).toHaveLength(1);
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('a statement that fails outside a transaction does not hide those before it: the first one is told', async () => {
    const both = em.query(surql`RETURN ${1}; RETURN 1 + ${'a'}; THROW ${'later'}`);
    await expect(both).rejects.toMatchObject({ index: 1 });
    const inside = em.query(surql`BEGIN; CREATE ${Book} SET id = ${901}; LET $x = 1 + ${'b'}; RETURN 1; COMMIT`);
    await expect(inside).rejects.toMatchObject({
      code: 'QUERY',
      what: expect.not.stringContaining('failed transaction') as string,
    });
    expect(await em.count(Book, 901)).toBe(0);
  });

  it('rows become managed entities where asked, one record one object', async () => {
    const [rows, [first]] = await em.query<[ReaderRow[], [ReaderRow]]>(
      surql`SELECT * FROM ${Reader} WHERE ${fn.string.len(field(Reader, 'name'))} = ${3} ORDER BY name;
        SELECT id, name FROM ${Reader} WHERE id = reader:ann`,
    );
    const readers = rows.map((row) => em.map(Reader, row));
    expect(readers.map(({ name }) => name)).toEqual(['Ann', 'Bob', 'Dan', 'Eve']);
    expect(em.map(Reader, first)).toBe(readers[0]);
    test.clear();
    expect(await em.findOne(Reader, 'ann')).toBe(readers[0]);
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('expressions in lists and objects are written out, values around them stay bound', async () => {
    const [list, object] = await em.query<[unknown[], object]>(
      surql`RETURN ${[1, fn.math.sqrt(16), surql`1 + 1`]}; RETURN ${{ n: fn.string.len('abc'), 'a b': "it's" }}`,
    );
    expect(list).toEqual([1, 4, 2]);
    expect(object).toEqual({ n: 3, 'a b': "it's" });
    expect(test.sent()[0]).toMatch(
      /RETURN \[\$p1, math::sqrt\(\$p2\), \(1 \+ 1\)\]|RETURN \[\$p1, math::sqrt\(\$p2\), 1 \+ 1\]/,
    );
  });
});
