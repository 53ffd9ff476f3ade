import { UniqueConstraintError, ValidationError, surql, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { withMadeKeys } from '../support/statements.js';
import { Admires, Author, Book, heard, shelf, tenancy, Tenant, Topic } from '../support/shelf-entities.js';

const SHOWN = { filters: { softDelete: false } } as const;

describe.each(backends)('soft delete on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [...shelf, ...tenancy] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    const setup = test.orm.em.fork();
    await setup.query(surql`DELETE admires; DELETE book; DELETE topic; DELETE author; DELETE tenant`);
    const ann = setup.create(Author, { id: 'ann', name: 'Ann', email: 'ann@x.io' });
    const bob = setup.create(Author, { id: 'bob', name: 'Bob', email: 'bob@x.io' });
    const cat = setup.create(Author, { id: 'cat', name: 'Cat' });
    setup.create(Topic, { id: 'a', label: 'a' });
    setup.create(Topic, { id: 'b', label: 'b' });
    setup.create(Book, { id: 'one', title: 'One', author: ann, topics: ['topic:a', 'topic:b'] });
    setup.create(Book, { id: 'two', title: 'Two', author: ann, topics: ['topic:a'] });
    setup.create(Book, { id: 'three', title: 'Three', author: bob });
    ann.admires.add([bob, cat]);
    await setup.flush();
    em = test.orm.em.fork();
    heard.length = 0;
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  async function stored(id: string): Promise<Record<string, unknown> | undefined> {
    const [table, key] = id.split(':') as [string, string];
    const [rows] = await test.orm.em
      .fork()
      .query<[Record<string, unknown>[]]>(surql`SELECT * FROM type::record(${table}, ${key})`);
    return rows[0];
  }

  async function retire(entity: typeof Author | typeof Book | typeof Topic, id: string): Promise<void> {
    const other = test.orm.em.fork();
    other.remove(await other.findOneOrFail(entity as typeof Book, id));
    await other.flush();
    test.clear();
    heard.length = 0;
  }

  const names = async (where = {}, options = {}): Promise<string[]> =>
    (await em.find(Author, where, { orderBy: { name: 'asc' }, ...options })).map(({ name }) => name);

  it('builders, subqueries and explain skip what was deleted, unless told otherwise', async () => {
    await retire(Book, 'one');
    const titles = async (query: { value(path: 'title'): PromiseLike<(string | null)[]> }) =>
      [...(await query.value('title'))].sort();
    const books = em.select(Book).orderBy({ title: 'asc' });
    expect((await books.list()).map(({ title }) => title)).toEqual(['Three', 'Two']);
    expect(await titles(books)).toEqual(['Three', 'Two']);
    expect(await titles(books.filters({ softDelete: false }))).toEqual(['One', 'Three', 'Two']);
    const authors = em.select(Book).where({ title: 'One' }).value('author');
    expect(await em.find(Author, { id: { $in: authors } })).toEqual([]);
    const shown = em.select(Book).filters({ softDelete: false }).where({ title: 'One' }).value('author');
    expect((await em.find(Author, { id: { $in: shown } })).map(({ name }) => name)).toEqual(['Ann']);
    expect(await em.update(Book).set({ title: 'X' }).all().execute()).toBe(2);
    expect(await em.delete(Book).all().execute()).toBe(2);
    expect(await em.count(Book)).toBe(0);
    expect(await em.count(Book, {}, SHOWN)).toBe(3);
    expect(await em.delete(Book).where({ title: 'X' }).hard().execute()).toBe(0);
    await em.find(Book, {}, { ...SHOWN, refresh: true });
  });

  describe('removing', () => {
    it('keeps the record and says when it was deleted, in one request', async () => {
      const ann = await em.findOneOrFail(Author, 'ann');
      test.clear();
      em.remove(ann);
      await em.flush();
      expect(test.sent()).toHaveLength(1);
      expect(test.sent()[0]).toContain('LET $deleted = time::floor(time::now(), 1ms);');
      expect(test.sent()[0]).toContain('SET deleted_at = $deleted, version += ');
      const row = await stored('author:ann');
      expect(row).toMatchObject({ name: 'Ann', email: 'ann@x.io', version: 2 });
      expect(row?.['deleted_at']).toBeInstanceOf(Date);
      expect(ann.deletedAt).toEqual(row?.['deleted_at']);
      expect(ann.version).toBe(2);
    });

    it('is a removal for hooks, whose changes are written with it', async () => {
      const [ann, bob] = await em.findByIds(Author, ['ann', 'bob']);
      (ann as Author).name = 'Marked';
      em.remove(ann as Author);
      (bob as Author).name = 'Robert';
      await em.flush();
      expect(test.written()).toEqual([
        "UPDATE ONLY author:ann SET name = 'Marked', deletedBy = 'hook', deleted_at = (time::floor(time::now(), 1ms)), version += 1 RETURN AFTER",
        "UPDATE ONLY author:bob SET name = 'Robert', version += 1 RETURN AFTER",
      ]);
      expect(heard.sort()).toEqual(['delete Marked', 'gone Marked', 'update Robert']);
      expect(await stored('author:ann')).toMatchObject({ name: 'Marked', deletedBy: 'hook' });
      expect((await stored('author:bob'))?.['deleted_at']).toBeUndefined();
    });

    it('takes along what was assigned to links since', async () => {
      const [one, bob] = await Promise.all([em.findOneOrFail(Book, 'one'), em.findOneOrFail(Author, 'bob')]);
      test.clear();
      one.author = bob as never;
      one.topics = [em.getReference(Topic, 'b')] as never;
      em.remove(one);
      await em.flush();
      expect(test.written()).toEqual([
        'UPDATE ONLY book:one SET author = author:bob, topics -= [topic:a], deletedAt = (time::floor(time::now(), 1ms)) RETURN AFTER',
      ]);
      const row = await stored('book:one');
      expect([String(row?.['author']), String(row?.['topics'])]).toEqual(['author:bob', 'topic:b']);
      expect(one).toMatchObject({ author: { id: bob.id } });
      expect(row?.['deletedAt']).toEqual(one.deletedAt);
    });

    it('is refused for a stale version, and changes nothing in memory then', async () => {
      const ann = await em.findOneOrFail(Author, 'ann');
      const rival = test.orm.em.fork();
      (await rival.findOneOrFail(Author, 'ann')).name = 'Theirs';
      await rival.flush();
      test.clear();
      em.remove(ann);
      await expect(em.flush()).rejects.toMatchObject({ code: 'OPTIMISTIC_LOCK' });
      expect(test.written()).toEqual([
        'UPDATE ONLY author:ann SET deleted_at = (time::floor(time::now(), 1ms)), version += 1 RETURN AFTER',
      ]);
      expect(await stored('author:ann')).toMatchObject({ name: 'Theirs', version: 2 });
      expect(ann.deletedAt).toBeUndefined();
      await em.refresh(ann).catch(() => undefined);
      em.restore(ann);
      await em.refresh(ann);
      expect(ann.name).toBe('Theirs');
    });

    it('hard deletes the record for good', async () => {
      em.remove(await em.findOneOrFail(Author, 'cat'), { hard: true });
      await em.flush();
      expect(test.written()).toEqual(['DELETE [author:cat] RETURN NONE']);
      expect(await stored('author:cat')).toBeUndefined();
      expect(await em.findOne(Author, 'cat', SHOWN)).toBeNull();
    });

    it('hard deletes what was deleted softly before', async () => {
      await retire(Author, 'cat');
      const cat = await em.findOneOrFail(Author, 'cat', SHOWN);
      const when = cat.deletedAt;
      test.clear();
      em.remove(cat);
      await em.flush();
      expect(test.sent()).toEqual([]);
      expect(cat.deletedAt).toEqual(when);
      em.remove(cat, { hard: true });
      await em.flush();
      expect(test.written()).toEqual(['DELETE [author:cat] RETURN NONE']);
      expect(em.contains(cat)).toBe(false);
      expect(await stored('author:cat')).toBeUndefined();
    });

    it('reaches owned members that can be restored, and spares those that could not', async () => {
      const ann = await em.findOneOrFail(Author, 'ann', { fetch: { books: true } });
      em.remove(ann);
      await em.flush();
      expect(test.written()).toEqual([
        'UPDATE ONLY book:one SET deletedAt = (time::floor(time::now(), 1ms)) RETURN AFTER',
        'UPDATE ONLY book:two SET deletedAt = (time::floor(time::now(), 1ms)) RETURN AFTER',
        'UPDATE ONLY author:ann SET deleted_at = (time::floor(time::now(), 1ms)), version += 1 RETURN AFTER',
      ]);
      expect(ann.deletedAt).toBeInstanceOf(Date);
      expect((await stored('book:one'))?.['deletedAt']).toBeInstanceOf(Date);
      expect(String((await stored('book:one'))?.['author'])).toBe('author:ann');
    });

    it('works on a reference, which is not read for it', async () => {
      em.remove(em.getReference(Author, 'cat'));
      await em.flush();
      expect(test.statements()).toEqual([
        'BEGIN',
        'UPDATE ONLY author:cat SET deleted_at = (time::floor(time::now(), 1ms)), version += 1 RETURN AFTER',
        "IF $o = NONE { THROW 'reverie:gone' }",
        'COMMIT',
      ]);
      expect((await stored('author:cat'))?.['deleted_at']).toBeInstanceOf(Date);
      expect(await em.findOne(Author, 'cat')).toBeNull();
    });

    it('and creating the same id in one flush replaces the record with a live one', async () => {
      em.remove(await em.findOneOrFail(Author, 'ann'));
      const anew = em.create(Author, { id: 'ann', name: 'New Ann' });
      await em.flush();
      expect(test.written()).toEqual([
        "UPDATE ONLY author:ann REPLACE object::extend({ version: author:ann.version + 1 }, { name: 'New Ann' }) RETURN AFTER",
      ]);
      const row = await stored('author:ann');
      expect(row).toMatchObject({ name: 'New Ann' });
      expect(row).not.toHaveProperty('deleted_at');
      expect(anew).toMatchObject({ name: 'New Ann', version: 2 });
    });
  });

  describe('reads leave the deleted out', () => {
    beforeEach(() => retire(Author, 'ann'));

    it('find, findOne, findByIds, count, exists, findAndCount, findPage, stream', async () => {
      expect(await names()).toEqual(['Bob', 'Cat']);
      expect(await names({ email: 'ann@x.io' })).toEqual([]);
      expect(await names({ shout: { $in: ['ANN', 'BOB'] } })).toEqual(['Bob']);
      expect(await em.findOne(Author, { name: 'Ann' })).toBeNull();
      expect(await em.findOne(Author, 'ann')).toBeNull();
      expect((await em.findByIds(Author, ['bob', 'ann'])).map((one) => one?.name)).toEqual(['Bob', undefined]);
      expect(await em.count(Author)).toBe(2);
      expect(await em.exists(Author, { name: 'Ann' })).toBe(false);
      expect((await em.findAndCount(Author))[1]).toBe(2);
      const page = await em.findPage(Author, {}, { first: 5, total: true });
      expect([page.items.length, page.total]).toEqual([2, 2]);
      const streamed: string[] = [];
      for await (const { name } of em.stream(Author)) streamed.push(name);
      expect(streamed.sort()).toEqual(['Bob', 'Cat']);
    });

    it('and show them when they are told to', async () => {
      expect(await names({}, SHOWN)).toEqual(['Ann', 'Bob', 'Cat']);
      expect(await names({ email: 'ann@x.io' }, SHOWN)).toEqual(['Ann']);
      expect(await names({}, { filters: false })).toHaveLength(3);
      expect((await em.findOneOrFail(Author, 'ann', SHOWN)).deletedAt).toBeInstanceOf(Date);
      expect(await em.count(Author, {}, SHOWN)).toBe(3);
      expect(await em.exists(Author, 'ann', SHOWN)).toBe(true);
      expect((await em.findAndCount(Author, {}, SHOWN))[1]).toBe(3);
      const page = await em.findPage(Author, {}, { first: 5, total: true, ...SHOWN });
      expect([page.items.length, page.total]).toEqual([3, 3]);
      expect(await names({ deletedAt: { $exists: true } }, SHOWN)).toEqual(['Ann']);
      const all = test.orm.em.fork(SHOWN);
      expect(await all.count(Author)).toBe(3);
      expect((await all.findOneOrFail(Author, 'ann')).name).toBe('Ann');
      expect(await all.fork().count(Author)).toBe(3);
      expect(await all.fork({ filters: { softDelete: true } }).count(Author)).toBe(2);
    });

    it('a deleted entity that is in hand is found by no id', async () => {
      const ann = await em.findOneOrFail(Author, 'ann', SHOWN);
      expect(await em.findOne(Author, 'ann')).toBeNull();
      expect(await em.findByIds(Author, ['ann'])).toEqual([null]);
      const rival = test.orm.em.fork();
      rival.restore(await rival.findOneOrFail(Author, 'ann', SHOWN));
      await rival.flush();
      expect(await em.findOne(Author, 'ann')).toBe(ann);
      await em.refresh(ann);
      test.clear();
      expect(await em.findOne(Author, 'ann')).toBe(ann);
      expect(test.sent()).toEqual([]);
    });

    it('a link to a deleted one stays unloaded, with its id', async () => {
      const [one] = await em.find(Book, 'one', { fetch: { author: true } });
      expect(one?.author?.isLoaded).toBe(false);
      expect(String(one?.author?.id)).toBe('author:ann');
      await expect(one?.author?.load()).rejects.toMatchObject({ code: 'ENTITY_NOT_FOUND' });
      await em.findOneOrFail(Author, 'ann', SHOWN);
      expect(one?.author?.isLoaded).toBe(false);
      const [shown] = await em.find(Book, 'one', { fetch: { author: true }, ...SHOWN });
      expect(shown?.author?.get().name).toBe('Ann');
    });

    it('conditions through links do not see them', async () => {
      const titles = async (where: object, options = {}) =>
        (await em.find(Book, where, { orderBy: { title: 'asc' }, ...options })).map(({ title }) => title);
      expect(await titles({ author: { name: 'Ann' } })).toEqual([]);
      expect(await titles({ author: { name: 'Ann' } }, SHOWN)).toEqual(['One', 'Two']);
      expect(await titles({ author: { name: { $in: ['Ann', 'Bob'] } } })).toEqual(['Three']);
      expect(await titles({ $not: { author: { name: 'Bob' } } })).toEqual(['One', 'Two']);
      expect(await titles({ author: 'author:ann' })).toEqual(['One', 'Two']);
      expect(await titles({ author: { admirers: { $size: 1 } } })).toEqual([]);
    });
  });

  describe('Links leave the deleted out', () => {
    it('arrays of links', async () => {
      await retire(Topic, 'a');
      const one = await em.findOneOrFail(Book, 'one', { fetch: { topics: { count: true } } });
      expect(one.topics.get().map(({ label }) => label)).toEqual(['b']);
      expect(one.topics.total).toBe(1);
      expect(await one.topics.count()).toBe(1);
      const two = await em.findOneOrFail(Book, 'two');
      expect(await two.topics.count()).toBe(0);
      expect(await two.topics.find()).toEqual([]);
      expect(await two.topics.find({}, SHOWN)).toHaveLength(1);
      expect(await two.topics.load()).toEqual([]);
      expect(await em.find(Book, { topics: { label: 'a' } })).toEqual([]);
      expect(await em.count(Book, { topics: { $size: 1 } })).toBe(1);
      expect(await em.count(Book, { topics: { $contains: 'a' } })).toBe(0);
      expect(await em.count(Book, { topics: { $contains: 'a' } }, SHOWN)).toBe(2);
      expect(await em.count(Book, { topics: { $contains: 'b' } })).toBe(1);
      test.clear();
      one.topics.add('topic:a');
      one.title = 'One!';
      await em.flush();
      expect(test.written()).toEqual(["UPDATE ONLY book:one SET title = 'One!' RETURN AFTER"]);
      expect((await stored('book:one'))?.['topics']).toHaveLength(2);
    });

    it('inverses', async () => {
      await retire(Book, 'one');
      const ann = await em.findOneOrFail(Author, 'ann', { fetch: { books: { count: true } } });
      expect(ann.books.get().map(({ title }) => title)).toEqual(['Two']);
      expect(ann.books.total).toBe(1);
      const other = test.orm.em.fork();
      const again = await other.findOneOrFail(Author, 'ann');
      expect(await again.books.count()).toBe(1);
      expect(await again.books.load()).toHaveLength(1);
      expect(await em.count(Author, { books: { title: 'One' } })).toBe(0);
      expect(await em.count(Author, { books: { title: 'One' } }, SHOWN)).toBe(1);
      expect(await em.count(Author, { books: { $contains: 'one' } })).toBe(0);
      expect(await em.count(Author, { books: { $contains: 'one' } }, SHOWN)).toBe(1);
    });

    it('records behind edges, and edges themselves', async () => {
      await retire(Author, 'bob');
      const ann = await em.findOneOrFail(Author, 'ann', { fetch: { admires: { count: true } } });
      expect(ann.admires.get().map(({ name }) => name)).toEqual(['Cat']);
      expect(ann.admires.total).toBe(1);
      expect((await em.traverse(ann).out(Admires).to(Author).list()).map(({ name }) => name)).toEqual(['Cat']);
      expect(await em.traverse(ann).out(Admires).to(Author).list(SHOWN)).toHaveLength(2);
      test.clear();
      ann.admires.remove('author:cat');
      await em.flush();
      expect(test.written()).toEqual([
        'UPDATE author:ann->admires SET deletedAt = (deletedAt ?? (time::floor(time::now(), 1ms))) WHERE out = author:cat OR author:cat = NONE RETURN NONE',
      ]);
      const [edges] = await em.query<[unknown[]]>(surql`SELECT * FROM admires WHERE deletedAt != NONE`);
      expect(edges).toHaveLength(1);
      const fresh = test.orm.em.fork();
      expect((await fresh.findOneOrFail(Author, 'ann', { fetch: { admires: true } })).admires.get()).toEqual([]);
      expect(await fresh.count(Author, { admires: { name: 'Cat' } })).toBe(0);
      expect(await fresh.count(Author, { admires: { $size: 0 } })).toBe(2);
      expect(await fresh.traverse(ann).out(Admires).to(Author).count()).toBe(0);
      expect(await (await fresh.findOneOrFail(Author, 'ann')).admires.count()).toBe(0);
      test.clear();
      ann.admires.add('author:cat');
      await em.flush();
      expect(test.written()).toEqual([
        withMadeKeys('RELATE ONLY author:ann->admires:*->author:cat CONTENT {  } RETURN AFTER'),
      ]);
      expect(await test.orm.em.fork().count(Author, { admires: { name: 'Cat' } })).toBe(1);
    });

    it('a deleted owner still loads its own', async () => {
      await retire(Author, 'ann');
      const ann = await em.findOneOrFail(Author, 'ann', SHOWN);
      expect(await ann.books.load()).toHaveLength(2);
    });
  });

  it('memory shows a removal once it is flushed: links unload, collections drop it', async () => {
    const one = await em.findOneOrFail(Book, 'one', { fetch: { author: { fetch: { books: true } }, topics: true } });
    const author = one.author?.get() as Author;
    em.remove(one.topics.get()[0] as Topic);
    em.remove(one);
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      'UPDATE ONLY book:one SET deletedAt = (time::floor(time::now(), 1ms)) RETURN AFTER',
      'UPDATE ONLY topic:a SET deletedAt = (time::floor(time::now(), 1ms)) RETURN AFTER',
    ]);
    expect(await author.books.load()).toHaveLength(1);
    expect(one.topics.length).toBe(1);
    expect(one.topics.ids).toHaveLength(2);
    const two = await em.findOneOrFail(Book, 'two');
    em.remove(author);
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      'UPDATE ONLY book:two SET deletedAt = (time::floor(time::now(), 1ms)) RETURN AFTER',
      'UPDATE ONLY author:ann SET deleted_at = (time::floor(time::now(), 1ms)), version += 1 RETURN AFTER',
    ]);
    expect((await stored('book:two'))?.['deletedAt']).toBeInstanceOf(Date);
    expect(two.author?.isLoaded).toBe(false);
    expect(String(two.author?.id)).toBe('author:ann');
    expect(em.contains(author)).toBe(true);
  });

  describe('restoring', () => {
    it('brings a record back', async () => {
      const ann = await em.findOneOrFail(Author, 'ann');
      em.remove(ann);
      await em.flush();
      test.clear();
      em.restore(ann);
      await em.flush();
      expect(test.written()).toEqual(['UPDATE ONLY author:ann SET deleted_at = NONE, version += 1 RETURN AFTER']);
      expect(await stored('author:ann')).not.toHaveProperty('deleted_at');
      expect(ann.deletedAt).toBeUndefined();
      test.clear();
      expect(await em.findOne(Author, 'ann')).toBe(ann);
      expect(test.sent()).toEqual([]);
    });

    it('of one that is only scheduled sends nothing', async () => {
      const ann = await em.findOneOrFail(Author, 'ann');
      em.remove(ann).restore(ann);
      test.clear();
      await em.flush();
      expect(test.sent()).toEqual([]);
      expect(em.contains(ann)).toBe(true);
    });

    it('works on a reference', async () => {
      await retire(Author, 'cat');
      em.restore(em.getReference(Author, 'cat'));
      await em.flush();
      expect(test.written()).toEqual(['UPDATE ONLY author:cat SET deleted_at = NONE, version += 1 RETURN AFTER']);
      expect(await stored('author:cat')).not.toHaveProperty('deleted_at');
      expect(em.getReference(Author, 'cat').deletedAt).toBeUndefined();
      expect(await em.count(Author)).toBe(3);
    });

    it('is refused where nothing can be', () => {
      const tenant = em.create(Tenant, { name: 'T' }, { persist: false });
      expect(() => em.restore(tenant)).toThrow(ValidationError);
      expect(() => em.restore(tenant)).toThrow(/@SoftDelete/);
    });
  });

  describe('unique indexes count live records', () => {
    it('the value of a deleted record is free, and restoring it then is refused', async () => {
      const ann = await em.findOneOrFail(Author, 'ann');
      test.clear();
      em.remove(ann);
      await em.flush();
      const heir = em.create(Author, { id: 'heir', name: 'Heir', email: 'ann@x.io' });
      await em.flush();
      expect(await names({ email: 'ann@x.io' })).toEqual(['Heir']);
      expect(await names({ email: 'ann@x.io' }, SHOWN)).toEqual(['Ann', 'Heir']);
      em.restore(ann);
      const failure: unknown = await em.flush().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(UniqueConstraintError);
      expect(failure).toMatchObject({ fields: ['email'], value: 'ann@x.io' });
      heir.email = 'heir@x.io';
      await em.save(heir);
      await em.flush();
      expect(test.written()).toEqual([
        'UPDATE ONLY author:ann SET deleted_at = (time::floor(time::now(), 1ms)), version += 1 RETURN AFTER',
        "CREATE ONLY author:heir CONTENT { email: 'ann@x.io', name: 'Heir', version: 1 } RETURN AFTER",
        'UPDATE ONLY author:ann SET deleted_at = NONE, version += 1 RETURN AFTER',
        "UPDATE ONLY author:heir SET email = 'heir@x.io', version += 1 RETURN AFTER",
        'UPDATE ONLY author:ann SET deleted_at = NONE, version += 1 RETURN AFTER',
      ]);
      expect(await em.count(Author)).toBe(4);
    });

    it('two live ones are refused, and a removal in the same flush makes room', async () => {
      const rival = test.orm.em.fork();
      rival.create(Author, { name: 'Rival', email: 'bob@x.io' });
      await expect(rival.flush()).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT', value: 'bob@x.io' });
      rival.clear();
      em.remove(await em.findOneOrFail(Author, 'bob'));
      const heir = em.create(Author, { name: 'Rival', email: 'bob@x.io' });
      test.clear();
      await em.flush();
      expect(test.written()).toEqual([
        'UPDATE ONLY author:bob SET deleted_at = (time::floor(time::now(), 1ms)), version += 1 RETURN AFTER',
        `CREATE ONLY ${heir.id} CONTENT { email: 'bob@x.io', name: 'Rival', version: 1 } RETURN AFTER`,
      ]);
      expect(await em.count(Author, { email: 'bob@x.io' })).toBe(1);
    });

    it('an upsert goes by live records', async () => {
      await retire(Author, 'ann');
      const made = await em.upsert(Author, { name: 'Next', email: 'ann@x.io' }, { on: 'email' });
      expect(String(made.id)).not.toBe('author:ann');
      const again = await em.upsert(Author, { name: 'Again', email: 'ann@x.io' }, { on: 'email' });
      expect(again).toBe(made);
      expect((await stored('author:ann'))?.['name']).toBe('Ann');
    });

    it('reads by a unique field go through its index', async () => {
      test.clear();
      expect(await names({ email: 'ann@x.io' })).toEqual(['Ann']);
      expect(test.sent()[0]).toContain('WITH INDEX email_unique');
      test.clear();
      await names({ email: 'ann@x.io' }, SHOWN);
      expect(test.sent()[0]).not.toContain('WITH INDEX email_unique');
      test.clear();
      expect(await names({ email: { $gt: 'a' } })).toEqual(['Ann', 'Bob']);
      expect(test.sent()[0]).not.toContain('WITH INDEX email_unique');
    });
  });

  describe('direct writes', () => {
    it('deleteWhere deletes softly, and counts what it deleted', async () => {
      const ann = await em.findOneOrFail(Author, 'ann');
      test.clear();
      expect(await em.deleteWhere(Author, { id: { $in: ['ann', 'bob'] } })).toBe(2);
      expect(test.written()).toEqual([
        'UPDATE (SELECT VALUE id FROM (SELECT * FROM [author:ann, author:bob]) WHERE deleted_at = NONE) SET deleted_at = (deleted_at ?? (time::floor(time::now(), 1ms))), version += 1 RETURN VALUE id',
      ]);
      expect(await stored('author:ann')).toMatchObject({ name: 'Ann', version: 2 });
      expect(ann.deletedAt).toBeInstanceOf(Date);
      expect(await em.findOne(Author, 'ann')).toBeNull();
      expect(await em.deleteWhere(Author, { name: { $like: '%' } })).toBe(1);
      expect(await em.count(Author)).toBe(0);
      const before = (await stored('author:ann'))?.['deleted_at'];
      expect(await em.deleteWhere(Author, { name: { $like: '%' } }, SHOWN)).toBe(3);
      expect((await stored('author:ann'))?.['deleted_at']).toEqual(before);
      await em.find(Author, {}, { ...SHOWN, refresh: true });
    });

    it('deleteWhere with hard deletes for good', async () => {
      await retire(Author, 'cat');
      expect(await em.deleteWhere(Author, { deletedAt: { $exists: true } }, { hard: true, ...SHOWN })).toBe(1);
      expect(await stored('author:cat')).toBeUndefined();
      expect(await em.deleteWhere(Author, { name: 'Bob' }, { hard: true })).toBe(1);
      expect(await stored('author:bob')).toBeUndefined();
      expect(test.written()).toEqual([
        'DELETE (SELECT VALUE id FROM author WITH NOINDEX WHERE deleted_at != NONE) RETURN BEFORE',
        "DELETE (SELECT VALUE id FROM author WITH NOINDEX WHERE name = 'Bob' AND deleted_at = NONE) RETURN BEFORE",
      ]);
    });

    it('unrelate deletes edges softly, and relate does not see them', async () => {
      const ann = await em.findOneOrFail(Author, 'ann', { fetch: { admires: true } });
      expect(await em.unrelate(ann, Admires, 'author:bob' as never)).toBe(1);
      expect(await em.unrelate(ann, Admires, 'author:bob' as never)).toBe(0);
      expect(ann.admires.get().map(({ name }) => name)).toEqual(['Cat']);
      expect(await em.unrelateAll(ann, [Admires], 'both')).toBe(1);
      const [kept] = await em.query<[unknown[]]>(surql`SELECT * FROM admires WHERE deletedAt != NONE`);
      expect(kept).toHaveLength(2);
      const bob = await em.findOneOrFail(Author, 'bob');
      const again = await em.relate(ann, Admires, bob, {}, { onConflict: 'ignore' });
      expect(again.deletedAt).toBeUndefined();
      expect((await em.relate(ann, Admires, bob, {}, { onConflict: 'ignore' })).id.equals(again.id)).toBe(true);
      expect((await em.related(ann, Admires, 'out')).map((one) => (one as Author).name)).toEqual(['Bob']);
    });

    it('updateWhere and patch leave the deleted alone', async () => {
      await retire(Author, 'ann');
      expect(await em.updateWhere(Author, { name: { $in: ['Ann', 'Bob'] } }, { deletedBy: 'x' })).toBe(1);
      expect(await stored('author:ann')).not.toHaveProperty('deletedBy');
      await expect(em.patch(Author, 'ann', { name: 'Patched' })).rejects.toMatchObject({ code: 'ENTITY_NOT_FOUND' });
      expect(await stored('author:ann')).toMatchObject({ name: 'Ann' });
      expect(await em.patch(Author, 'bob', { name: 'Bobby' })).toMatchObject({ name: 'Bobby' });
      expect(await test.orm.em.fork(SHOWN).patch(Author, 'ann', { name: 'Patched' })).toMatchObject({
        name: 'Patched',
      });
      expect(await em.updateWhere(Author, { name: 'Patched' }, { deletedBy: 'y' }, SHOWN)).toBe(1);
    });
  });

  describe('transactions', () => {
    it('a deferred one deletes softly, and the parent shows it', async () => {
      const ann = await em.findOneOrFail(Author, 'ann');
      const two = await em.findOneOrFail(Book, 'two', { fetch: { author: true } });
      expect(two.author?.isLoaded).toBe(true);
      test.clear();
      await em.transaction(async (tx) => {
        tx.remove(await tx.findOneOrFail(Author, 'ann'));
        await tx.flush();
      });
      expect(test.written()).toEqual([
        'UPDATE ONLY author:ann SET deleted_at = (time::floor(time::now(), 1ms)), version += 1 RETURN AFTER',
      ]);
      expect((await stored('author:ann'))?.['deleted_at']).toBeInstanceOf(Date);
      expect(ann.deletedAt).toBeInstanceOf(Date);
      expect(two.author?.isLoaded).toBe(false);
      expect(await em.findOne(Author, 'ann')).toBeNull();
    });

    it('one that fails leaves everything as it was', async () => {
      const ann = await em.findOneOrFail(Author, 'ann');
      const block = em.transaction(async (tx) => {
        tx.remove(tx.merge(ann));
        await tx.flush();
        throw new Error('no');
      });
      await expect(block).rejects.toThrow('no');
      expect(test.written()).toEqual([]);
      expect(await stored('author:ann')).not.toHaveProperty('deleted_at');
      expect(ann.deletedAt).toBeUndefined();
      test.clear();
      expect(await em.findOne(Author, 'ann')).toBe(ann);
      expect(test.sent()).toEqual([]);
    });

    it('filters of the EntityManager hold in its blocks', async () => {
      await retire(Author, 'ann');
      const all = test.orm.em.fork(SHOWN);
      expect(await all.transaction((tx) => tx.count(Author))).toBe(3);
      expect(await em.transaction((tx) => tx.count(Author))).toBe(2);
    });

    if (backend.stateful) {
      it('an interactive one reads its own soft deletions', async () => {
        const ann = await em.findOneOrFail(Author, 'ann');
        await em.transaction(
          async (tx) => {
            tx.remove(await tx.findOneOrFail(Author, 'bob'));
            await tx.flush();
            expect(await tx.count(Author)).toBe(2);
            expect(await tx.findOne(Author, 'bob')).toBeNull();
            expect(await tx.find(Author, 'bob')).toEqual([]);
            expect(await tx.find(Author, 'bob', SHOWN)).toHaveLength(1);
          },
          { mode: 'interactive' },
        );
        const failing = em.transaction(
          async (tx) => {
            tx.remove(tx.merge(ann));
            await tx.flush();
            expect(await tx.findOne(Author, 'ann')).toBeNull();
            throw new Error('no');
          },
          { mode: 'interactive' },
        );
        await expect(failing).rejects.toThrow('no');
        expect(test.written()).toEqual([
          'UPDATE ONLY author:bob SET deleted_at = (time::floor(time::now(), 1ms)), version += 1 RETURN AFTER',
          'UPDATE ONLY author:ann SET deleted_at = (time::floor(time::now(), 1ms)), version += 1 RETURN AFTER',
        ]);
        test.clear();
        expect(await em.findOne(Author, 'ann')).toBe(ann);
        expect(test.sent()).toEqual([]);
        expect(ann.deletedAt).toBeUndefined();
      });

      it('a live query is told that the record left', async () => {
        const stream = await em.live(Author);
        await retire(Author, 'ann');
        const next = await stream[Symbol.asyncIterator]().next();
        expect(next.value).toMatchObject({ action: 'leave' });
        await stream.close();
      });
    }
  });

  it('unknown filters and options are refused', async () => {
    await expect(em.find(Author, {}, { filters: { softDeleted: false } })).rejects.toThrow(/softDelete/);
    expect(() => test.orm.em.fork({ filters: { tenat: { id: 1 } } })).toThrow(/Did you mean "tenant"/);
    expect(() => test.orm.em.fork({ filter: {} } as object)).toThrow(/Did you mean "filters"/);
    await expect(em.find(Author, {}, { filters: 'all' as never })).rejects.toThrow(ValidationError);
    await expect(em.count(Author, {}, { limit: 1 } as object)).rejects.toThrow(/limit/);
  });
});
