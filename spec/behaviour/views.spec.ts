import {
  Field,
  Id,
  In,
  Out,
  RecordId,
  surql,
  Table,
  ValidationError,
  View,
  type EntityManager,
  type Link,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'sale' })
class Sale {
  @Id('int') id!: RecordId<'sale', number>;
  @Field('string') region!: string;
  @Field('int') amount!: number;
}

@View({
  name: 'per_region',
  as: surql`SELECT region, count() AS n, math::sum(amount) AS total FROM sale GROUP BY region`,
})
class PerRegion {
  @Id('any') id!: RecordId<'per_region'>;
  @Field('string') readonly region!: string;
  @Field('int') readonly n!: number;
  @Field('int') readonly total!: number;
}

@Table({ name: 'noted', type: 'relation', in: () => Sale, out: () => PerRegion })
class Noted {
  @Id() id!: RecordId<'noted', string>;
  @In() in!: Link<Sale>;
  @Out() out!: Link<PerRegion>;
}

describe.each(backends)('views on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Sale, PerRegion, Noted] });
    await test.orm.em.fork().insert(Sale, [
      { id: 1, region: 'north', amount: 10 },
      { id: 2, region: 'north', amount: 5 },
      { id: 3, region: 'south', amount: 1 },
    ]);
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  it('are read as any entity', async () => {
    const rows = await em.find(PerRegion, { total: { $gt: 1 } }, { orderBy: { total: 'desc' } });
    expect(rows).toMatchObject([{ region: 'north', n: 2, total: 15 }]);
    expect(await em.findOne(PerRegion, { region: 'south' })).toMatchObject({ total: 1 });
    expect(await em.count(PerRegion)).toBe(2);
  });

  const row = { id: ['east'], region: 'east', n: 1, total: 1 } as never;
  const writes: readonly (readonly [string, (em: EntityManager) => unknown])[] = [
    ['create', (on) => on.create(PerRegion, row)],
    ['insert', (on) => on.insert(PerRegion, row)],
    ['insert, to be built', (on) => on.insert(PerRegion).values(row).toSurql()],
    ['upsert', (on) => on.upsert(PerRegion, row)],
    ['patch', (on) => on.patch(PerRegion, ['north'] as never, { n: 1 } as never)],
    ['updateWhere', (on) => on.updateWhere(PerRegion, { n: 1 }, { n: 2 } as never)],
    [
      'update',
      (on) =>
        on
          .update(PerRegion)
          .set({ n: 2 } as never)
          .all()
          .execute(),
    ],
    ['deleteWhere', (on) => on.deleteWhere(PerRegion, { n: 1 })],
    ['delete', (on) => on.delete(PerRegion).all().execute()],
    ['relate', (on) => on.relate('a' as never, PerRegion, 'b' as never)],
    ['unrelate', (on) => on.unrelate('a' as never, PerRegion, 'b' as never)],
    ['remove', async (on) => on.remove(await on.findOneOrFail(PerRegion, { region: 'north' }))],
    ['assign', async (on) => on.assign(await on.findOneOrFail(PerRegion, { region: 'north' }), { n: 5 } as never)],
  ];
  it.each(writes)('refuse %s, and say where to write instead', async (_name, write) => {
    const failing = (async () => write(em))();
    await expect(failing).rejects.toBeInstanceOf(ValidationError);
    await expect(failing).rejects.toThrow(/PerRegion is read-only: it is a view.*tables that it selects from/s);
    expect(test.sent().filter((text) => !text.startsWith('SELECT'))).toEqual([]);
    await em.fork().insert(Sale, { id: 9, region: 'south', amount: 9 });
    expect(await em.fork().findOne(PerRegion, { region: 'south' })).toMatchObject({ n: 2, total: 10 });
    await em.fork().deleteWhere(Sale, 9);
  });

  it('may be where an edge leads', async () => {
    const south = await em.findOneOrFail(PerRegion, { region: 'south' });
    const edge = await em.relate(1, Noted, south);
    expect(edge.out.id.equals(new RecordId('per_region', ['south']))).toBe(true);
    expect(await em.unrelate(1, Noted, south)).toBe(1);
  });
});
