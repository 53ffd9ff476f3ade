import { increment, surql, ValidationError, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import { Draft, Knows, WORKS, Reader, readingEntities, seedReading } from '../support/reading-entities.js';

describe.each(backends)('the update and delete builders on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeEach(async () => {
    test = await openOrm(backend, { entities: readingEntities });
    await seedReading(test);
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(async () => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
    await test.close();
  });

  const ranks = async () =>
    new Map((await em.fork().find(Draft, {}, { select: ['rank'] })).map(({ id, rank }) => [id.key, rank]));

  it('changes what matches, in one request, and counts it', async () => {
    const lent = em.update(Draft).set({ rank: 100 }).where({ lent: true });
    expect(test.sent()).toEqual([]);
    const wanted = WORKS.filter((row) => row.lent && row.rank > 5);
    expect(
      await lent
        .where({ rank: { $gt: 5 } })
        .set({ subtitle: 'new', rank: increment(10) })
        .execute(),
    ).toBe(wanted.length);
    expect(test.sent()).toHaveLength(1);
    const after = await ranks();
    for (const { key, rank, lent } of WORKS) expect(after.get(key)).toBe(lent && rank > 5 ? rank + 10 : rank);
    expect(
      await lent
        .where({ id: { $in: [1, 3] } })
        .set({ rank: surql`rank + ${1}` })
        .execute(),
    ).toBe(2);
  });

  it('refreshes the managed copies that it names', async () => {
    const draft = await em.findOneOrFail(Draft, 1);
    await em
      .update(Draft)
      .set({ title: 'Changed' })
      .where({ id: { $in: [1, 2] } })
      .execute();
    expect(draft.title).toBe('Changed');
  });

  it('gives back each record as it is now, as it was, what changed, or its id', async () => {
    const draft = await em.findOneOrFail(Draft, 1);
    const some = em.update(Draft).where({ id: { $in: [1, 2] } });
    test.clear();
    const after = await some.set({ title: 'One' }).returning('after').execute();
    expect(test.sent()[0]).toContain('RETURN AFTER');
    expect(after.map(({ title, twice }) => [title, typeof twice])).toEqual([
      ['One', 'number'],
      ['One', 'number'],
    ]);
    expect(after).toContain(draft);
    expect(draft.title).toBe('One');
    const before = await some.set({ title: 'Two' }).returning('before').execute();
    expect(before.map(({ title }) => title)).toEqual(['One', 'One']);
    expect(before[0]).not.toBeInstanceOf(Draft);
    const steps = await some.set({ title: 'Three' }).returning('diff').execute();
    expect(steps).toHaveLength(2);
    for (const each of steps) expect(each.some(({ path }) => path === '/title')).toBe(true);
    const ids = await some.set({ title: 'Four' }).returning('id').execute();
    expect(ids.map(String).sort()).toEqual(['draft:1', 'draft:2']);
    expect(some.set({ title: 'Five' }).returning('diff').toSurql().text).toContain('RETURN DIFF');
    expect(draft.title).toBe('Four');
    expect(await some.set({}).returning('after').execute()).toEqual([]);
    await expect(em.update(Draft).set({ title: 'All' }).returning('after').execute()).rejects.toThrow(ValidationError);
  });

  it('deletes and gives back what was there', async () => {
    const gone = await em.delete(Draft).where({ id: 1 }).returning('before').execute();
    expect(gone.map(({ id, title }) => [String(id), title])).toEqual([['draft:1', WORKS[1]?.title]]);
    const ids = await em.delete(Draft).where({ id: 2 }).returning('id').execute();
    expect(ids.map(String)).toEqual(['draft:2']);
    expect(() => em.delete(Draft).where({ id: 3 }).returning('after')).toThrow(ValidationError);
  });

  it('in a deferred transaction nothing can be given back', async () => {
    await expect(
      em.transaction((tx) => tx.update(Draft).set({ rank: 1 }).where({ id: 1 }).returning('id').execute()),
    ).rejects.toThrow(/interactive/);
  });

  it('inserts and relates step by step', async () => {
    const insert = em.insert(Reader).values({ id: 'new', name: 'New', age: 1 }).returning('after');
    const two = insert.values([{ id: 'newer', name: 'Newer', age: 2 }]).atomic();
    test.clear();
    const { inserted, entities } = await two.execute();
    expect(test.sent()).toHaveLength(1);
    expect([inserted, entities?.map(({ name }) => name)]).toEqual([2, ['New', 'Newer']]);
    expect((await insert.onConflict('ignore').options({ chunk: 1 }).execute()).inserted).toBe(0);
    const knows = em.relate(Knows).from('new').to('newer').set({ since: 1999 });
    const edge = await knows.execute();
    expect(edge).toBeInstanceOf(Knows);
    expect(edge.since).toBe(1999);
    expect(await knows.set({ since: 2000 }).onConflict('update').execute()).toBe(edge);
    expect(edge.since).toBe(2000);
    await expect(em.relate(Knows).from('new').execute()).rejects.toThrow(/\.to\(/);
  });

  it('deletes what matches', async () => {
    const wanted = WORKS.filter(({ rank }) => rank < 3);
    const few = em.delete(Draft).where({ rank: { $lt: 3 } });
    expect(await few.execute()).toBe(wanted.length);
    expect(await few.execute()).toBe(0);
    expect(await em.count(Draft)).toBe(WORKS.length - wanted.length);
  });

  it('of all records only when told so', async () => {
    for (const query of [
      em.update(Draft).set({ rank: 1 }),
      em.update(Draft).set({ rank: 1 }).where({}),
      em.delete(Draft),
      em.delete(Draft).where({}),
    ]) {
      await expect(query.execute()).rejects.toThrow(ValidationError);
      expect(() => query.toSurql()).toThrow(/\.all\(\)/);
    }
    expect(test.sent()).toEqual([]);
    expect(await em.update(Draft).set({ rank: 1 }).all().execute()).toBe(WORKS.length);
    expect(new Set((await ranks()).values())).toEqual(new Set([1]));
    expect(await em.delete(Draft).all().execute()).toBe(WORKS.length);
    expect(await em.count(Draft)).toBe(0);
  });

  it('prints what it would send', async () => {
    const query = em.update(Draft).set({ rank: 100 }).where({ title: 'Dune' });
    const { text, bindings } = query.toSurql();
    expect(Object.values(bindings)).toEqual(expect.arrayContaining([100, 'Dune']));
    await query.execute();
    expect(test.sent()).toEqual([text]);
    expect(em.update(Draft).where({ rank: 1 }).toSurql()).toEqual({ text: '', bindings: {} });
    expect(await em.update(Draft).where({ rank: 1 }).execute()).toBe(0);
  });

  it('takes subqueries, which are read before anything is written', async () => {
    const same = em.select(Draft).where({ rank: 3 }).value('rank');
    expect(
      await em
        .delete(Draft)
        .where({ rank: { $in: same } })
        .execute(),
    ).toBe(WORKS.filter(({ rank }) => rank === 3).length);
  });

  it('leaves with a deferred transaction, and stays out when it fails', async () => {
    await em.transaction(async (tx) => {
      expect(await tx.update(Reader).set({ age: 99 }).where('ann').execute()).toBeUndefined();
    });
    expect((await em.fork().findOneOrFail(Reader, 'ann')).age).toBe(99);
    await em
      .transaction(async (tx) => {
        await tx.delete(Reader).all().execute();
        throw new Error('no');
      })
      .catch(() => undefined);
    expect(await em.count(Reader)).toBe(5);
  });

  it('refuses unknown fields and wrong types before anything is sent', async () => {
    await expect(
      em
        .update(Draft)
        .set({ rnak: 1 } as object)
        .where(1)
        .execute(),
    ).rejects.toThrow(/rank/);
    await expect(
      em
        .update(Draft)
        .set({ rank: 'x' as never })
        .where(1)
        .execute(),
    ).rejects.toThrow(/rank/);
    await expect(
      em
        .delete(Draft)
        .where({ rnak: 1 } as object)
        .execute(),
    ).rejects.toThrow(/rank/);
    expect(test.sent()).toEqual([]);
  });
});
