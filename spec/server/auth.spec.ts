import { startServer, type RunningServer } from '../../lib/server/index.js';
import { RpcSocket } from './support/rpc-socket.js';
import { serving } from './support/serving.js';

const ANONYMOUS = {
  code: -32002,
  kind: 'NotAllowed',
  message: expect.stringContaining('Anonymous access not allowed'),
};

describe('sign-in', () => {
  let server: RunningServer;
  let root: RpcSocket;

  beforeAll(async () => {
    server = await startServer({ user: 'root', pass: "p'a`s\\s" });
    root = await RpcSocket.open(server.wsUrl);
    await root.ok('signin', [{ user: 'root', pass: "p'a`s\\s" }]);
    await root.ok('use', ['test', 'test']);
    await root.query(`
      DEFINE TABLE doc PERMISSIONS FOR select WHERE owner = $auth FOR create, update, delete NONE;
      DEFINE TABLE person PERMISSIONS FOR select WHERE id = $auth;
      DEFINE ACCESS member ON DATABASE TYPE RECORD
        SIGNUP (CREATE person SET name = $name) SIGNIN (SELECT * FROM person WHERE name = $name) WITH REFRESH DURATION FOR TOKEN 1h;
      DEFINE ACCESS brief ON DATABASE TYPE RECORD SIGNUP (CREATE person SET name = $name) DURATION FOR SESSION 1s;
    `);
  });
  afterAll(async () => {
    await root.end();
    await server.close();
  });

  it.each<[string, unknown[]]>([
    ['query', ['RETURN 1']],
    ['select', ['doc']],
    ['create', ['doc', {}]],
    ['insert', ['doc', {}]],
    ['insert_relation', ['doc', {}]],
    ['update', ['doc', {}]],
    ['upsert', ['doc', {}]],
    ['merge', ['doc', {}]],
    ['patch', ['doc', []]],
    ['delete', ['doc']],
    ['relate', ['a:1', 'doc', 'a:2']],
    ['run', ['time::now']],
    ['live', ['doc']],
    ['kill', ['doc']],
    ['begin', []],
  ])('is needed for %s', async (method, params) => {
    const stranger = await RpcSocket.open(server.wsUrl);
    await stranger.ok('use', ['test', 'test']);
    expect((await stranger.call(method, params)).error).toMatchObject(ANONYMOUS);
    await stranger.end();
  });

  it('is needed again after invalidate and after reset', async () => {
    const client = await RpcSocket.open(server.wsUrl);
    for (const leave of ['invalidate', 'reset']) {
      await client.ok('signin', [{ user: 'root', pass: "p'a`s\\s" }]);
      expect(await client.query('RETURN 1')).toEqual([1]);
      await client.ok(leave);
      expect((await client.call('query', ['RETURN 1'])).error).toMatchObject(ANONYMOUS);
    }
    await client.end();
  });

  it('refuses a wrong password, an unknown user and a forged token, and changes nothing by that', async () => {
    const client = await RpcSocket.open(server.wsUrl);
    const attempts: [string, unknown[]][] = [
      ['signin', [{ user: 'root', pass: 'wrong' }]],
      ['signin', [{ user: 'nobody', pass: 'root' }]],
      ['signin', [{}]],
      ['signin', ['text']],
      ['signin', []],
      ['authenticate', ['eyJhbGciOiJIUzUxMiJ9.eyJJRCI6InJvb3QifQ.c2lnbmF0dXJl']],
      ['authenticate', [5]],
      ['signup', [{ ns: 'test', db: 'test', ac: 'nope' }]],
      ['refresh', [{ access: 'x', refresh: 'y' }]],
    ];
    for (const [method, params] of attempts) {
      expect((await client.call(method, params)).error).toBeDefined();
      expect((await client.call('query', ['RETURN 1'])).error).toMatchObject(ANONYMOUS);
    }
    await client.end();
  });

  it('holds for its own session and connection only', async () => {
    const other = await RpcSocket.open(server.wsUrl);
    expect((await other.call('query', ['RETURN 1'])).error).toMatchObject(ANONYMOUS);
    await other.end();
  });

  it('shows record users what PERMISSIONS let them see', async () => {
    const mia = await RpcSocket.open(server.wsUrl);
    const tokens = (await mia.ok('signup', [{ ns: 'test', db: 'test', ac: 'member', name: 'mia' }])) as Record<
      string,
      string
    >;
    await root.query(
      'CREATE doc SET owner = (SELECT VALUE id FROM ONLY person WHERE name = "mia" LIMIT 1); CREATE doc SET owner = person:other',
    );
    expect(await mia.query('SELECT VALUE owner FROM doc')).toHaveLength(1);
    expect(((await mia.query('SELECT * FROM doc'))[0] as unknown[]).length).toBe(1);
    expect(((await root.query('SELECT * FROM doc'))[0] as unknown[]).length).toBe(2);
    await expect(mia.query('REMOVE TABLE doc')).rejects.toThrow('permissions');

    const renewed = (await mia.ok('refresh', [tokens])) as Record<string, string>;
    expect(renewed['access']).not.toBe(tokens['access']);
    const later = await RpcSocket.open(server.wsUrl);
    await later.ok('authenticate', [renewed['access']]);
    expect(await later.query('RETURN $auth.name')).toEqual(['mia']);
    expect(await later.ok('info')).toMatchObject({ name: 'mia' });
    await Promise.all([mia.end(), later.end()]);
  });

  it('ends with the session and does not turn into the owner', async () => {
    const short = await RpcSocket.open(server.wsUrl);
    await short.ok('signup', [{ ns: 'test', db: 'test', ac: 'brief', name: 'bo' }]);
    expect(await short.query('RETURN 1')).toEqual([1]);
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    const expired = (await short.call('query', ['SELECT * FROM doc'])).error;
    expect(expired).toMatchObject({ kind: 'NotAllowed', message: expect.stringContaining('expired') });
    await short.call('invalidate');
    expect((await short.call('query', ['SELECT * FROM doc'])).error).toBeDefined();
    await short.ok('reset');
    expect((await short.call('query', ['SELECT * FROM doc'])).error).toMatchObject(ANONYMOUS);
    await short.end();
  });

  it('can be left out on purpose', async () => {
    await serving({ unauthenticated: true }, async (open) => {
      const client = await RpcSocket.open(open.wsUrl);
      await client.ok('use', ['a', 'b']);
      expect(await client.query('RETURN 1')).toEqual([1]);
      await client.ok('invalidate');
      expect(await client.query('RETURN 2')).toEqual([2]);
      // A page of another site would be the owner here.
      const headers = { origin: 'https://evil.example' };
      await expect(RpcSocket.open(open.wsUrl, { headers })).rejects.toThrow('403');
      expect((await fetch(`${open.httpUrl}/health`, { headers })).status).toBe(403);
    });
  });
});
