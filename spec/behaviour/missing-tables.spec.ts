import { Field, Id, In, Out, QueryError, Table, surql, type Link, type RecordId } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

@Table({ name: 'thing' })
class Thing {
  @Id() id!: RecordId<'thing'>;
  @Field('string') name!: string;
}

@Table({ name: 'joined', type: 'relation', in: () => Thing, out: () => Thing })
class Joined {
  @Id() id!: RecordId<'joined'>;
  @In() in!: Link<Thing>;
  @Out() out!: Link<Thing>;
}

describe.each(backends)('a table that nobody defined, on $name', (backend) => {
  let test: RecordedOrm;

  beforeEach(async () => (test = await openRecordedOrm(backend, { entities: [Thing, Joined], sync: 'off' })));
  afterEach(() => test.close());

  const tables = async () => {
    const [{ tables: found }] = await test.orm.em.fork().query<[{ tables: object }]>(surql`INFO FOR DB`);
    return Object.keys(found);
  };

  it.each([
    'flush',
    'transaction',
    'insert',
    'insert that overwrites',
    'insert that ignores',
    'upsert',
    'queued insert',
  ])('is an error of %s, and is not made', async (verb) => {
    const em = test.orm.em.fork();
    const data = { id: 'a', name: 'A' };
    const write = {
      flush: () => (em.create(Thing, data), em.flush()),
      transaction: () => em.transaction(async (tx) => void tx.create(Thing, data), { retry: false }),
      insert: () => em.insert(Thing, [data]),
      'insert that overwrites': () => em.insert(Thing, [data], { onConflict: 'update' }),
      'insert that ignores': () => em.insert(Thing, [data], { onConflict: 'ignore' }),
      upsert: () => em.upsert(Thing, data),
      'queued insert': () =>
        em.transaction((tx) => tx.insert(Thing, [data], { onConflict: 'ignore' }), { retry: false }),
    }[verb];
    const failed = await Promise.resolve(write?.()).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(QueryError);
    expect((failed as QueryError).message).toMatch(/The table 'thing' does not exist[\s\S]*orm\.schema\.sync\(\)/);
    expect(await tables()).toEqual([]);
  });

  if (backend.stateful)
    it('is an error inside an interactive transaction', async () => {
      const em = test.orm.em.fork();
      const block = em.transaction(
        async (tx) => {
          tx.create(Thing, { name: 'A' });
          await tx.flush();
        },
        { mode: 'interactive', retry: false },
      );
      await expect(block).rejects.toThrow(/The table 'thing' does not exist/);
      expect(await tables()).toEqual([]);
    });

  it('is asked for once: whatever the database has is written as ever', async () => {
    const em = test.orm.em.fork();
    await em.query(surql`DEFINE TABLE thing SCHEMAFULL; DEFINE FIELD name ON thing TYPE string`);
    test.clear();
    em.create(Thing, { name: 'A' });
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    expect(test.sent()[0]).toMatch(/BEGIN;\nSELECT VALUE .* FROM thing LIMIT/);
    test.clear();
    em.create(Thing, { name: 'B' });
    await em.flush();
    await em.insert(Thing, [{ name: 'C' }]);
    expect(test.sent().join()).not.toContain('LIMIT');
    await expect(
      em.relate((await em.find(Thing))[0] as Thing, Joined, (await em.find(Thing))[1] as Thing),
    ).rejects.toThrow(/'joined' does not exist/);
  });

  it('is not asked for after a sync, and is again when the schema was dropped', async () => {
    await test.orm.schema.sync();
    const em = test.orm.em.fork();
    test.clear();
    await em.insert(Thing, [{ name: 'A' }]);
    expect(test.sent().join()).not.toContain('LIMIT');
    await test.orm.schema.drop({ force: true });
    await expect(em.insert(Thing, [{ name: 'B' }])).rejects.toThrow(/'thing' does not exist/);
  });
});
