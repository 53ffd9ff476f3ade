import { Field, Id, Reverie, surql, Table, type RecordId } from '../../lib/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import { eventually } from './support/eventually.js';
import { memoryInUse } from './support/memory.js';

@Table({ name: 'visit' })
class Visit {
  @Id() id!: RecordId<'visit'>;
  @Field('int') n!: number;
}

const CYCLES = Number(process.env['LEAK_CYCLES'] ?? 500);
const AUTH = { username: 'root', password: 'root' } as const;

/** What keeps the process alive, by kind. */
function resources(): string {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => /TCP|Timeout/.test(kind))
    .sort()
    .join();
}

describe('connections that come and go', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer({ user: 'root', pass: 'root' });
    const orm = await Reverie.init({ ...options('ws'), sync: 'safe' });
    await orm.close();
  });
  afterAll(() => server.close());

  const options = (transport: 'ws' | 'http') => ({
    url: transport === 'ws' ? server.wsUrl : server.httpUrl,
    namespace: 'a',
    database: 'a',
    auth: AUTH,
    entities: [Visit],
  });

  async function visit(transport: 'ws' | 'http'): Promise<void> {
    const orm = await Reverie.init(options(transport));
    try {
      const em = orm.em.fork();
      if (transport === 'ws') await em.liveList(Visit, { n: 1 });
      await em.find(Visit, { n: 1 });
      await em.fork({ database: 'b' }).query(surql`RETURN 1`);
    } finally {
      // The list goes with its connection.
      await orm.close();
    }
  }

  it.each(['ws', 'http'] as const)(
    `leave nothing behind, ${CYCLES} times over %s`,
    async (transport) => {
      // What is made once is made by then.
      for (let cycle = 0; cycle < 30; cycle += 1) await visit(transport);
      const before = await memoryInUse();
      const busy = resources();
      const listeners = process.eventNames().map((name) => process.listenerCount(name));
      for (let cycle = 30; cycle < CYCLES; cycle += 1) await visit(transport);
      await eventually(() => expect(resources()).toBe(busy));
      expect(process.eventNames().map((name) => process.listenerCount(name))).toEqual(listeners);
      // A leak of ten kilobytes a connection would be 4.5 MB.
      expect((await memoryInUse()) - before).toBeLessThan(4);
    },
    900_000,
  );

  it('are all gone from the server too', async () => {
    const orm = await Reverie.init(options('ws'));
    const [{ lives }] = await orm.driver.query<[{ lives: unknown[] }]>('INFO FOR TABLE visit STRUCTURE');
    expect(lives).toEqual([]);
    await orm.close();
  });
});
