import { Reverie } from '../../lib/index.js';
import { startServer } from '../../lib/server/index.js';
import { eventually, pause } from '../server/support/eventually.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { AUTH, Counter, Entry } from './chaos-world.js';

/** Milliseconds; less than the silence after which a connection counts as dead. */
const STALL = Number(process.env['CHAOS_STALL'] ?? 30_000);

/** Nothing passes for thirty seconds, with the deadlines that an application has: whoever waits gets the answer, nothing is lost. */
export async function playLongStall(): Promise<void> {
  const server = await startServer({ user: AUTH.username, pass: AUTH.password });
  const proxy = await TcpProxy.start(server.port);
  const options = { namespace: 'chaos', database: 'chaos', auth: AUTH, entities: [Entry, Counter] };
  const observer = await Reverie.init({ ...options, url: server.wsUrl, sync: 'safe' });
  const client = await Reverie.init({ ...options, url: proxy.url });
  try {
    const list = await client.em.fork().liveList(Entry, {}, { orderBy: { size: 'asc' } });
    proxy.stall();
    const em = client.em.fork();
    em.create(Entry, { round: 1, size: 1 });
    const flushing = em.flush();
    const elsewhere = observer.em.fork();
    elsewhere.create(Entry, { round: 1, size: 2 });
    await elsewhere.flush();
    await pause(STALL);
    expect(await observer.em.fork().count(Entry)).toBe(1);
    proxy.resume();
    await flushing;
    expect(await observer.em.fork().count(Entry)).toBe(2);
    await eventually(() => expect(list.items.map(({ size }) => size)).toEqual([1, 2]));
    // It is the same connection still.
    expect(proxy.accepted).toBe(1);
  } finally {
    await client.close();
    await observer.close();
    await proxy.close();
    await server.close();
  }
}
