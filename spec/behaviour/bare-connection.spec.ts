import { inspect } from 'node:util';
import { Reverie, connect, surql, type Connection } from '../../lib/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';

describe('a bare connection', () => {
  let server: RunningServer;
  let db: Connection;
  const auth = { username: 'chief', password: 'hunter2' };
  const place = { namespace: 'a', database: 'b' };
  beforeAll(async () => {
    server = await startServer({ user: 'chief', pass: 'hunter2' });
    db = await connect(server.wsUrl, { ...place, auth });
  });
  afterAll(async () => {
    await db.close();
    await server.close();
  });

  it('listens to a table by its name, whatever that is', async () => {
    await db.query('DEFINE TABLE `a-b`');
    const channel = await db.live('a-b');
    const heard = new Promise((resolve) => channel.on(({ action }) => resolve(action)));
    await db.create('a-b');
    expect(await heard).toBe('CREATE');
    await channel.close();
  });

  it('says what it takes when it is given surql', async () => {
    await expect(db.query(surql`RETURN ${1}` as never)).rejects.toThrow(/query\(\) of a connection[\s\S]*em\.query/);
    await expect(db.create('t:y')).rejects.toThrow(/RecordId\.parse\("t:y"\)/);
  });

  it.each(['ws', 'http'] as const)('shows no password, over %s', async (way) => {
    const url = way === 'ws' ? server.wsUrl : server.httpUrl;
    const orm = await Reverie.init({ url, ...place, auth, entities: [] });
    const single = await connect(url, { ...place, auth });
    for (const shown of [orm, single, single.session(), orm.at({ database: 'c' })]) {
      expect(JSON.stringify(shown)).not.toContain('hunter2');
      expect(inspect(shown, { depth: 15 })).not.toContain('hunter2');
    }
    await single.close();
    await orm.close();
  });
});
