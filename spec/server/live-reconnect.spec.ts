import { Field, Id, Reverie, Table, type RecordId } from '../../lib/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { eventually } from './support/eventually.js';

@Table({ name: 'item' })
class Item {
  @Id() id!: RecordId<'item'>;
  @Field('int') size!: number;
}

const AUTH = { username: 'root', password: 'root' } as const;

describe('a live stream over a network that fails', () => {
  let server: RunningServer;
  let proxy: TcpProxy;
  let orm: Reverie;
  beforeAll(async () => {
    server = await startServer({ user: 'root', pass: 'root' });
    proxy = await TcpProxy.start(server.port);
    orm = await Reverie.init({
      url: proxy.url,
      namespace: 'a',
      database: 'a',
      auth: AUTH,
      entities: [Item],
      sync: 'safe',
      ping: { interval: 300, timeout: 2_000 },
    });
  });
  afterAll(async () => {
    await orm.close();
    await proxy.close();
    await server.close();
  });

  const lose: readonly [string, () => void][] = [
    ['is cut', () => proxy.cut()],
    ['goes silent without a word', () => (proxy.blackHole = true)],
  ];

  it.each(lose)('goes on after a resync when the connection %s', async (_, fail) => {
    const em = orm.em.fork();
    const stream = await em.live(Item, { size: { $gte: 10 } });
    const log: unknown[] = [];
    const reading = (async () => {
      for await (const { action, entity } of stream) log.push([action, entity?.size]);
    })();
    em.create(Item, { size: 11 });
    await em.flush();
    await eventually(() => expect(log).toEqual([['create', 11]]));
    let back = 0;
    const connected = () => void (back += 1);
    orm.driver.on('connected', connected);
    const lost = new Promise<unknown>((resolve) => orm.driver.on('disconnected', resolve));
    fail();
    await lost;
    proxy.blackHole = false;
    await eventually(() => expect(back).toBe(1), 30_000);
    em.create(Item, { size: 12 });
    em.create(Item, { size: 1 });
    await em.flush();
    await eventually(() =>
      expect(log).toEqual([
        ['create', 11],
        ['resync', undefined],
        ['create', 12],
      ]),
    );
    await stream.close();
    await reading;
    orm.driver.off('connected', connected);
  });

  it('reads what a find asks though the connection is cut under it', async () => {
    const em = orm.em.fork();
    let cuts = 0;
    proxy.inspect = (direction) => {
      if (direction === 'down' || cuts > 0) return;
      cuts += 1;
      proxy.cut();
    };
    const found = await em.find(Item, { size: 1 });
    proxy.inspect = () => undefined;
    expect(found.length).toBeGreaterThan(0);
    expect(cuts).toBe(1);
  });

  it('never repeats a flush whose answer was lost, and says that it does not know', async () => {
    const em = orm.em.fork();
    const before = await em.count(Item);
    // Down the wire comes the answer: the flush has run, and nobody is told.
    proxy.inspect = (direction) => {
      if (direction === 'up') return;
      proxy.cut();
      return false;
    };
    em.create(Item, { size: 77 });
    await expect(em.flush()).rejects.toMatchObject({ code: 'CONNECTION', outcome: 'unknown', inFlight: true });
    proxy.inspect = () => undefined;
    expect(await orm.em.fork().count(Item)).toBe(before + 1);
  });
});
