import { Field, Id, Table } from '../../lib/decorators/index.js';
import { CapabilityError, MigrationError, TimeoutError } from '../../lib/errors/index.js';
import { Reverie } from '../../lib/orm.js';
import type { MigrationEvent } from '../../lib/migrations/index.js';
import type { RecordId } from '../../lib/values/index.js';
import { backend, backends } from '../support/backends.js';
import { MigrationBench } from '../support/migration-bench.js';

@Table({ name: 'item' })
class Item {
  @Id('int') id!: RecordId<'item'>;
  @Field('int') n!: number;
  @Field('option<int>') twice?: number;
}

/** What migration files of a test get hold of. */
const world = globalThis as { Item?: unknown; onBatch?: (count: number) => void };

const DOUBLE = (rest: string): string => `module.exports = {
  async up(m) {
    await m.batch(globalThis.Item, {}, 10, (items) => {
      for (const item of items) item.twice = item.n * 2;
      globalThis.onBatch?.(items.length);
    });
    await m.batch(globalThis.Item, { n: { $gte: 20 } }, 10, (items) => { for (const item of items) item.twice += 1; });
  },
  ${rest}
};`;

describe.each(backends)('the work of migrations on $name', ({ stateful, ...given }) => {
  let bench: MigrationBench;
  let orm: Reverie;
  beforeEach(async () => {
    bench = await MigrationBench.on({ stateful, ...given });
    orm = await bench.orm(Item);
    await orm.schema.sync();
    await orm.driver.query('FOR $i IN 0..25 { CREATE type::record("item", $i) SET n = $i }');
    world.Item = Item;
  });
  afterEach(async () => {
    delete world.onBatch;
    await bench.close();
  });
  const twice = async () =>
    (await orm.driver.query<[(number | undefined)[]]>('RETURN (SELECT id, twice FROM item ORDER BY id).twice'))[0];
  const expected = Array.from({ length: 25 }, (_, n) => n * 2 + (n >= 20 ? 1 : 0));

  it('batches write every record once, in a transaction', async () => {
    await bench.write('001_double.js', DOUBLE(''));
    if (!stateful) {
      await expect(orm.migrator.up()).rejects.toMatchObject({ cause: expect.any(CapabilityError) });
      return;
    }
    const events: MigrationEvent[] = [];
    await orm.migrator.up({ onEvent: (event) => void events.push(event) });
    expect(await twice()).toEqual(expected);
    expect(events.map((event) => (event.type === 'batch' ? event.count : event.type))).toEqual([
      'start',
      10,
      20,
      25,
      5,
      'done',
    ]);
  });

  it('a transaction that fails in its third batch has written nothing', async () => {
    if (!stateful) return;
    await bench.write('001_double.js', DOUBLE(''));
    let batches = 0;
    world.onBatch = () => {
      if ((batches += 1) === 3) throw new Error('stumbled');
    };
    await expect(orm.migrator.up()).rejects.toMatchObject({ code: 'MIGRATION', cause: { message: 'stumbled' } });
    expect(await twice()).toEqual(expected.map(() => undefined));
    delete world.onBatch;
    await orm.migrator.up();
    expect(await twice()).toEqual(expected);
  });

  it('without a transaction, batches that were written are not written again', async () => {
    await bench.write('001_double.js', DOUBLE('transaction: false'));
    let batches = 0;
    world.onBatch = () => {
      if ((batches += 1) === 3) throw new Error('stumbled');
    };
    await expect(orm.migrator.up()).rejects.toThrow(MigrationError);
    expect((await twice()).filter((value) => value !== undefined)).toHaveLength(20);
    expect(await orm.migrator.status()).toMatchObject([{ state: 'pending' }]);
    const sizes: number[] = [];
    world.onBatch = (size) => void sizes.push(size);
    await orm.migrator.up();
    expect(sizes).toEqual([5]);
    expect(await twice()).toEqual(expected);
    expect(await orm.migrator.up()).toEqual([]);
  });

  it('changes of the EntityManager belong to the migration', async () => {
    if (!stateful) return;
    await bench.write(
      '001_em.js',
      `module.exports = { async up(m) {
        const item = await m.em.findOneOrFail(globalThis.Item, 1);
        item.twice = 2;
        m.em.create(globalThis.Item, { id: 100, n: 100 });
        await m.em.flush();
        if (globalThis.onBatch) throw new Error('stumbled');
      } };`,
    );
    world.onBatch = () => undefined;
    await expect(orm.migrator.up()).rejects.toThrow('stumbled');
    expect((await twice()).filter((value) => value !== undefined)).toEqual([]);
    delete world.onBatch;
    await orm.migrator.up();
    expect(await twice()).toHaveLength(26);
    expect((await twice())[1]).toBe(2);
  });
});

