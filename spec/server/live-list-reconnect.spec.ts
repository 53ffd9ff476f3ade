import type { Connection } from '../../lib/driver/connection.js';
import { WriteGate } from '../../lib/driver/embedded/write-gate.js';
import { Field, Id, LiveError, Reverie, Table, type RecordId } from '../../lib/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { eventually } from './support/eventually.js';
import { serving } from './support/serving.js';

@Table({ name: 'item' })
class Item {
  @Id() id!: RecordId<'item'>;
  @Field('int') size!: number;
}

const AUTH = { username: 'root', password: 'root' } as const;
const OPTIONS = { namespace: 'a', database: 'a', auth: AUTH, entities: [Item], sync: 'safe' } as const;

describe('a live list whose connection is lost', () => {
  let server: RunningServer;
  let proxy: TcpProxy;
  let orm: Reverie;
  let other: Reverie;
  beforeAll(async () => {
    server = await startServer({ user: 'root', pass: 'root' });
    proxy = await TcpProxy.start(server.port);
    other = await Reverie.init({ ...OPTIONS, url: server.wsUrl });
    orm = await Reverie.init({ ...OPTIONS, url: proxy.url });
  });
  afterAll(async () => {
    await Promise.all([orm.close(), other.close()]);
    await proxy.close();
    await server.close();
  });

  it('makes up for what it missed, and tells of each difference', async () => {
    const em = other.em.fork();
    const [stays, changes, goes, leaves] = [1, 2, 3, 4].map((size) => em.create(Item, { size })) as [
      Item,
      Item,
      Item,
      Item,
    ];
    await em.flush();
    const list = await orm.em.fork().liveList(Item, { size: { $gte: 1 } }, { orderBy: { size: 'asc' }, limit: 10 });
    const log: unknown[] = [];
    const reading = (async () => {
      for await (const { action, entity } of list) log.push([action, entity?.size]);
    })();

    proxy.refuses = true;
    proxy.cut();
    changes.size = 20;
    leaves.size = 0;
    em.remove(goes);
    const comes = em.create(Item, { size: 15 });
    await em.flush();
    expect(list.items.map(({ size }) => size)).toEqual([1, 2, 3, 4]);
    proxy.refuses = false;

    await eventually(() => expect(list.items.map(({ size }) => size)).toEqual([1, 15, 20]));
    expect(list.items.map(({ id }) => String(id))).toEqual([stays, comes, changes].map(({ id }) => String(id)));
    await eventually(() => expect(log).toHaveLength(4));
    expect(new Set(log.map(String))).toEqual(new Set(['leave,4', 'delete,3', 'create,15', 'update,20']));

    changes.size = 2;
    await em.flush();
    await eventually(() => expect(list.items.map(({ size }) => size)).toEqual([1, 2, 15]));
    await list.close();
    await reading;
  });

  it('hears of an interactive commit that was made after the list was read again, its answer lost', async () => {
    /** Holds one call back; others pass it. */
    class Turnstile extends WriteGate {
      closes = false;
      open: (() => void) | undefined;
      override async run<T>(work: () => Promise<T>): Promise<T> {
        if (this.closes) {
          this.closes = false;
          await new Promise<void>((resolve) => (this.open = resolve));
        }
        return super.run(work);
      }
    }
    const writeGate = new Turnstile();
    await serving({ writeGate }, async ({ port }) => {
      const between = await TcpProxy.start(port);
      const own = await Reverie.init({ ...OPTIONS, url: between.url });
      try {
        const list = await own.em.fork().liveList(Item, {}, { orderBy: { size: 'asc' } });
        const registeredAnew = new Promise((resolve) => (own.driver as Connection).on('resubscribed', resolve));
        const block = own.em.fork().transaction(
          async (tx) => {
            tx.create(Item, { size: 7 });
            await tx.flush();
            writeGate.closes = true;
          },
          { mode: 'interactive', retry: false },
        );
        await eventually(() => expect(writeGate.open).toBeDefined());
        between.cut();
        await expect(block).rejects.toMatchObject({ outcome: 'unknown' });
        await registeredAnew;
        await list.resync();
        expect(list.items).toEqual([]);
        writeGate.open?.();
        await eventually(() => expect(list.items.map(({ size }) => size)).toEqual([7]));
      } finally {
        await own.close();
        await between.close();
      }
    });
  });

  it('ends with an error when its table is removed, and keeps what it had', async () => {
    const list = await orm.em.fork().liveList(Item, {}, { orderBy: { size: 'asc' } });
    const end = (async () => {
      for await (const _ of list) expect(list.closed).toBe(false);
    })().catch((error: unknown) => error);
    await other.driver.query('REMOVE TABLE item');
    expect(await end).toBeInstanceOf(LiveError);
    expect(list.closed).toBe(true);
    expect(list.items.length).toBeGreaterThan(0);
    expect(orm.core.lists.size).toBe(0);
  });
});
