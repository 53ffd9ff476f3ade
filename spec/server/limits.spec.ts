import { connect } from '../../lib/driver/connect.js';
import { encode } from '../../lib/driver/codec/index.js';
import { eventually, pause } from './support/eventually.js';
import { RpcSocket } from './support/rpc-socket.js';
import { serving } from './support/serving.js';

describe('limits of a connection', () => {
  it('a message above the limit ends its connection, not the server', async () => {
    await serving({ limits: { wsMessageBytes: 1_000 } }, async (server) => {
      const client = await RpcSocket.root(server.wsUrl);
      client.socket.send(encode({ id: 1, method: 'query', params: ['RETURN 1', { x: 'y'.repeat(2_000) }] }));
      expect(await client.closed()).toMatchObject({ code: 1009 });
      expect(await (await RpcSocket.root(server.wsUrl)).query('RETURN 1')).toEqual([1]);
    });
  });

  it('megabytes pass both ways below it', async () => {
    await serving({}, async (server) => {
      const client = await RpcSocket.root(server.wsUrl);
      const text = 'x'.repeat(20_000_000);
      expect((await client.query('RETURN $text', { text }))[0]).toHaveLength(text.length);
    });
  });

  it('no more requests are started than are allowed at once, and all are answered', async () => {
    await serving({ limits: { inFlight: 4 } }, async (server) => {
      const client = await RpcSocket.root(server.wsUrl);
      const started = Date.now();
      const answers = await Promise.all(Array.from({ length: 12 }, () => client.query('SLEEP 100ms; RETURN 1')));
      expect(answers).toHaveLength(12);
      expect(Date.now() - started).toBeGreaterThanOrEqual(280);
    });
  });

  it('a ping is answered while others wait for their turn, so that nobody takes a busy server for dead', async () => {
    await serving({ limits: { inFlight: 2 } }, async (server) => {
      const db = await connect(server.wsUrl, {
        auth: { username: 'root', password: 'root' },
        ping: { interval: 200, timeout: 1_500 },
      });
      const answers = await Promise.all(Array.from({ length: 4 }, () => db.query('SLEEP 2s; RETURN 1')));
      expect(answers).toHaveLength(4);
      await db.close();
    });
  });

  it('what waits is bounded too: beyond it nothing more is read until there is room', async () => {
    await serving({ limits: { inFlight: 1, waitingBytes: 100_000 } }, async (server) => {
      const client = await RpcSocket.root(server.wsUrl);
      const text = 'x'.repeat(40_000);
      const lengths = await Promise.all(
        Array.from({ length: 30 }, () => client.query('RETURN string::len($text)', { text })),
      );
      expect(lengths).toEqual(Array(30).fill([40_000]));
    });
  });

  it('a reader that stalls stops its own requests: little is kept in memory for it, and nothing is lost', async () => {
    await serving({ limits: { pausedSendBytes: 2_000_000 } }, async (server) => {
      const client = await RpcSocket.root(server.wsUrl);
      const other = await RpcSocket.root(server.wsUrl);
      await client.query('DEFINE TABLE done');
      client.socket.pause();
      const big = 'x'.repeat(1_000_000);
      const answers = Array.from({ length: 60 }, () =>
        client.call('query', ['CREATE done RETURN NONE; RETURN $big', { big }]),
      );
      await pause(800);
      const ran = ((await other.query('SELECT VALUE id FROM done'))[0] as unknown[]).length;
      expect(ran).toBeLessThan(40);
      client.socket.resume();
      await Promise.all(answers);
      expect((await other.query('SELECT VALUE id FROM done'))[0]).toHaveLength(60);
    });
  });

  it('a reader that stalls under live events is let go', async () => {
    await serving({ limits: { maxSendBytes: 3_000_000 } }, async (server) => {
      const client = await RpcSocket.root(server.wsUrl);
      const other = await RpcSocket.root(server.wsUrl);
      await other.query('DEFINE TABLE big');
      await client.ok('live', ['big']);
      client.socket.pause();
      const text = 'x'.repeat(500_000);
      for (let n = 0; n < 40; n += 1) await other.query('CREATE big SET text = $text RETURN NONE', { text });
      const lives = async (): Promise<number> =>
        Object.keys(((await other.query('INFO FOR TABLE big')) as [{ lives: object }])[0].lives).length;
      await eventually(async () => expect(await lives()).toBe(0), 30_000);
      client.socket.terminate();
    });
  });

  it('attached sessions are counted', async () => {
    await serving({ limits: { sessions: 2 } }, async (server) => {
      const client = await RpcSocket.root(server.wsUrl);
      const attach = (n: number): Promise<unknown> =>
        client.call('attach', [], { session: `018a6680-bef9-701b-9025-e1754f296a0${n}` });
      expect(await Promise.all([attach(1), attach(2), attach(3)])).toMatchObject([
        { result: undefined },
        { result: undefined },
        { error: { code: -32000, message: 'The server is unable to handle the request' } },
      ]);
    });
  });

  it('pings arrive', async () => {
    await serving({ limits: { pingInterval: 20 } }, async (server) => {
      const client = await RpcSocket.open(server.wsUrl);
      await new Promise((resolve) => client.socket.once('ping', resolve));
    });
  });
});
