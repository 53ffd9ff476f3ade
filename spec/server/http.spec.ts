import { request as httpRequest } from 'node:http';
import { decode, encode } from '../../lib/driver/codec/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import { freshId, RpcSocket, type Answer, type StatementEntry } from './support/rpc-socket.js';
import { serving } from './support/serving.js';

const ROOT = `Basic ${Buffer.from('root:root').toString('base64')}`;
const PLACE = { 'surreal-ns': 'http', 'surreal-db': 'http' };

describe('http', () => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startServer({ user: 'root', pass: 'root' });
  });
  afterAll(() => server.close());

  const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server.httpUrl}${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : Buffer.from(body),
      headers,
    });
  const rpc = async (
    method: string,
    params: unknown[] = [],
    headers: Record<string, string> = {},
    extra = {},
  ): Promise<Answer> => {
    const all = { 'content-type': 'application/cbor', authorization: ROOT, ...PLACE, ...headers };
    const response = await post('/rpc', encode({ id: 1, method, params, ...extra }), all);
    expect(response.status).toBe(200);
    return decode(new Uint8Array(await response.arrayBuffer())) as Answer;
  };
  const sql = async (text: string, headers: Record<string, string> = {}): Promise<readonly StatementEntry[]> => {
    const response = await post('/sql', text, { authorization: ROOT, ...PLACE, ...headers });
    return (await response.json()) as readonly StatementEntry[];
  };

  it('answers its probes', async () => {
    expect((await fetch(`${server.httpUrl}/health`)).status).toBe(200);
    expect((await fetch(`${server.httpUrl}/status`)).status).toBe(200);
    expect(await (await fetch(`${server.httpUrl}/version`)).text()).toBe('surrealdb-3.0.2');
    expect((await fetch(`${server.httpUrl}/status`)).headers.get('surreal-version')).toBe('surrealdb/3.0.2');
    expect((await fetch(`${server.httpUrl}/nowhere`)).status).toBe(404);
    expect((await fetch(`${server.httpUrl}/sql`)).status).toBe(405);
    expect((await fetch(`${server.httpUrl}/rpc`)).status).toBe(426);
    expect((await fetch(`${server.httpUrl}/health`, { method: 'HEAD' })).status).toBe(200);
  });

  describe('POST /rpc', () => {
    it('runs one request under the session its headers describe', async () => {
      expect((await rpc('query', ['RETURN [session::ns(), session::db()]'])).result).toMatchObject([
        { result: ['http', 'http'] },
      ]);
      expect((await rpc('ping')).result).toBeUndefined();
      expect((await rpc('query', ['RETURN $n', { n: 5 }])).result).toMatchObject([{ result: 5 }]);
    });

    it('speaks JSON too', async () => {
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        accept: 'application/json',
        authorization: ROOT,
        ...PLACE,
      };
      const response = await post('/rpc', JSON.stringify({ id: 1, method: 'query', params: ['RETURN 1dec'] }), headers);
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(await response.json()).toMatchObject({ id: 1, result: [{ result: '1', status: 'OK' }] });
    });

    it('refuses credentials that fail with plain text', async () => {
      for (const authorization of [
        `Basic ${Buffer.from('root:wrong').toString('base64')}`,
        'Basic nonsense',
        'Bearer a.b.c',
        'Digest x',
        'Basic',
      ]) {
        const response = await post('/rpc', encode({ method: 'ping' }), {
          'content-type': 'application/cbor',
          authorization,
        });
        expect(response.status).toBe(401);
        expect(response.headers.get('content-type')).toContain('text/plain');
      }
    });

    it('refuses who did not sign in', async () => {
      const body = encode({ method: 'query', params: ['RETURN 1'] });
      const response = await post('/rpc', body, { 'content-type': 'application/cbor', ...PLACE });
      expect(decode(new Uint8Array(await response.arrayBuffer()))).toMatchObject({ error: { code: -32002 } });
    });

    it('takes tokens, and the place a token names goes first', async () => {
      const root = (await rpc('signin', [{ user: 'root', pass: 'root' }], { authorization: ROOT })).result as string;
      expect((await rpc('query', ['RETURN session::db()'], { authorization: `Bearer ${root}` })).result).toMatchObject([
        { result: 'http' },
      ]);
      await sql('DEFINE USER OVERWRITE dora ON DATABASE PASSWORD "d" ROLES EDITOR');
      const dora = (await rpc('signin', [{ ns: 'http', db: 'http', user: 'dora', pass: 'd' }])).result as string;
      const headers = { authorization: `Bearer ${dora}`, 'surreal-db': 'elsewhere' };
      expect((await rpc('query', ['RETURN session::db()'], headers)).result).toMatchObject([{ result: 'http' }]);
      const basic = {
        authorization: `Basic ${Buffer.from('dora:d').toString('base64')}`,
        'surreal-auth-ns': 'http',
        'surreal-auth-db': 'http',
      };
      expect((await rpc('query', ['RETURN 7'], basic)).result).toMatchObject([{ result: 7 }]);
    });

    it('has neither transactions nor live queries', async () => {
      for (const method of ['begin', 'commit', 'cancel'])
        expect((await rpc(method)).error).toMatchObject({ code: -32601 });
      expect((await rpc('live', ['x'])).error).toMatchObject({ code: -32604 });
    });

    it('keeps attached sessions until they are detached', async () => {
      const session = freshId();
      await rpc('attach', [], {}, { session });
      await rpc('signin', [{ user: 'root', pass: 'root' }], {}, { session });
      await rpc('let', ['x', 3], {}, { session });
      expect((await rpc('query', ['RETURN $x'], {}, { session })).result).toMatchObject([{ result: 3 }]);
      await rpc('detach', [], {}, { session });
      expect((await rpc('query', ['RETURN $x'], {}, { session })).error).toMatchObject({ kind: 'NotFound' });
    });

    it('tells nobody of the sessions of others, which would be theirs to use', async () => {
      const session = freshId();
      await rpc('attach', [], {}, { session });
      await rpc('signin', [{ user: 'root', pass: 'root' }], {}, { session });
      const stranger = freshId();
      await rpc('attach', [], {}, { session: stranger });
      expect((await rpc('sessions')).result).toEqual([]);
      expect((await rpc('sessions', [], {}, { session: stranger })).result).toEqual([stranger]);
      expect((await rpc('query', ['RETURN 1'], {}, { session: stranger })).error).toMatchObject({ code: -32002 });
      for (const id of [session, stranger]) await rpc('detach', [], {}, { session: id });
    });

    it('refuses what it cannot read', async () => {
      const headers = { authorization: ROOT };
      expect((await post('/rpc', 'x', { ...headers, 'content-type': 'text/plain' })).status).toBe(415);
      expect(
        (await post('/rpc', 'x', { ...headers, 'content-type': 'application/cbor', accept: 'application/json' }))
          .status,
      ).toBe(415);
      const garbage = await post('/rpc', new Uint8Array([255]), { ...headers, 'content-type': 'application/cbor' });
      expect(decode(new Uint8Array(await garbage.arrayBuffer()))).toMatchObject({ error: { code: -32700 } });
      const json = await post('/rpc', '{', { ...headers, 'content-type': 'application/json' });
      expect(await json.json()).toMatchObject({ error: { code: -32700 } });
    });

    it('refuses a database without a namespace instead of dying of it', async () => {
      const headers = { authorization: ROOT, 'surreal-db': 'x', 'content-type': 'application/cbor' };
      expect((await post('/rpc', encode({ method: 'ping' }), headers)).status).toBe(400);
      expect((await fetch(`${server.httpUrl}/health`)).status).toBe(200);
    });

    it('ends the engine session of every request', async () => {
      const before = (await sql('CREATE probe; RETURN 1')).length;
      expect(before).toBe(2);
      await Promise.all(Array.from({ length: 50 }, () => rpc('query', ['RETURN 1'])));
      const client = await RpcSocket.root(server.wsUrl);
      expect(await client.query('RETURN 1')).toEqual([1]);
      await client.end();
    });
  });

  describe('POST /sql', () => {
    it('runs statements and answers in JSON, or CBOR where asked', async () => {
      expect(await sql('RETURN 1; THROW "no"')).toMatchObject([
        { status: 'OK', result: 1 },
        { status: 'ERR', result: 'An error occurred: no' },
      ]);
      const response = await post('/sql', 'RETURN 1', { authorization: ROOT, ...PLACE, accept: 'application/cbor' });
      expect(decode(new Uint8Array(await response.arrayBuffer()))).toMatchObject([{ result: 1 }]);
    });

    it('binds the parameters of the url as text', async () => {
      const response = await post('/sql?name=a%20b&n=1', 'RETURN [$name, $n]', { authorization: ROOT, ...PLACE });
      expect(await response.json()).toMatchObject([{ result: ['a b', '1'] }]);
    });

    it('refuses strangers and text that does not parse', async () => {
      expect((await post('/sql', 'RETURN 1', PLACE)).status).toBe(401);
      const response = await post('/sql', 'SELECT FROM WHERE', { authorization: ROOT, ...PLACE });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 400, information: expect.stringContaining('Parse error') });
    });
  });

  describe('POST /signin and /signup', () => {
    it('exchange credentials for a token', async () => {
      await sql(`DEFINE ACCESS OVERWRITE account ON DATABASE TYPE RECORD
        SIGNUP (CREATE person SET name = $name) SIGNIN (SELECT * FROM person WHERE name = $name) WITH REFRESH`);
      const signin = await post('/signin', JSON.stringify({ user: 'root', pass: 'root' }));
      expect(await signin.json()).toEqual({
        code: 200,
        details: 'Authentication succeeded',
        token: expect.stringMatching(/^ey/),
      });
      const credentials = JSON.stringify({ ns: 'http', db: 'http', ac: 'account', name: 'mia' });
      const signup = await post('/signup', credentials);
      expect(await signup.json()).toMatchObject({
        token: expect.stringMatching(/^ey/),
        refresh: expect.stringContaining('surreal-refresh'),
      });
      const cbor = await post('/signin', credentials, { accept: 'application/cbor' });
      expect(decode(new Uint8Array(await cbor.arrayBuffer()))).toMatchObject({ token: expect.stringMatching(/^ey/) });
      const text = await post('/signin', credentials, { accept: 'text/plain' });
      expect(await text.text()).toMatch(/^ey/);
    });

    it('refuse wrong and oversize ones', async () => {
      expect((await post('/signin', JSON.stringify({ user: 'root', pass: 'x' }))).status).toBe(401);
      expect((await post('/signin', '{')).status).toBe(400);
      expect((await post('/signin', JSON.stringify({ user: 'x'.repeat(2_000), pass: 'x' }))).status).toBe(413);
    });
  });

  describe('/export and /import', () => {
    it('carry a database from one place to another', async () => {
      await sql('DEFINE TABLE pet SCHEMALESS; CREATE pet:1 SET name = "Tim"', { 'surreal-db': 'source' });
      const headers = { authorization: ROOT, ...PLACE };
      const dump = await (
        await fetch(`${server.httpUrl}/export`, { headers: { ...headers, 'surreal-db': 'source' } })
      ).text();
      expect(dump).toContain('OPTION IMPORT');
      expect((await post('/import', dump, { ...headers, 'surreal-db': 'target' })).status).toBe(200);
      expect(await sql('SELECT VALUE name FROM pet', { 'surreal-db': 'target' })).toMatchObject([{ result: ['Tim'] }]);
      const config = JSON.stringify({ records: false });
      const source = { ...headers, 'surreal-db': 'source' };
      expect(await (await post('/export', config, source)).text()).not.toContain('Tim');
      const cbor = { ...source, 'content-type': 'application/cbor' };
      const without = await (await post('/export', encode({ records: false, tables: ['pet'] }), cbor)).text();
      expect(without).toContain('DEFINE TABLE pet');
      expect(without).not.toContain('Tim');
      expect((await post('/export', encode({ tables: 5 }), cbor)).status).toBe(400);
      expect((await post('/export', new Uint8Array([255]), cbor)).status).toBe(400);
    });

    it('never mix two databases up', async () => {
      const names = Array.from({ length: 6 }, (_, n) => `mixed${n}`);
      await Promise.all(names.map((name) => sql(`DEFINE TABLE ${name}`, { 'surreal-db': name })));
      const dumps = await Promise.all(
        names.map(async (name) => {
          const headers = { authorization: ROOT, 'surreal-ns': 'http', 'surreal-db': name };
          return (await fetch(`${server.httpUrl}/export`, { headers })).text();
        }),
      );
      dumps.forEach((dump, n) => expect(dump).toContain(`DEFINE TABLE ${names[n]} `));
    });

    it('need the right to see the database', async () => {
      expect((await fetch(`${server.httpUrl}/export`, { headers: PLACE })).status).toBe(401);
      await sql('DEFINE ACCESS OVERWRITE visitor ON DATABASE TYPE RECORD SIGNUP (CREATE guest)');
      const signup = await post('/signup', JSON.stringify({ ns: 'http', db: 'http', ac: 'visitor' }));
      const { token } = (await signup.json()) as { token: string };
      const headers = { authorization: `Bearer ${token}` };
      expect((await fetch(`${server.httpUrl}/export`, { headers })).status).toBe(403);
      const imported = await post('/import', 'CREATE guest', headers);
      expect(((await imported.json()) as StatementEntry[])[0]).toMatchObject({ result: [] });
    });
  });

  it('refuses bodies above the limit', async () => {
    const big = new Uint8Array(4 * 1024 * 1024 + 1);
    const headers = { authorization: ROOT, ...PLACE, 'content-type': 'application/cbor' };
    expect((await post('/rpc', big, headers)).status).toBe(413);
    expect((await post('/sql', new Uint8Array(1024 * 1024 + 1), headers)).status).toBe(413);
    // Sent in pieces, so that no header tells the length beforehand.
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(`${server.httpUrl}/signin`, { method: 'POST' }, (response) => {
        resolve(response.statusCode);
        response.resume();
      });
      request.on('error', reject);
      request.write('x'.repeat(600));
      request.end('x'.repeat(600));
    });
    expect(status).toBe(413);
  });

  it('lets pages of other sites in where sign-in is needed', async () => {
    const preflight = await fetch(`${server.httpUrl}/rpc`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('surreal-ns');
  });

  it('serves without sign-in where that is asked for', async () => {
    await serving({ unauthenticated: true }, async (open) => {
      const response = await fetch(`${open.httpUrl}/sql`, { method: 'POST', body: 'RETURN 1', headers: PLACE });
      expect(await response.json()).toMatchObject([{ result: 1 }]);
    });
  });
});
