import { Field, Id, Reverie, Table, type RecordId } from '../../lib/index.js';
import { startServer } from '../../lib/server/index.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { eventually } from './support/eventually.js';

@Table({ name: 'reading' })
class Reading {
  @Id('int') id!: RecordId<'reading', number>;
  @Field('int') value!: number;
}

const ROWS = 10_000;
const AUTH = { username: 'root', password: 'root' } as const;
const OPTIONS = { namespace: 'a', database: 'a', auth: AUTH, entities: [Reading] };

describe(`a live list of ${ROWS} records`, () => {
  it('is right after a lost connection, and tells of what changed meanwhile and of nothing else', async () => {
    const server = await startServer({ user: AUTH.username, pass: AUTH.password });
    const proxy = await TcpProxy.start(server.port);
    const writer = await Reverie.init({ ...OPTIONS, url: server.wsUrl, sync: 'safe' });
    const reader = await Reverie.init({ ...OPTIONS, url: proxy.url });
    const em = writer.em.fork();
    await em.insert(
      Reading,
      Array.from({ length: ROWS }, (_, id) => ({ id, value: id * 10 })),
    );
    const list = await reader.em.fork().liveList(Reading, {}, { orderBy: { value: 'asc' } });
    const told = { create: 0, update: 0, delete: 0, leave: 0, resync: 0 };
    for (const action of Object.keys(told) as (keyof typeof told)[]) list.on(action, () => (told[action] += 1));
    expect(list.items).toHaveLength(ROWS);

    proxy.refuses = true;
    proxy.cut();
    // Some move far, some go, some come; the rest stays.
    await em.updateWhere(Reading, { id: { $lt: 100 } }, { value: ROWS * 20 });
    await em.deleteWhere(Reading, { id: { $gte: 5_000, $lt: 5_050 } });
    await em.insert(
      Reading,
      Array.from({ length: 70 }, (_, n) => ({ id: ROWS + n, value: 30_005 + n })),
    );
    proxy.refuses = false;

    const keys = (readings: readonly Reading[]) => readings.map(({ id }) => id.key);
    const wanted = keys(await writer.em.fork().find(Reading, {}, { orderBy: { value: 'asc' } }));
    expect(wanted).toHaveLength(ROWS + 20);
    await eventually(() => expect(list.items).toHaveLength(wanted.length), 60_000);
    expect(keys(list.items)).toEqual(wanted);
    expect(told).toEqual({ create: 70, update: 100, delete: 50, leave: 0, resync: 0 });

    // It goes on from there.
    await em.updateWhere(Reading, { id: 7_000 }, { value: -1 });
    await eventually(() => expect(list.items[0]?.id.key).toBe(7_000));
    expect(told.update).toBe(101);

    await Promise.all([reader.close(), writer.close()]);
    await proxy.close();
    await server.close();
  }, 120_000);
});
