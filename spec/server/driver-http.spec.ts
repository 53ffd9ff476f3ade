import { connect, type Connection, type ConnectOptions } from '../../lib/driver/connect.js';
import { AuthenticationError, ConnectionError, PermissionError, TimeoutError } from '../../lib/errors/index.js';
import { FakeServer } from '../support/fake-server.js';

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

let server: FakeServer;
beforeEach(async () => (server = await FakeServer.start()));
afterEach(() => server.close());

function open(options: ConnectOptions = {}): Promise<Connection> {
  return connect(server.httpUrl, { namespace: 'näme', database: 'd', connect: { attempts: 1 }, ...options });
}

const STARTED = Math.floor(Date.now() / 1_000);

/** A token that runs out in so many seconds. */
function token(name: string, seconds: number): string {
  const claims = { jti: name, exp: STARTED + seconds };
  return `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
}

describe('the http transport', () => {
  it('sends place, token and variables along with each request', async () => {
    server.script = ({ method }) => (method === 'signin' ? { result: token('one', 3_600) } : undefined);
    const db = await open({ auth: { username: 'root', password: 'root' } });
    await db.let('a', 1);
    await db.let('b', 2);
    await db.query('RETURN $a', { b: 3 });
    const { headers, params } = server.calls.at(-1) as (typeof server.calls)[number];
    expect(Buffer.from(headers['surreal-ns'] as string, 'latin1').toString()).toBe('näme');
    expect(headers['surreal-db']).toBe('d');
    expect(headers.authorization).toBe(`Bearer ${token('one', 3_600)}`);
    expect(params).toEqual(['RETURN $a', { a: 1, b: 3 }]);
    await db.invalidate();
    await db.query('RETURN 1');
    expect(server.calls.at(-1)?.headers.authorization).toBeUndefined();
  });

  it('signs in again before its token runs out, once for all who wait', async () => {
    let signins = 0;
    server.script = ({ method }) =>
      method === 'signin' ? { result: token(`t${(signins += 1)}`, signins === 1 ? -1 : 3_600) } : undefined;
    const db = await open({ auth: () => ({ username: 'root', password: 'root' }) });
    await Promise.all([db.query('RETURN 1'), db.query('RETURN 2')]);
    await db.query('RETURN 3');
    expect(signins).toBe(2);
    expect(server.calls.at(-1)?.headers.authorization).toBe(`Bearer ${token('t2', 3_600)}`);
  });

  it('tries again with a token that a server behind in time does not take yet, and with no other', async () => {
    const made = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
    const seconds = Math.floor(Date.now() / 1_000);
    let refusals = 2;
    server.script = ({ method, headers }) => {
      if (method === 'signin') return { result: made({ nbf: seconds, exp: seconds + 3_600 }) };
      const refused = headers.authorization !== undefined && (refusals -= 1) >= 0;
      return refused ? { status: 401, text: 'There was a problem with authentication' } : undefined;
    };
    const db = await open({ auth: { username: 'root', password: 'root' } });
    expect(await db.query('RETURN 1')).toEqual(['RETURN 1']);
    expect(server.log.filter((name) => name === 'signin')).toHaveLength(1);
    const old = await open({ auth: { token: made({ nbf: seconds - 600, exp: seconds + 3_600 }) } });
    refusals = 1;
    server.calls.length = 0;
    expect(await failure(old.query('RETURN 2'))).toBeInstanceOf(AuthenticationError);
    expect(server.calls).toHaveLength(1);
  });

  it('never goes on anonymously when it cannot', async () => {
    server.script = ({ method }) =>
      method === 'signin' && server.log.filter((name) => name === 'signin').length > 1
        ? {
            error: {
              code: -32002,
              message: 'There was a problem with authentication',
              kind: 'NotAllowed',
              details: { kind: 'Auth', details: { kind: 'InvalidAuth' } },
            },
          }
        : method === 'signin'
          ? { result: token('short', -1) }
          : undefined;
    const connecting = open({ auth: { username: 'root', password: 'root' } });
    const error = await failure(connecting.then((db) => db.query('CREATE a')));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(server.log).not.toContain('CREATE a');
  });

  it.each<[number, string, new (...args: never[]) => Error, unknown]>([
    [401, 'There was a problem with authentication', AuthenticationError, undefined],
    [403, 'forbidden', PermissionError, undefined],
    [404, 'not found', ConnectionError, 'not-sent'],
    [502, 'bad gateway', ConnectionError, 'unknown'],
    [503, 'unavailable', ConnectionError, 'not-sent'],
  ])('types an answer of status %i', async (status, text, type, outcome) => {
    const db = await open();
    server.script = () => ({ status, text });
    const error = await failure(db.query('RETURN 1'));
    expect(error).toBeInstanceOf(type);
    expect(String(error)).toContain(text);
    if (outcome !== undefined) expect(error).toMatchObject({ outcome });
  });

  it('leaves the outcome of a cut request unknown, and does not repeat it', async () => {
    const db = await open();
    server.script = ({ method }) => (method === 'query' ? 'cut' : undefined);
    expect(await failure(db.query('CREATE a'))).toMatchObject({ code: 'CONNECTION', outcome: 'unknown' });
    expect(server.log.filter((text) => text === 'CREATE a')).toHaveLength(1);
  });

  it('gives up at its deadline and ends the request', async () => {
    const db = await open({ timeout: 80 });
    server.script = ({ method }) => (method === 'query' ? 'silence' : undefined);
    const before = server.openSockets;
    expect(await failure(db.query('CREATE a'))).toBeInstanceOf(TimeoutError);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.openSockets).toBeLessThan(before + 1);
  });

  it('says that a server is not there', async () => {
    const gone = await FakeServer.start();
    const { httpUrl } = gone;
    await gone.close();
    for (const url of [httpUrl, 'http://127.0.0.1:1', 'http://no.such.host.invalid']) {
      const error = await failure(connect(url, { connect: { attempts: 1 } }));
      expect(error).toMatchObject({ code: 'CONNECTION', outcome: 'not-sent' });
    }
  });

  it('says what answered instead of SurrealDB', async () => {
    server.script = () => ({ status: 200, text: '<html>welcome</html>' });
    expect(String(await failure(open()))).toContain('welcome');
  });
});
