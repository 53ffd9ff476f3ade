import { EntityNotFoundError, RecordId, TimeoutError, Uuid, surql, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import {
  Book,
  ByAny,
  ByInt,
  ByList,
  ByObject,
  ByText,
  ByUlid,
  ByUuid,
  Draft,
  Reader,
  WORKS,
  readingEntities,
  seedReading,
  type Work,
  type WorkRow,
} from '../support/reading-entities.js';
import { by, down, keys, ORDERS, press, sorted } from '../support/reading-orders.js';

describe.each(backends)('finding on $name', (backend) => {
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

  describe('order', () => {
    it.each(ORDERS)('%s', async (title, orderBy, orders) => {
      for (const entity of [Book, Draft]) {
        const place = title === 'distance' ? { place: { $exists: true } } : {};
        const rows = WORKS.filter(({ lon }) => title !== 'distance' || lon !== undefined);
        const wanted = sorted(rows, orders);
        expect(keys(await em.find<Work>(entity, place, { orderBy }))).toEqual(wanted);
        expect(keys(await em.find<Work>(entity, place, { orderBy, limit: 7 }))).toEqual(wanted.slice(0, 7));
        expect(keys(await em.find<Work>(entity, place, { orderBy, limit: 7, offset: 5 }))).toEqual(wanted.slice(5, 12));
        const some = sorted(
          rows.filter((row) => row.rank > 5 && row.lent),
          orders,
        );
        expect(
          keys(await em.find<Work>(entity, { ...place, rank: { $gt: 5 }, lent: true }, { orderBy, limit: 4 })),
        ).toEqual(some.slice(0, 4));
        const ids = sorted(
          rows.filter((row) => row.key % 3 === 0),
          orders,
        );
        expect(keys(await em.find<Work>(entity, { ...place, id: { $in: ids } }, { orderBy, offset: 2 }))).toEqual(
          ids.slice(2),
        );
      }
    });

    it('ties go by id, so that pages neither repeat nor lose a row', async () => {
      const pages: unknown[] = [];
      for (let offset = 0; offset < WORKS.length; offset += 5) {
        pages.push(...keys(await em.find(Book, {}, { orderBy: { lent: 'asc' }, limit: 5, offset })));
      }
      expect(pages).toEqual(sorted(WORKS, [by((row) => row.lent)]));
    });
  });

  describe('limit and offset', () => {
    it('without an order go by id', async () => {
      expect(keys(await em.find(Book, {}, { limit: 3 }))).toEqual([0, 1, 2]);
      expect(keys(await em.find(Book, {}, { limit: 3, offset: 45 }))).toEqual([45, 46, 47]);
      expect(keys(await em.find(Book, {}, { offset: 46 }))).toEqual([46, 47]);
      expect(await em.find(Book, {}, { limit: 3, offset: 99 })).toEqual([]);
      expect(await em.find(Book, {}, { limit: 0 })).toEqual([]);
    });

    it('count what an index serves and what it does not', async () => {
      const wanted = WORKS.filter((row) => row.rank === 7 && row.subtitle === 'sub 1').map(({ key }) => key);
      expect(wanted.length).toBeGreaterThan(0);
      for (const [at, key] of wanted.entries())
        expect(keys(await em.find(Book, { rank: 7, subtitle: 'sub 1' }, { limit: 1, offset: at }))).toEqual([key]);
    });
  });

  describe('one', () => {
    it('findOne: the first, or null', async () => {
      expect((await em.findOne(Book, { rank: 7 }))?.id.key).toBe(WORKS.find(({ rank }) => rank === 7)?.key);
      expect((await em.findOne(Book, { rank: 7 }, { orderBy: { id: 'desc' } }))?.id.key).toBe(
        WORKS.filter(({ rank }) => rank === 7).at(-1)?.key,
      );
      expect((await em.findOne(Book, {}, { orderBy: { rank: 'asc' }, offset: 1 }))?.id.key).toBe(
        sorted(WORKS, [by((row) => row.rank)])[1],
      );
      expect(await em.findOne(Book, { rank: 99 })).toBeNull();
      expect(await em.findOne(Book, 999)).toBeNull();
      expect((await em.findOne(Book, surql`rank = 7`))?.rank).toBe(7);
    });

    it('findOneOrFail: an error that names what was asked', async () => {
      expect((await em.findOneOrFail(Book, 7)).id.key).toBe(7);
      const error = await em.findOneOrFail(Book, { rank: 99 }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(EntityNotFoundError);
      expect(error).toMatchObject({ entity: 'Book' });
      await expect(em.findOneOrFail(Book, new RecordId('book', 999))).rejects.toThrow('book:999');
    });

    it('by key, text, record id, entity and { id }', async () => {
      const seven = await em.findOneOrFail(Book, 7);
      for (const where of [
        '7',
        'book:7',
        7n,
        new RecordId('book', 7),
        seven,
        { id: 7 },
        { id: seven.id },
        { id: { $eq: 7 } },
      ] as const)
        expect(await em.findOne(Book, where as never)).toBe(seven);
    });
  });

  it('findByIds keeps the order, gaps are null, doubles are one object', async () => {
    const found = await em.findByIds(Book, [9, 'book:2', 999, new RecordId('book', 5), 9]);
    expect(found.map((book) => book?.id.key)).toEqual([9, 2, undefined, 5, 9]);
    expect(found[2]).toBeNull();
    expect(found[0]).toBe(found[4]);
    expect(test.sent()).toHaveLength(1);
    expect(await em.findByIds(Book, [])).toEqual([]);
  });

  it('findAndCount: a page and how many there are', async () => {
    const all = WORKS.filter(({ lent }) => lent);
    const [rows, total] = await em.findAndCount(Book, { lent: true }, { orderBy: { id: 'asc' }, limit: 3, offset: 1 });
    expect(keys(rows)).toEqual(all.slice(1, 4).map(({ key }) => key));
    expect(total).toBe(all.length);
    expect(await em.findAndCount(Book, { rank: 99 })).toEqual([[], 0]);
    const [everything, count] = await em.findAndCount(Book);
    expect([everything.length, count]).toEqual([WORKS.length, WORKS.length]);
  });

  it('count and exists', async () => {
    expect(await em.count(Book)).toBe(WORKS.length);
    expect(await em.count(Book, {})).toBe(WORKS.length);
    expect(await em.count(Book, { id: { $in: [1, 2, 999] } })).toBe(2);
    expect(await em.count(Book, { $or: [] })).toBe(0);
    expect(await em.exists(Book)).toBe(true);
    expect(await em.exists(Book, 7)).toBe(true);
    expect(await em.exists(Book, 999)).toBe(false);
    expect(await em.count(Book, 7)).toBe(1);
  });

  it('what can match nothing is not sent', async () => {
    expect(await em.find(Book, { $or: [] })).toEqual([]);
    expect(await em.find(Book, { rank: { $in: [] } })).toEqual([]);
    expect(await em.findOne(Book, { $or: [] })).toBeNull();
    expect(await em.find(Book, { id: { $in: [] } })).toEqual([]);
    expect(test.sent()).toEqual([]);
  });

  describe('partial', () => {
    it('select brings the named properties and the id', async () => {
      const [book] = await em.find(Book, 7, { select: ['title', 'code', 'size', 'twice', 'press'] });
      const row = WORKS[7] as WorkRow;
      expect(book).toBeInstanceOf(Book);
      expect(book).toMatchObject({ title: row.title, code: row.code, twice: row.rank * 2, size: { pages: row.pages } });
      expect(Object.keys(book as Book)).not.toEqual(expect.arrayContaining(['rank']));
      expect('rank' in (book as Book)).toBe(false);
      expect('createdAt' in (book as Book)).toBe(false);
      expect(test.sent()[0]).not.toContain('SELECT *,');
    });

    it('omit leaves the named ones out', async () => {
      const [book] = await em.find(Book, 7, { omit: ['title', 'words'] });
      expect('title' in (book as Book)).toBe(false);
      expect('words' in (book as Book)).toBe(false);
      expect(book?.rank).toBe(WORKS[7]?.rank);
      const [less] = await test.orm.em.fork().find(Book, 7, { select: ['title', 'rank'], omit: ['title'] });
      expect('title' in (less as Book)).toBe(false);
      expect(less?.rank).toBe(WORKS[7]?.rank);
    });

    it('select of nothing is the id alone', async () => {
      const [book] = await em.find(Book, 7, { select: [] });
      expect(book?.id.key).toBe(7);
      expect('title' in (book as Book)).toBe(false);
    });

    it('what is missing is completed by a later read, and what is there stays', async () => {
      const [partial] = await em.find(Reader, 'ann', { select: ['name'] });
      if (partial === undefined) throw new Error('ann is missing');
      partial.name = 'Anna';
      const whole = await em.findOneOrFail(Reader, 'ann');
      expect(whole).toBe(partial);
      expect(whole).toMatchObject({ name: 'Anna', age: 42, adult: true });
      expect(whole.home?.id.key).toBe('rome');
      test.clear();
      await em.findOneOrFail(Reader, 'ann');
      expect(test.sent()).toEqual([]);
      partial.name = 'Ann';
    });

    it('order and conditions may use what is not selected', async () => {
      const found = await em.find(
        Book,
        { lent: true },
        { select: ['title'], orderBy: { press: { name: 'desc' }, rank: 'asc' }, limit: 5 },
      );
      const wanted = sorted(
        WORKS.filter(({ lent }) => lent),
        [down(by((row) => press(row)?.name)), by((row) => row.rank)],
      );
      expect(keys(found)).toEqual(wanted.slice(0, 5));
      expect(found.every((book) => !('rank' in book))).toBe(true);
    });

    it('a flush writes the changed field of a partial entity alone', async () => {
      const [partial] = await em.find(Reader, 'bob', { select: ['age'] });
      if (partial === undefined) throw new Error('bob is missing');
      partial.age = 18;
      await em.flush();
      expect(await test.orm.em.fork().findOneOrFail(Reader, 'bob')).toMatchObject({
        name: 'Bob',
        age: 18,
        adult: true,
      });
      partial.age = 17;
      await em.flush();
    });
  });

  describe('keys of every kind', () => {
    const uuid = '018a6680-bef9-701b-9025-000000000001';
    const ulid = '01H8ECYZ0R0000000000000000';
    const hostile = 'x`⟩\\ "\' ; DELETE by_text\n𝄞';
    const KEYS: readonly (readonly [
      string,
      abstract new () => { readonly id: RecordId; n: number },
      unknown,
      readonly unknown[],
    ])[] = [
      ['text', ByText, 'abc', ['abc', 'by_text:abc', new RecordId('by_text', 'abc')]],
      ['text like a number', ByText, '42', ['42', 'by_text:42', new RecordId('by_text', '42')]],
      ['text like a uuid', ByText, uuid, [uuid]],
      ['text with a colon', ByText, 'a:b', ['a:b', new RecordId('by_text', 'a:b')]],
      [
        'hostile text',
        ByText,
        hostile,
        [hostile, new RecordId('by_text', hostile), String(new RecordId('by_text', hostile))],
      ],
      ['an int', ByInt, 42, [42, '42', 42n, 'by_int:42', new RecordId('by_int', 42)]],
      ['a negative int', ByInt, -7, [-7, '-7']],
      [
        'an int beyond 2^53',
        ByInt,
        9_007_199_254_740_993n,
        [9_007_199_254_740_993n, '9007199254740993', new RecordId('by_int', 9_007_199_254_740_993n)],
      ],
      [
        'a uuid',
        ByUuid,
        Uuid.parse(uuid),
        [uuid, Uuid.parse(uuid), `by_uuid:${uuid}`, new RecordId('by_uuid', Uuid.parse(uuid))],
      ],
      ['a ulid', ByUlid, ulid, [ulid, `by_ulid:${ulid}`]],
      ['a list', ByList, ['x', 1], [['x', 1], new RecordId('by_list', ['x', 1]), "by_list:['x', 1]"]],
      ['an object', ByObject, { a: 1, b: 'x' }, [new RecordId('by_object', { a: 1, b: 'x' })]],
      ['anything: a number', ByAny, 7, [7, new RecordId('by_any', 7)]],
      ['anything: text like a number', ByAny, '7', ['7']],
      ['anything: a list', ByAny, [1, 'x', [2]], [[1, 'x', [2]]]],
    ];

    it.each(KEYS)('%s', async (_title, entity, key, forms) => {
      const table = test.orm.metadata.get(entity).table;
      await test.orm.driver.query('CREATE $id SET n = 1; CREATE $other SET n = 2', {
        id: new RecordId(table, key as string),
        other: new RecordId(table, otherKey(key)),
      });
      const one = await em.findOneOrFail(
        entity,
        key instanceof Object && !Array.isArray(key) && !Uuid.is(key)
          ? (new RecordId(table, key as never) as never)
          : (key as never),
      );
      expect(one.n).toBe(1);
      expect(one.id.equals(new RecordId(table, key as string))).toBe(true);
      for (const form of forms) {
        const fork = test.orm.em.fork();
        expect((await fork.findOneOrFail(entity, form as never)).id.equals(one.id)).toBe(true);
        expect(await em.findOne(entity, form as never)).toBe(one);
        expect((await fork.find(entity, form as never)).map(({ n }) => n)).toEqual([1]);
        expect((await fork.findByIds(entity, [form as never])).map((found) => found?.n)).toEqual([1]);
        expect(await fork.count(entity, { id: form } as never)).toBe(1);
        expect((await fork.find(entity, { id: { $in: [form] } } as never)).map(({ n }) => n)).toEqual([1]);
        expect((await fork.find(entity, { id: { $ne: form } } as never)).map(({ n }) => n)).toEqual([2]);
      }
      expect(await em.findOne(entity, em.id(entity, key as never) as never)).toBe(one);
      await test.orm.driver.query('DELETE $all', { all: [one.id, new RecordId(table, otherKey(key))] });
      em.clear();
    });
  });

  describe('limits of time', () => {
    const waiting = surql`{ SLEEP 400ms; RETURN true }`;

    it('timeout: a TimeoutError, and the EntityManager goes on', async () => {
      const failing = em.find(Reader, waiting, { timeout: 50 });
      await expect(failing).rejects.toBeInstanceOf(TimeoutError);
      expect(await em.count(Reader)).toBe(5);
    });

    it('signal: what the caller aborts is rejected with the reason', async () => {
      const controller = new AbortController();
      const failing = em.find(Reader, waiting, { signal: controller.signal });
      setTimeout(() => controller.abort(new Error('enough')), 30);
      await expect(failing).rejects.toThrow('enough');
      await expect(em.find(Reader, {}, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
      expect((await em.find(Reader, {}, { signal: new AbortController().signal })).length).toBe(5);
    });
  });

  it('indexes can be named or kept out', async () => {
    await em.find(Book, { rank: 7 }, { noIndex: true });
    await em.find(Book, { rank: 7 }, { useIndex: 'book_rank' });
    expect(test.sent()[0]).toContain('WITH NOINDEX');
    expect(test.sent()[1]).toContain('WITH INDEX book_rank');
  });
});

function otherKey(key: unknown): never {
  if (typeof key === 'string') return (/^[\dA-Z]{26}$/.test(key) ? key.replace(/.$/, '1') : `${key}x`) as never;
  if (typeof key === 'number') return (key + 1) as never;
  if (typeof key === 'bigint') return (key + 1n) as never;
  if (Uuid.is(key)) return Uuid.parse('018a6680-bef9-701b-9025-000000000002') as never;
  if (Array.isArray(key)) return [...(key as unknown[]).slice(0, 1), 2, ...(key as unknown[]).slice(2)] as never;
  return { a: 2, b: 'x' } as never;
}