describe('several processes', () => {
  let bench: MigrationBench;
  beforeEach(async () => {
    bench = await MigrationBench.on(backend('ws'));
    await bench.write('001_a.surql', 'CREATE log SET n = 1; SLEEP 100ms');
    await bench.write('002_b.surql', 'CREATE log SET n = 2; SLEEP 100ms');
  });
  afterEach(() => bench.close());

  it.each([2, 4, 8])('%i at once apply each migration once, none fails', async (count) => {
    const orms = await Promise.all(Array.from({ length: count }, () => bench.orm()));
    const runs = await Promise.all(orms.map((orm) => orm.migrator.up()));
    expect(runs.filter((each) => each.length > 0).map((each) => each.map(({ name }) => name))).toEqual([
      ['001_a', '002_b'],
    ]);
    expect((await orms[0]?.driver.query('SELECT VALUE n FROM log ORDER BY n'))?.[0]).toEqual([1, 2]);
  });

  it('taking back at once takes back one', async () => {
    const orms = await Promise.all([bench.orm(), bench.orm()]);
    for (const name of ['001_a', '002_b']) await bench.write(`${name}.surql`, '-- up\nRETURN 1\n-- down\nRETURN 1');
    await orms[0]?.migrator.up();
    await Promise.all(orms.map((orm) => orm.migrator.down()));
    expect((await orms[0]?.migrator.status())?.map(({ state }) => state)).toEqual(['applied', 'pending']);
  });

  it('a holder that is gone is replaced, one that lives is waited for', async () => {
    const [orm, other] = await Promise.all([bench.orm(), bench.orm()]);
    await orm.driver.query(`UPSERT reverie_lease:migrations SET holder = 'gone', until = time::now() + 1500ms`);
    const events: string[] = [];
    const before = Date.now();
    await expect(other.migrator.up({ wait: 100 })).rejects.toThrow(TimeoutError);
    await orm.migrator.up({ onEvent: ({ type }) => void events.push(type) });
    expect(Date.now() - before).toBeGreaterThan(1_000);
    expect(events[0]).toBe('waiting');
  });

  it('a lease that is longer than a timer can be is not renewed all the time', async () => {
    const requests: string[] = [];
    const orm = await Reverie.init({
      url: 'mem://',
      namespace: 'migrations',
      database: 'migrations',
      entities: [],
      migrations: { dir: bench.dir, lease: 90 * 86_400_000 },
      logger: ({ text }) => void requests.push(text),
    });
    await orm.migrator.up();
    await orm.close();
    expect(requests.filter((text) => text.includes('SLEEP'))).toHaveLength(2);
    expect(requests.length).toBeLessThan(20);
  });

  it('a holder that lost its lease without knowing writes nothing', async () => {
    const [slow, other] = await Promise.all([bench.orm(), bench.orm()]);
    await bench.write(
      '003_slow.js',
      `module.exports = { async up(m) { await m.query("CREATE log SET n = 3"); await globalThis.onBatch(); } };`,
    );
    await slow.migrator.up({ to: '002' });
    const events: unknown[] = [];
    world.onBatch = () => {
      delete world.onBatch;
      return (async () => {
        // As if this process had been stopped until its time was up.
        await other.driver.query(`UPDATE reverie_lease:migrations SET until = time::now(), holder = 'nobody'`);
        events.push(await other.migrator.down({ steps: 0 }));
        await other.driver.query(`UPDATE reverie_lease:migrations_fence SET holder = 'other'`);
      })() as never;
    };
    await expect(slow.migrator.up()).rejects.toThrow();
    expect((await other.driver.query('SELECT VALUE n FROM log ORDER BY n'))[0]).toEqual([1, 2]);
    expect((await other.migrator.status()).at(-1)?.state).toBe('pending');
  });
});
