import {
  Field,
  Id,
  Table,
  where,
  type EntityManager,
  type RecordId,
  type Reverie,
  type Where,
} from '../../lib/index.js';
import { createTestOrm } from '../../lib/testing/index.js';

@Table({ name: 'row' })
class Row {
  @Id() id!: RecordId<'row'>;
  @Field('string') name!: string;
  @Field('option<int>') n?: number;
  @Field('option<object>', { flexible: true }) meta?: Record<string, unknown>;
}

describe('a where that every record meets by its form', () => {
  let orm: Reverie;
  let em: EntityManager;
  beforeAll(async () => {
    orm = await createTestOrm({ entities: [Row] });
    em = orm.em.fork();
    await em.insert(Row, [{ name: 'a' }, { name: 'b', n: 1 }]);
  });
  afterAll(() => orm.close());

  const name: string | undefined = undefined;
  it.each<Where<Row>>([
    {},
    { $and: [] },
    { $and: [{}, { $and: [] }] },
    { $or: [{}] },
    { $or: [{ name: 'a' }, {}] },
    { $and: [{ $or: [{}] }] },
    { $not: { $or: [] } },
    where({ name } as never),
    where({ $or: [{ name } as never] }),
  ])('%j is none: nothing is written', async (empty) => {
    await expect(em.deleteWhere(Row, empty)).rejects.toThrow(/empty where/);
    await expect(em.updateWhere(Row, empty, { name: 'x' })).rejects.toThrow(/empty where/);
    await expect(em.delete(Row).where(empty).execute()).rejects.toThrow(/empty where/);
    await expect(em.update(Row).set({ name: 'x' }).where(empty).execute()).rejects.toThrow(/empty where/);
    expect(await em.count(Row, { name: { $in: ['a', 'b'] } })).toBe(2);
    expect(await em.count(Row, empty)).toBe(2);
  });

  it('an object of which nothing is asked is refused, and means the empty object where that is said', async () => {
    await expect(em.find(Row, { meta: {} })).rejects.toThrow(/Row\.meta has no condition/);
    await expect(em.deleteWhere(Row, { meta: {} })).rejects.toThrow(/Row\.meta has no condition/);
    expect(await em.count(Row, where({ meta: { a: undefined } }))).toBe(2);
    await em.insert(Row, [{ id: 'none', name: 'empty', meta: {} }]);
    expect((await em.find(Row, { meta: { $eq: {} } })).map((row) => row.id.key)).toEqual(['none']);
    expect(await em.deleteWhere(Row, { meta: { $eq: {} } })).toBe(1);
  });

  it('one that no record meets, and one that some meet, are conditions', async () => {
    expect(await em.deleteWhere(Row, { $or: [] })).toBe(0);
    expect(await em.deleteWhere(Row, { $not: { $and: [{ $or: [{}] }] } })).toBe(0);
    expect(await em.updateWhere(Row, where({ $or: [{ name } as never, { n: 1 }] }), { n: 2 })).toBe(1);
  });
});
