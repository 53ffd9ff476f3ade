import { createServer } from 'node:net';
import { startServer } from '../../lib/server/index.js';
import { LocalServer } from '../../lib/server/local-server.js';
import { pause } from './support/eventually.js';
import { RpcSocket } from './support/rpc-socket.js';
import { withFolder } from './support/temporary.js';

const ROOT = { user: 'root', pass: 'root' };

describe('the life of a server', () => {
  it('names its port and both addresses', async () => {
    const server = await startServer(ROOT);
    expect(server).toMatchObject({
      port: expect.any(Number),
      wsUrl: `ws://127.0.0.1:${server.port}/rpc`,
      httpUrl: `http://127.0.0.1:${server.port}`,
    });
    await server.close();
  });

  it('gives its port back, also when it is closed twice at once', async () => {
    const first = await startServer(ROOT);
    const { port } = first;
    await Promise.all([first.close(), first.close()]);
    await first.close();
    for (let round = 0; round < 3; round += 1) {
      const again = await startServer({ ...ROOT, port });
      expect(again.port).toBe(port);
      const client = await RpcSocket.root(again.wsUrl);
      expect(await client.query('RETURN 1')).toEqual([1]);
      await again.close();
      expect(await client.closed()).toMatchObject({ code: 1001 });
    }
  });

  it('says which port is taken, and that before the store is opened', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as { port: number };
    await expect(startServer({ ...ROOT, port })).rejects.toMatchObject({
      code: 'CONNECTION',
      message: expect.stringMatching(new RegExp(`127.0.0.1:${port}.*taken by another process`, 's')),
    });
    await new Promise((resolve) => holder.close(resolve));
  });

  it('refuses options that cannot be right, and leaves no port open', async () => {
    await expect(startServer({ ...ROOT, port: 70_000 })).rejects.toMatchObject({ code: 'VALIDATION' });
    await expect(startServer({ ...ROOT, host: '0.0.0.0' })).rejects.toMatchObject({ code: 'VALIDATION' });
    await expect(startServer({ user: 'root' })).rejects.toMatchObject({ code: 'VALIDATION' });
    await expect(startServer({ pass: 'root' })).rejects.toMatchObject({ code: 'VALIDATION' });
    await expect(startServer()).rejects.toMatchObject({
      code: 'VALIDATION',
      message: expect.stringContaining('Nobody could sign in'),
    });
    await expect(startServer({ ...ROOT, url: 'tikv://x' })).rejects.toMatchObject({ code: 'CAPABILITY' });
    await expect(startServer({ ...ROOT, url: 'rocksdb:///proc/nope' })).rejects.toMatchObject({ code: 'CONNECTION' });
  });

  it('answers what is running before it closes', async () => {
    const server = await startServer(ROOT);
    const client = await RpcSocket.root(server.wsUrl);
    const running = client.query('SLEEP 300ms; RETURN "done"');
    const overHttp = fetch(`${server.httpUrl}/sql`, {
      method: 'POST',
      body: 'SLEEP 200ms; RETURN "done"',
      headers: {
        authorization: `Basic ${Buffer.from('root:root').toString('base64')}`,
        'surreal-ns': 'a',
        'surreal-db': 'b',
      },
    });
    await pause(100);
    const closing = server.close();
    await pause(20);
    expect((await client.call('query', ['RETURN 1'])).error).toMatchObject({
      message: 'The server is gracefully shutting down',
    });
    expect((await running)[1]).toBe('done');
    expect(await (await overHttp).json()).toMatchObject([{}, { result: 'done' }]);
    await closing;
    await client.closed();
    await expect(fetch(`${server.httpUrl}/health`)).rejects.toThrow();
  });

  it('closes while clients hold transactions and live queries, send without end or say nothing', async () => {
    const server = await startServer(ROOT);
    const [busy, holder, silent] = await Promise.all([
      RpcSocket.root(server.wsUrl),
      RpcSocket.root(server.wsUrl),
      RpcSocket.open(server.wsUrl),
    ]);
    await holder.query('DEFINE TABLE t');
    await holder.ok('live', ['t']);
    await holder.ok('begin');
    silent.socket.pause();
    for (let n = 0; n < 500; n += 1) void busy.call('query', ['CREATE t']);
    await server.close();
    expect((await busy.closed()).code).toBe(1001);
  });

  it('keeps the data of a store on disk, and its users', async () => {
    await withFolder(async (folder) => {
      const url = `surrealkv://${folder}/db`;
      const first = await startServer({ ...ROOT, url });
      const client = await RpcSocket.root(first.wsUrl);
      await client.query('CREATE keep:1 SET n = 1');
      await first.close();
      const second = await startServer({ url, user: 'root', pass: 'another' });
      const again = await RpcSocket.root(second.wsUrl);
      expect(await again.query('SELECT VALUE n FROM keep')).toEqual([[1]]);
      await second.close();
      // Users of the store suffice.
      const third = await startServer({ url });
      await RpcSocket.root(third.wsUrl);
      await third.close();
    });
  });

  it('lets early clients wait for the store', async () => {
    await withFolder(async (folder) => {
      const server = await LocalServer.listen({ ...ROOT, url: `rocksdb://${folder}/db` });
      try {
        let open = false;
        void server.ready.then(() => (open = true));
        const health = fetch(`http://${server.authority}/health`);
        const client = await RpcSocket.open(`ws://${server.authority}/rpc`);
        expect(open).toBe(false);
        await client.ok('signin', [{ user: 'root', pass: 'root' }]);
        expect(open).toBe(true);
        expect((await health).status).toBe(200);
      } finally {
        await server.close();
      }
    });
  });

  it('can be closed before the store is open', async () => {
    await withFolder(async (folder) => {
      const server = await LocalServer.listen({ ...ROOT, url: `rocksdb://${folder}/db` });
      const client = await RpcSocket.open(`ws://${server.authority}/rpc`);
      const asked = client.call('signin', [{ user: 'root', pass: 'root' }]);
      await pause(10);
      await server.close();
      expect(await Promise.race([asked, client.closed()])).toBeDefined();
    });
  });
});
