import { Field, Id, Reverie, Table, type RecordId } from '../../lib/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { eventually, pause } from './support/eventually.js';

@Table({ name: 'item' })
class Item {
  @Id() id!: RecordId<'item'>;
  @Field('int') size!: number;
}

const AUTH = { username: 'root', password: 'root' } as const;
const OPTIONS = { namespace: 'a', database: 'a', auth: AUTH, entities: [Item] } as const;
const REASON = new Error('left the page');

describe('a live query that is given up while it is being opened', () => {
  let server: RunningServer;
  let proxy: TcpProxy;
  let orm: Reverie;
  let owner: Reverie;
  beforeAll(async () => {
    server = await startServer({ user: 'root', pass: 'root' });
    proxy = await TcpProxy.start(server.port);
    owner = await Reverie.init({ ...OPTIONS, url: server.wsUrl, sync: 'safe' });
    orm = await Reverie.init({ ...OPTIONS, url: proxy.url });
  });
  afterEach(() => {
    proxy.inspect = () => undefined;
    proxy.resume();
  });
  afterAll(async () => {
    await Promise.all([orm.close({ timeout: 500 }), owner.close()]);
    await proxy.close();
    await server.close();
  });

  const lives = async () => {
    const [{ lives }] = await owner.driver.query<[{ lives: unknown[] }]>('INFO FOR TABLE item STRUCTURE');
    return lives.length;
  };
  const open = {
    stream: (signal: AbortSignal) => orm.em.fork().live(Item, {}, { signal }),
    list: (signal: AbortSignal) => orm.em.fork().liveList(Item, {}, { signal }),
  };

  it.each(['stream', 'list'] as const)(
    '%s: nobody waits for a server that is silent, and nothing is left',
    async (kind) => {
      const abort = new AbortController();
      proxy.stall();
      const opening = open[kind](abort.signal);
      setTimeout(() => abort.abort(REASON), 50);
      await expect(opening).rejects.toBe(REASON);
      // The server gets the LIVE all the same.
      proxy.resume();
      await orm.driver.query('RETURN 1');
      await eventually(async () => expect(await lives()).toBe(0));
    },
  );

  it('list: nor while it is read for the first time', async () => {
    const abort = new AbortController();
    let pieces = 0;
    proxy.inspect = (direction) => {
      // The answer to LIVE passes, the one to the read does not.
      if (direction === 'down' && (pieces += 1) === 2) setTimeout(() => abort.abort(REASON), 20);
      return pieces < 2;
    };
    await expect(open.list(abort.signal)).rejects.toBe(REASON);
    proxy.inspect = () => undefined;
    proxy.cut();
    await eventually(async () => expect(await lives()).toBe(0));
    await pause(50);
    expect(await orm.driver.query('RETURN 1')).toEqual([1]);
    expect(orm.core.lists.size).toBe(0);
  });
});
