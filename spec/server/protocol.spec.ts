import { decode, encode } from '../../lib/driver/codec/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import { RecordId } from '../../lib/values/index.js';
import { freshId, RpcSocket, type Answer } from './support/rpc-socket.js';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('the wire protocol over ws', () => {
  let server: RunningServer;
  let client: RpcSocket;

  beforeAll(async () => {
    server = await startServer({ user: 'root', pass: 'root' });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    client = await RpcSocket.root(server.wsUrl);
  });
  afterEach(() => client.end());

  it('answers bytes with bytes: an id in, the same id and the result out', async () => {
    const answered = new Promise<Buffer>((resolve) => client.socket.once('message', resolve));
    // { id: 7, method: "query", params: ["RETURN 1"] }
    client.socket.send(bytes('a3 626964 07 666d6574686f64 657175657279 66706172616d73 81 6852455455524e2031'));
    // { id: 7, result: [{ result: 1, status: "OK", time: "…", type: NONE }] }
    expect((await answered).toString('hex')).toMatch(
      /^a26269640766726573756c7481a466726573756c740166737461747573624f4b6474696d65.*6474797065c6f6$/,
    );
  });

  it.each<[string, unknown]>([
    ['a number', 12],
    ['text', 'abc'],
    ['a uuid', freshId()],
    ['a date', new Date(1_700_000_000_000)],
    ['null', null],
    ['a float', 1.25],
  ])('echoes %s as the id', async (_what, id) => {
    const answer = await new Promise<Answer>((resolve) => {
      client.socket.once('message', (data: Buffer) => resolve(decode(data) as Answer));
      client.socket.send(encode({ id, method: 'ping' }));
    });
    expect(encode(answer.id)).toEqual(encode(id));
    expect(answer).toHaveProperty('result', undefined);
  });

  it('leaves the id out when there was none', async () => {
    expect(await client.raw(encode({ method: 'version' }))).toEqual({ result: 'surrealdb-3.0.2' });
  });

  it.each<[string, Uint8Array]>([
    ['no CBOR', bytes('ff')],
    ['an empty frame', new Uint8Array(0)],
    ['bytes that end early', encode({ method: 'query', params: ['RETURN 1'] }).slice(0, -3)],
    ['bytes after the request', Buffer.concat([encode({ method: 'ping' }), bytes('00')])],
    ['an array', encode(['query'])],
    ['keys that are no text', bytes('a1 01 02')],
    ['a length beyond the frame', bytes('bbffffffffffffffff')],
    [
      '200,000 arrays inside each other',
      Buffer.concat([bytes('a1666d6574686f64'), Buffer.alloc(200_000, 0x81), bytes('01')]),
    ],
  ])('reports %s without an id', async (what, frame) => {
    const answer = await client.raw(frame);
    const nested = what.startsWith('200,000');
    expect(answer.error).toMatchObject(
      nested ? { code: -32600 } : { code: -32700, kind: 'Validation', message: 'Parse error' },
    );
    expect(answer).not.toHaveProperty('id');
    expect(await client.query('RETURN 1')).toEqual([1]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['no method', { params: [] }],
    ['a method that is no text', { method: 5 }],
    ['an id that is an object', { id: { a: 1 }, method: 'ping' }],
    ['an id that is a truth', { id: true, method: 'ping' }],
    ['a session that is no uuid', { method: 'query', params: ['RETURN 1'], session: 'junk' }],
    ['a transaction that is no uuid', { method: 'query', params: ['RETURN 1'], txn: 9 }],
    ['an unknown protocol version', { method: 'query', params: ['RETURN 1'], version: 3 }],
  ])('refuses %s', async (_what, request) => {
    const answer = await client.raw(encode(request));
    expect(answer.error).toMatchObject({ code: -32600, kind: 'Validation', message: 'Invalid request' });
  });

  it('knows its methods and no other', async () => {
    for (const method of ['nope', 'Query', 'toString', '__proto__', '']) {
      expect((await client.call(method)).error).toEqual({
        code: -32601,
        kind: 'NotFound',
        message: 'Method not found',
        details: { kind: 'Method', details: { name: 'unknown' } },
        cause: undefined,
      });
    }
  });

  it('passes the engine’s own refusals on', async () => {
    expect((await client.call('query', [5])).error).toMatchObject({
      code: -32603,
      message: 'Expected query to be string',
    });
    expect((await client.call('query', ['SELEC * FROM x'])).error).toMatchObject({ code: -32000, kind: 'Validation' });
    expect((await client.call('query')).error).toMatchObject({ code: -32603 });
    expect((await client.call('use', ['one'])).error).toMatchObject({ code: -32603, message: 'Expected (ns, db)' });
  });

  it('answers what the engine cannot encode or read with an error, and lives', async () => {
    expect((await client.call('query', ['RETURN /a/'])).error).toMatchObject({ code: -32000, kind: 'Internal' });
    // { method: "query", params: ["RETURN 1", { a: 99(1) }] }: a tag the engine does not know
    const unknown = bytes('a2 666d6574686f64 657175657279 66706172616d73 82 6852455455524e2031 a1 6161 d86301');
    expect((await client.raw(unknown)).error).toMatchObject({ code: -32700 });
    expect(await client.query('RETURN 2')).toEqual([2]);
  });

  it('keeps a result apart from an error although it looks like one', async () => {
    await client.query('DEFINE FUNCTION fn::odd() { RETURN { error: { code: 1 } } }');
    expect(await client.ok('run', ['fn::odd', undefined, []])).toEqual({ error: { code: 1 } });
    await client.query('CREATE odd:1 SET error = { code: 1, kind: "x", message: "y" }');
    expect(await client.ok('select', [new RecordId('odd', 1)])).toMatchObject({ error: { code: 1 } });
  });

  describe('use', () => {
    const NONE = undefined;

    it('refuses a database without a namespace, which would end the process', async () => {
      const fresh = await RpcSocket.open(server.wsUrl);
      for (const params of [
        [NONE, 'db'],
        [null, 'db'],
      ]) {
        expect((await fresh.call('use', params)).error).toMatchObject({
          code: -32600,
          message: 'Specify a namespace to use',
        });
      }
      // CBOR's undefined (f7) is null to the engine.
      const frame = bytes('a2 666d6574686f64 63757365 66706172616d73 82 f7 626462');
      expect((await fresh.raw(frame)).error).toMatchObject({ message: 'Specify a namespace to use' });
      expect((await fresh.call('use', [5, 'db'])).error).toMatchObject({ code: -32603 });
      await fresh.end();
    });

    it('keeps, unsets and defaults as the engine does', async () => {
      const fresh = await RpcSocket.open(server.wsUrl);
      expect(await fresh.ok('use', [NONE, NONE])).toEqual({ namespace: 'main', database: 'main' });
      expect(await fresh.ok('use', ['n', NONE])).toEqual({ namespace: 'n', database: 'main' });
      expect(await fresh.ok('use', [NONE, 'd'])).toEqual({ namespace: 'n', database: 'd' });
      expect((await fresh.call('use', [null, 'd'])).error).toBeDefined();
      expect(await fresh.ok('use', [null, null])).toEqual({ namespace: undefined, database: undefined });
      await fresh.end();
    });
  });

  it('speaks JSON where the client asks for it, or for nothing', async () => {
    for (const protocols of [['json'], []]) {
      const json = await RpcSocket.open(server.wsUrl, { protocols });
      const answered = (): Promise<string> =>
        new Promise((resolve) => json.socket.once('message', (data) => resolve(String(data))));
      const ask = (request: unknown): Promise<string> => {
        const answer = answered();
        json.socket.send(JSON.stringify(request));
        return answer;
      };
      expect(
        JSON.parse(await ask({ id: 'a', method: 'signin', params: [{ user: 'root', pass: 'root' }] })),
      ).toMatchObject({ id: 'a' });
      await ask({ id: 1, method: 'use', params: ['test', 'json'] });
      await ask({ id: 2, method: 'create', params: ['person:one', { at: '2024-01-02T03:04:05Z', big: 1 }] });
      const row = await ask({
        id: 3,
        method: 'query',
        params: ['SELECT *, type::of(at) AS kind, 9223372036854775807 AS max FROM person:one'],
      });
      expect(row).toContain('"max":9223372036854775807');
      expect(JSON.parse(row)).toMatchObject({ id: 3, result: [{ result: [{ id: 'person:one', kind: 'datetime' }] }] });
      expect(JSON.parse(await ask('{'))).toMatchObject({ error: { code: -32700 } });
      await ask({ id: 4, method: 'delete', params: ['person:one'] });
      await json.end();
    }
  });

  it('chooses cbor of several subprotocols and turns unknown ones away', async () => {
    const both = await RpcSocket.open(server.wsUrl, { protocols: ['json', 'cbor'] });
    expect(both.socket.protocol).toBe('cbor');
    await both.end();
    await expect(RpcSocket.open(server.wsUrl, { protocols: ['flatbuffers'] })).rejects.toThrow('400');
    await expect(RpcSocket.open(server.wsUrl.replace('/rpc', '/elsewhere'))).rejects.toThrow('404');
  });

  it('takes a session from the headers of the upgrade', async () => {
    const basic = `Basic ${Buffer.from('root:root').toString('base64')}`;
    const seeded = await RpcSocket.open(server.wsUrl, {
      headers: { authorization: basic, 'surreal-ns': 'h', 'surreal-db': 'e' },
    });
    expect(await seeded.query('RETURN [session::ns(), session::db()]')).toEqual([['h', 'e']]);
    await seeded.end();
    const wrong = `Basic ${Buffer.from('root:wrong').toString('base64')}`;
    await expect(RpcSocket.open(server.wsUrl, { headers: { authorization: wrong } })).rejects.toThrow('401');
    await expect(RpcSocket.open(server.wsUrl, { headers: { authorization: 'Bearer x.y.z' } })).rejects.toThrow('401');
  });
});
