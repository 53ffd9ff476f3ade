import { decode } from '../../lib/driver/codec/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import type { StatementEntry } from './support/rpc-socket.js';

const ROOT = { authorization: `Basic ${Buffer.from('root:root').toString('base64')}` };
const PLACE = { 'surreal-ns': 'http', 'surreal-db': 'key' };

describe('/key', () => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startServer({ user: 'root', pass: 'root' });
  });
  afterAll(() => server.close());

  const ask = (method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server.httpUrl}/key/${path}`, {
      method,
      headers: { ...ROOT, ...PLACE, ...headers },
      ...(body !== undefined && { body }),
    });
  /** The result of the one statement, which must have gone well. */
  const result = async (method: string, path: string, body?: string): Promise<unknown> => {
    const response = await ask(method, path, body);
    expect(response.status).toBe(200);
    const entries = (await response.json()) as readonly StatementEntry[];
    expect(entries).toMatchObject([{ status: 'OK' }]);
    return entries[0]?.result;
  };

  it('creates, reads, replaces, merges and deletes one record', async () => {
    expect(await result('POST', 'person/ann', '{"name":"Ann","age":30}')).toEqual([
      { id: 'person:ann', name: 'Ann', age: 30 },
    ]);
    expect(await result('GET', 'person/ann')).toEqual([{ id: 'person:ann', name: 'Ann', age: 30 }]);
    expect(await result('GET', 'person/ann?fields=name')).toEqual([{ name: 'Ann' }]);
    expect(await result('PATCH', 'person/ann', '{"age":31}')).toMatchObject([{ name: 'Ann', age: 31 }]);
    expect(await result('PUT', 'person/ann', '{"name":"Anna"}')).toEqual([{ id: 'person:ann', name: 'Anna' }]);
    expect(await result('PUT', 'person/ben', '{"name":"Ben"}')).toEqual([{ id: 'person:ben', name: 'Ben' }]);
    expect(await result('DELETE', 'person/ann')).toEqual([{ id: 'person:ann', name: 'Anna' }]);
    expect(await result('DELETE', 'person/ann')).toEqual([]);
    expect(await result('DELETE', 'person')).toEqual([{ id: 'person:ben', name: 'Ben' }]);
  });

  it('works on a whole table, page by page', async () => {
    for (const n of [1, 2, 3]) await result('POST', `row/${n}`, `{"n":${n}}`);
    expect(await result('POST', 'row', '{"n":4}')).toMatchObject([{ n: 4 }]);
    expect(await result('GET', 'row')).toHaveLength(4);
    expect(await result('GET', 'row?limit=2&start=1')).toMatchObject([{ n: 2 }, { n: 3 }]);
    expect(await result('GET', 'row?limit=1&fields=n&fields=id')).toEqual([{ n: 1, id: 'row:1' }]);
    expect(await result('PATCH', 'row', '{"seen":true}')).toHaveLength(4);
    expect(await result('PUT', 'row', '{"all":1}')).toMatchObject([{ all: 1 }, { all: 1 }, { all: 1 }, { all: 1 }]);
    expect(await result('DELETE', 'row')).toHaveLength(4);
    expect(await result('GET', 'row')).toEqual([]);
  });

  it('reads the kind of a key from how it is written', async () => {
    const ids = async (key: string): Promise<unknown> =>
      ((await result('POST', `kind/${encodeURIComponent(key)}`, '{}')) as [{ id: string }])[0].id;
    expect(await ids('7')).toBe('kind:7');
    expect(await ids('"7"')).toBe('kind:`7`');
    expect(await ids('["a",1]')).toBe("kind:['a', 1]");
    expect(await ids('9007199254740993')).toBe('kind:9007199254740993');
    expect(await ids('a/b c')).toBe('kind:`a/b c`');
    expect(await ids('true')).toBe('kind:true');
  });

  it('takes SurrealQL for a body, with the variables of the url, and never for a name', async () => {
    expect(
      await result('POST', 'made/1?by=ann&n=2', '{ by: $by, twice: $n * 2, at: d"2024-01-01T00:00:00.000000001Z" }'),
    ).toEqual([{ id: 'made:1', by: 'ann', twice: 4, at: '2024-01-01T00:00:00.000000001Z' }]);
    await result('POST', `made/2?table=other&id=3`, '{}');
    expect(await result('GET', 'made')).toHaveLength(2);
    await result('POST', `${encodeURIComponent('odd; REMOVE TABLE made')}/1`, '{}');
    expect(await result('GET', 'made')).toHaveLength(2);
  });

  it('tells in the entry what the statement refuses, and with a status what is no request', async () => {
    expect(await (await ask('GET', 'once')).json()).toMatchObject([
      { status: 'ERR', result: "The table 'once' does not exist" },
    ]);
    await result('POST', 'once/1', '{}');
    expect(await (await ask('POST', 'once/1', '{}')).json()).toMatchObject([
      { status: 'ERR', result: expect.stringContaining('already exists') },
    ]);
    const status = async (...request: Parameters<typeof ask>): Promise<number> => (await ask(...request)).status;
    expect(await status('POST', 'once/2', '{')).toBe(400);
    expect(await status('POST', 'once/2', 'THROW "no"')).toBe(400);
    expect(await status('GET', 'once?limit=x')).toBe(400);
    expect(await status('GET', 'once/%ff')).toBe(400);
    expect(await status('GET', 'once/1/2')).toBe(404);
    expect(await status('GET', '')).toBe(404);
    expect(await status('REPORT', 'once')).toBe(405);
    expect(await status('POST', 'once/3', `"${'x'.repeat(17_000)}"`)).toBe(413);
    expect(await (await ask('GET', 'once', undefined, { 'surreal-db': '' })).json()).toMatchObject({
      code: 400,
      information: 'Specify a database to use',
    });
    expect((await fetch(`${server.httpUrl}/key/once`, { headers: PLACE })).status).toBe(401);
    expect(await result('GET', 'once')).toHaveLength(1);
  });

  it('answers in CBOR where that is asked for', async () => {
    await result('POST', 'typed/1', '{"n":1}');
    const response = await ask('GET', 'typed/1', undefined, { accept: 'application/cbor' });
    const [entry] = decode(new Uint8Array(await response.arrayBuffer())) as [StatementEntry];
    expect(String((entry.result as [{ id: unknown }])[0].id)).toBe('typed:1');
  });
});
