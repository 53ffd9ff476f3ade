import 'reflect-metadata';
import { Field, Id, Table, type RecordId, type Uuid } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'by_text' })
class ByText {
  @Id() id!: RecordId<'by_text', string>;
  @Field('int') count!: number;
}
@Table({ name: 'by_int' })
class ByInt {
  @Id('int') id!: RecordId<'by_int', number>;
  @Field('int') count!: number;
}
@Table({ name: 'by_uuid' })
class ByUuid {
  @Id('uuid') id!: RecordId<'by_uuid', Uuid>;
  @Field('int') count!: number;
}
@Table({ name: 'by_list' })
class ByList {
  @Id(['string', 'int']) id!: RecordId<'by_list', [string, number]>;
  @Field('int') count!: number;
}

const KINDS = [
  ['text', ByText, 'a'],
  ['int', ByInt, 1],
  ['uuid', ByUuid, '018f2c3e-0000-7000-8000-000000000001'],
  ['list', ByList, ['a', 1]],
] as const;

interface Counted {
  count: number;
}

describe.each(backends)('a record that one transaction writes more than once, on $name', (backend) => {
  let db: TestOrm;

  beforeAll(async () => {
    db = await openOrm(backend, { entities: [ByText, ByInt, ByUuid, ByList] });
  });
  afterAll(() => db.close());

  describe.each(KINDS)('with a key of %s', (_kind, entity, key) => {
    const Entity = entity as unknown as new () => Counted;
    const stored = async (): Promise<number> => (await db.orm.em.fork().findOneOrFail(Entity, key)).count;

    (backend.stateful ? test : test.skip)('made and changed in an interactive transaction', async () => {
      const em = db.orm.em.fork();
      const made = await em.transaction(
        async (tx) => {
          const fresh = tx.create(Entity, { id: key, count: 1 } as object as Counted);
          await tx.flush();
          for (let round = 0; round < 2; round++) {
            fresh.count += 1;
            await tx.flush();
          }
          return fresh;
        },
        { mode: 'interactive' },
      );
      expect(made.count).toBe(3);
      expect(await stored()).toBe(3);
      await em.transaction(async (tx) => void tx.remove(await tx.findOneOrFail(Entity, key)));
    });

    test('by direct writes and the flush of a deferred transaction', async () => {
      const em = db.orm.em.fork();
      em.create(Entity, { id: key, count: 1 } as object as Counted);
      await em.flush();
      await db.orm.em.fork().transaction(async (tx) => {
        await tx.patch(Entity, key, { count: 2 });
        await tx.patch(Entity, key, { count: 3 });
      });
      expect(await stored()).toBe(3);
      db.clear();
      await em.flush();
      expect(db.sent()).toEqual([]);
    });
  });
});
