import { Field, Id, Reverie, Table, type RecordId } from '../../lib/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { eventually, pause } from './support/eventually.js';
import { withFolder } from './support/temporary.js';

@Table({ name: 'item' })
class Item {
  @Id() id!: RecordId<'item'>;
  @Field('int') size!: number;
}

const AUTH = { username: 'root', password: 'root' } as const;
const OPTIONS = { namespace: 'a', database: 'a', auth: AUTH, entities: [Item], sync: 'safe' } as const;

/** On `rocksdb://`, as on a real server, transactions run side by side: no gate lets one through at a time. */
describe('a live list that is registered while a write is under way', () => {
  async function onRocks(work: (server: RunningServer, other: Reverie) => Promise<void>): Promise<void> {
    await withFolder(async (folder) => {
      const server = await startServer({ user: 'root', pass: 'root', url: `rocksdb://${folder}/store` });
      const other = await Reverie.init({ ...OPTIONS, url: server.wsUrl });
      try {
        await work(server, other);
      } finally {
        await other.close();
        await server.close();
      }
    });
  }
  /** Has seen that nobody listens, and commits half a second later. */
  const slowWrite = (orm: Reverie, size: number) =>
    orm.driver.query('BEGIN; CREATE item SET size = $size; SLEEP 500ms; COMMIT', { size });
  const sizes = (items: readonly Item[]) => items.map(({ size }) => size);

  it('shows what that write wrote', async () => {
    await onRocks(async (server, other) => {
      const orm = await Reverie.init({ ...OPTIONS, url: server.wsUrl });
      try {
        const write = slowWrite(other, 1);
        await pause(100);
        const list = await orm.em.fork().liveList(Item, {}, { orderBy: { size: 'asc' } });
        expect(list.items).toEqual([]);
        await write;
        await eventually(() => expect(sizes(list.items)).toEqual([1]), 30_000);
        const [item] = list.items;
        await list.resync();
        expect(list.items[0]).toBe(item);
      } finally {
        await orm.close();
      }
    });
  });

  it('shows it after a lost connection, too', async () => {
    await onRocks(async (server, other) => {
      const proxy = await TcpProxy.start(server.port);
      const orm = await Reverie.init({ ...OPTIONS, url: proxy.url });
      try {
        const list = await orm.em.fork().liveList(Item, {}, { orderBy: { size: 'asc' } });
        proxy.refuses = true;
        proxy.cut();
        const write = slowWrite(other, 2);
        await pause(100);
        proxy.refuses = false;
        await write;
        await eventually(() => expect(sizes(list.items)).toEqual([2]), 30_000);
      } finally {
        await orm.close();
        await proxy.close();
      }
    });
  });
});
