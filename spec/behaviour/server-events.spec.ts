import 'reflect-metadata';
import { Event, Field, Id, Table, surql, type EntityManager, type RecordId } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

@Table({ name: 'order' })
@Event({
  name: 'number',
  when: surql`$event != 'DELETE' AND $after.code = NONE`,
  then: surql`UPDATE $after.id SET code = string::concat('n', $after.sort)`,
})
class Order {
  @Id() id!: RecordId<'order'>;
  @Field('int') sort!: number;
  @Field('option<string>') code?: string;
}

describe.each(backends)('events of the server on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;
  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Order] });
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
  });

  it('what an event changes is on the entity after the same request', async () => {
    const orders = [3, 1, 2].map((sort) => em.create(Order, { sort }));
    test.clear();
    await em.flush();
    expect(test.statements()).toEqual([
      'BEGIN',
      ...orders.map(({ id, sort }) => `CREATE ONLY ${id} CONTENT { sort: ${sort} } RETURN AFTER`),
      ...orders.map(({ id }) => `SELECT * FROM ONLY ${id}`),
      'COMMIT',
    ]);
    expect(await em.fork().find(Order)).toHaveLength(3);
    expect(orders.map(({ code }) => code)).toEqual(['n3', 'n1', 'n2']);
    expect(orders.every(({ id }) => id.table === 'order')).toBe(true);
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  if (!backend.stateful) return;
  it('an interactive transaction reads what it wrote itself by id', async () => {
    await em.transaction(
      async (tx) => {
        await tx.query(surql`CREATE order:own SET sort = 9`);
        const own = await tx.findOneOrFail(Order, 'own');
        expect(own).toMatchObject({ sort: 9, code: 'n9' });
        expect(String(own.id)).toBe('order:own');
        expect(await tx.findOne(Order, 'missing')).toBeNull();
      },
      { mode: 'interactive' },
    );
  });
});
