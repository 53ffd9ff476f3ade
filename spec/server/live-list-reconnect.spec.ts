import { Field, Id, LiveError, Reverie, Table, type RecordId } from '../../lib/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { eventually } from './support/eventually.js';

@Table({ name: 'item' })
class Item {
  @Id() id!: RecordId<'item'>;
  @Field('int') size!: number;
}

const AUTH = { username: 'root', password: 'root' } as const;

describe('a live list whose connection is lost', () => {
  let server: RunningServer;
  let proxy: TcpProxy;
  let orm: Reverie;
  let other: Reverie;
  beforeAll(async () => {
    server = await startServer({ user: 'root', pass: 'root' });
    proxy = await TcpProxy.start(server.port);
    const options = { namespace: 'a', database: 'a', auth: AUTH, entities: [Item], sync: 'safe' } as const;
    other = await Reverie.init({ ...options, url: server.wsUrl });
    orm = await Reverie.init({ ...options, url: proxy.url });
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
