import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { connect, type Connection, type ConnectOptions } from '../../lib/driver/connect.js';
import { AuthenticationError, CapabilityError, ConnectionError, TimeoutError } from '../../lib/errors/index.js';
import { Uuid } from '../../lib/values/index.js';
import { FakeServer, type FakeCall } from '../support/fake-server.js';
import { eventually } from './support/eventually.js';
import { runChild } from '../support/run-child.js';

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const isQuery = (text: string) => (call: FakeCall) => call.method === 'query' && call.params[0] === text;

let server: FakeServer;
const opened: Connection[] = [];
beforeEach(async () => (server = await FakeServer.start()));
afterEach(async () => {
  await Promise.all(opened.splice(0).map((connection) => connection.close({ timeout: 100 })));
  await server.close();
});

async function open(options: ConnectOptions = {}): Promise<Connection> {
  const db = await connect(server.wsUrl, {
    namespace: 'n',
    database: 'd',
    connect: { attempts: 1 },
    ...options,
  });
  opened.push(db);
  return db;
}

describe('connecting', () => {
  it('tells version, place and sign-in in this order', async () => {
    await open({ auth: { username: 'root', password: 'root' } });
    expect(server.log).toEqual(['version', 'use', 'signin', 'use']);
    expect(server.calls.map(({ params }) => params)).toEqual([
      [],
      ['n', 'd'],
      [{ user: 'root', pass: 'root' }],
      ['n', 'd'],
    ]);
  });

  it('adds /rpc to the url only where it is missing', async () => {
    for (const path of ['', '/', '/rpc', '/rpc/', '/behind/proxy']) {
      const db = await connect(server.wsUrl + path);
      expect(await db.version()).toBe('3.0.2');
      await db.close();
    }
  });

  it('gives up on a server that is not there', async () => {
    const error = await failure(connect('ws://127.0.0.1:1', { connect: { attempts: 1 } }));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ outcome: 'not-sent' });
    expect(String(error)).toContain('start the server');
  });

  it('tells a wrong url from a server that is not there', async () => {
    const web = createHttpServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
    await new Promise((resolve) => web.once('listening', resolve));
    const host = `127.0.0.1:${(web.address() as AddressInfo).port}`;
    const attempt = async (url: string) => String(await failure(connect(url, { connect: { attempts: 1 } })));
    const [path, secure, bare] = [
      await attempt(`ws://${host}/sql`),
      await attempt(`wss://${host}`),
      await attempt('localhost:8000'),
    ];
    web.close();
    expect(path).toContain('check the path of the url: SurrealDB answers at /rpc');
    expect(secure).toContain('write ws:// instead of wss://');
    expect(bare).toContain('write the scheme too: ws://localhost:8000');
    for (const text of [path, secure, bare]) expect(text).not.toContain('start the server');
  });

  it('tries again as often as it is told', async () => {
    const messages: string[] = [];
    await failure(
      connect('ws://127.0.0.1:1', { connect: { attempts: 3 }, logger: ({ message }) => void messages.push(message) }),
    );
    expect(messages).toHaveLength(2);
  });

  it('connects to a server that comes up in between', async () => {
    const { port } = server;
    await server.close();
    const connecting = connect(`ws://127.0.0.1:${port}`, { connect: { attempts: 10 } });
    await pause(150);
    server = await FakeServer.start(port);
    opened.push(await connecting);
    expect(server.log).toEqual(['version']);
  });

  it('has a deadline for a handshake that hangs', async () => {
    const sockets: Socket[] = [];
    const deaf = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => deaf.once('listening', resolve));
    const url = `ws://127.0.0.1:${(deaf.address() as AddressInfo).port}`;
    const started = performance.now();
    const error = await failure(connect(url, { connect: { timeout: 150, attempts: 1 } }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(performance.now() - started).toBeLessThan(8_000);
    for (const socket of sockets) socket.destroy();
    deaf.close();
  });

  it.each(['version', 'use', 'signin'])('has a deadline for a %s that is not answered', async (method) => {
    server.script = (call) => (call.method === method ? 'silence' : undefined);
    const connecting = connect(server.wsUrl, {
      namespace: 'n',
      database: 'd',
      auth: { username: 'root', password: 'root' },
      connect: { timeout: 150, attempts: 1 },
    });
    expect(await failure(connecting)).toBeInstanceOf(TimeoutError);
    await pause(50);
    expect(server.openSockets).toBe(0);
  });

  it('has a deadline for a function that gives no credentials, and tells what one throws', async () => {
    const opening = (auth: ConnectOptions['auth']) =>
      failure(connect(server.wsUrl, { ...(auth && { auth }), connect: { timeout: 150, attempts: 1 } }));
    expect(await opening(() => new Promise<never>(() => undefined))).toMatchObject({
      code: 'TIMEOUT',
      outcome: 'not-sent',
      what: expect.stringContaining('`auth` gave no credentials'),
    });
    const cause = new Error('the vault is sealed');
    const thrown = await opening(() => Promise.reject(cause));
    expect(thrown).toMatchObject({ code: 'CONNECTION', outcome: 'not-sent', cause });
    expect(String(thrown)).toContain('the vault is sealed');
    await eventually(() => expect(server.openSockets).toBe(0));
  });

  it('refuses a server before 3.0, and names its version', async () => {
    server.script = ({ method }) => (method === 'version' ? { result: 'surrealdb-2.6.1+20250101' } : undefined);
    const error = await failure(open());
    expect(error).toBeInstanceOf(CapabilityError);
    expect(String(error)).toContain('2.6.1');
    expect(server.log).toEqual(['version']);
    server.script = ({ method }) => (method === 'version' ? { result: 'surrealdb-3.1.0-alpha.2+x' } : undefined);
    expect((await open()).capabilities.version).toBe('3.1.0-alpha.2');
  });

  it('does not try again with credentials that are wrong', async () => {
    server.script = ({ method }) =>
      method === 'signin'
        ? {
            error: {
              code: -32002,
              message: 'There was a problem with authentication',
              kind: 'NotAllowed',
              details: { kind: 'Auth', details: { kind: 'InvalidAuth' } },
            },
          }
        : undefined;
    expect(
      await failure(open({ auth: { username: 'root', password: 'wrong' }, connect: { attempts: 5 } })),
    ).toBeInstanceOf(AuthenticationError);
    expect(server.connections).toBe(1);
  });
});

describe('a lost connection', () => {
  it('fails the calls that were sent with an unknown outcome, and never sends them again', async () => {
    const db = await open();
    server.script = (call) => (isQuery('CREATE a')(call) ? 'cut' : isQuery('CREATE b')(call) ? 'silence' : undefined);
    const [b, a] = await Promise.all([failure(db.query('CREATE b')), failure(db.query('CREATE a'))]);
    for (const error of [a, b]) {
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({ outcome: 'unknown', inFlight: true });
    }
    server.script = () => undefined;
    expect(await db.query('RETURN 1')).toEqual(['RETURN 1']);
    await pause(50);
    expect(server.log.filter((text) => text.startsWith('CREATE'))).toEqual(['CREATE b', 'CREATE a']);
  });

  it('fails the calls that waited for their turn as not sent', async () => {
    const db = await open();
    server.script = ({ method }) => (method === 'let' ? 'silence' : undefined);
    const changing = failure(db.let('x', 1));
    const waiting = failure(db.query('CREATE waiting'));
    await pause(30);
    server.cutAll();
    expect(await changing).toMatchObject({ outcome: 'unknown' });
    expect(await waiting).toMatchObject({ code: 'CONNECTION', outcome: 'not-sent' });
    expect(server.log).not.toContain('CREATE waiting');
  });

  it('is made again by the next call, with everything the session was told, in order', async () => {
    let signins = 0;
    const db = await open({ auth: () => ({ username: 'root', password: `secret${(signins += 1)}` }) });
    await db.use({ database: 'other' });
    await db.let('a', 1);
    await db.let('b', 2);
    await db.unset('a');
    server.cutAll();
    await pause(50);
    server.calls.length = 0;
    await Promise.all([db.query('RETURN 1'), db.query('RETURN 2'), db.query('RETURN 3')]);
    expect(server.connections).toBe(2);
    expect(server.log).toEqual(['version', 'use', 'signin', 'use', 'let', 'RETURN 1', 'RETURN 2', 'RETURN 3']);
    expect(server.calls[1]?.params).toEqual(['n', 'other']);
    expect(server.calls[2]?.params).toEqual([{ user: 'root', pass: 'secret2' }]);
    expect(server.calls[4]?.params).toEqual(['b', 2]);
  });

  it('is never anonymous afterwards: a sign-in that fails fails the call', async () => {
    const db = await open({ auth: { token: 'x.y.z' } });
    server.script = ({ method }) =>
      method === 'authenticate'
        ? {
            error: {
              code: -32002,
              message: 'expired',
              kind: 'NotAllowed',
              details: { kind: 'Auth', details: { kind: 'TokenExpired' } },
            },
          }
        : undefined;
    server.cutAll();
    await pause(50);
    expect(await failure(db.query('RETURN 1'))).toBeInstanceOf(AuthenticationError);
    expect(server.log).not.toContain('RETURN 1');
  });

  it('takes its transactions and live queries along', async () => {
    const id = Uuid.v7();
    server.script = ({ method, params }) =>
      method === 'begin'
        ? { result: Uuid.v7() }
        : String(params[0]).startsWith('LIVE')
          ? { result: [{ status: 'OK', time: '', result: id }] }
          : undefined;
    const db = await open({ reconnect: false });
    const tx = await db.begin();
    const channel = await db.live('LIVE SELECT * FROM a');
    const ends: unknown[] = [];
    channel.onEnd((reason, error) => void ends.push([reason, error?.constructor.name]));
    server.cutAll();
    await pause(50);
    expect(ends).toEqual([['disconnected', 'ConnectionError']]);
    await db.query('RETURN 1');
    expect(await failure(tx.query('CREATE a'))).toMatchObject({ code: 'CONNECTION', outcome: 'not-sent' });
    expect(await failure(tx.commit())).toMatchObject({ why: expect.stringContaining('a statement in it failed') });
    await tx.cancel();
    await channel.close();
    expect(server.log).not.toContain('commit');
    expect(server.log).not.toContain('kill');
  });

  it('leaves a commit unknown whose answer was lost', async () => {
    server.script = ({ method }) =>
      method === 'begin' ? { result: Uuid.v7() } : method === 'commit' ? 'cut' : undefined;
    const db = await open();
    const tx = await db.begin();
    await tx.query('CREATE a');
    const error = await failure(tx.commit());
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ outcome: 'unknown', what: 'The answer to a commit was lost' });
    await tx.cancel();
    expect(server.log.filter((method) => method === 'commit' || method === 'cancel')).toEqual(['commit']);
  });

  it('leaves a commit unknown that timed out, too', async () => {
    server.script = ({ method }) =>
      method === 'begin' ? { result: Uuid.v7() } : method === 'commit' ? 'silence' : undefined;
    const db = await open({ timeout: 80 });
    const tx = await db.begin();
    expect(await failure(tx.commit())).toMatchObject({ code: 'CONNECTION', outcome: 'unknown' });
  });

  it.each([
    [1001, 'going away'],
    [1009, 'too large'],
    [1013, 'overloaded'],
  ])('says why the server closed it: %i', async (code, words) => {
    server.script = ({ method }) => (method === 'query' ? 'silence' : undefined);
    const db = await open();
    const waiting = failure(db.query('RETURN 1'));
    await pause(20);
    server.closeClients(code, 'because');
    const error = (await waiting) as ConnectionError;
    expect(error.message).toContain(words);
    expect(error.message).toContain('because');
  });

  it.each<[string, unknown]>([
    ['text', '{"id":1}'],
    ['no message', 5],
    ['an error of no call', { error: { code: -32700, message: 'Parse error', kind: 'Validation' } }],
  ])('is what a frame means that makes no sense: %s', async (_, frame) => {
    server.script = ({ method }) => (method === 'query' ? 'silence' : undefined);
    const db = await open();
    const waiting = failure(db.query('RETURN 1'));
    await pause(20);
    server.push(frame);
    expect(await waiting).toMatchObject({ code: 'CONNECTION', outcome: 'unknown' });
    server.script = () => undefined;
    expect(await db.query('RETURN 2')).toEqual(['RETURN 2']);
  });
});

describe('deadlines', () => {
  it('give up on a request without closing the connection; a late answer is dropped', async () => {
    let late: FakeCall | undefined;
    server.script = (call) => {
      if (!isQuery('CREATE slow')(call)) return undefined;
      late = call;
      return 'silence';
    };
    const db = await open({ timeout: 60 });
    expect(await failure(db.query('CREATE slow'))).toMatchObject({ code: 'TIMEOUT', outcome: 'unknown' });
    server.push({ id: late?.id, result: [{ status: 'OK', result: 'late', time: '' }] });
    expect(await db.query('RETURN 1', {}, { timeout: 0 })).toEqual(['RETURN 1']);
    expect(server.connections).toBe(1);
    expect(server.log.filter((text) => text === 'CREATE slow')).toHaveLength(1);
  });

  it('do not hold others back for ever when a session change is not answered', async () => {
    server.script = ({ method }) => (method === 'let' ? 'silence' : undefined);
    const db = await open({ timeout: 60 });
    const changing = failure(db.let('x', 1));
    const after = db.query('RETURN 1', {}, { timeout: 0 });
    expect(await changing).toBeInstanceOf(TimeoutError);
    expect(await after).toEqual(['RETURN 1']);
  });

  it('can be longer than a timer is', async () => {
    const db = await open({ timeout: 2 ** 31 + 1_000 });
    expect(await db.query('RETURN 1')).toEqual(['RETURN 1']);
    const never = await open({ timeout: Infinity });
    expect(await never.query('RETURN 1')).toEqual(['RETURN 1']);
  });
});

describe('the heartbeat', () => {
  it('finds a server that is silent, though the socket is open', async () => {
    server.script = ({ method }) => (method === 'ping' || method === 'query' ? 'silence' : undefined);
    const db = await open({ ping: { interval: 60, timeout: 60 } });
    const error = (await failure(db.query('RETURN 1'))) as ConnectionError;
    expect(error).toMatchObject({ code: 'CONNECTION', outcome: 'unknown' });
    expect(error.message).toContain('no sign of life');
    expect(server.log).toContain('ping');
  });

  it('leaves a server alone that answers it', async () => {
    const db = await open({ ping: { interval: 30, timeout: 500 } });
    await eventually(() => expect(server.log.filter((method) => method === 'ping').length).toBeGreaterThanOrEqual(3));
    expect(await db.query('RETURN 1')).toEqual(['RETURN 1']);
    expect(server.connections).toBe(1);
  });

  it('asks nothing of a server that is heard anyway', async () => {
    const db = await open({ ping: { interval: 2_000, timeout: 60 } });
    for (const end = Date.now() + 2_500; Date.now() < end;) {
      await db.query('RETURN 1');
      await pause(20);
    }
    expect(server.log).not.toContain('ping');
  });
});

describe('live notifications', () => {
  it('that overtake the answer of their LIVE are kept for it, others are dropped', async () => {
    const id = Uuid.v7();
    const db = await open();
    server.script = ({ method, params }) => {
      if (method !== 'query' || !String(params[0]).startsWith('LIVE')) return undefined;
      server.push({ result: { id, action: 'CREATE', record: 'first', result: {} } });
      server.push({ result: { id: Uuid.v7(), action: 'CREATE', record: 'foreign', result: {} } });
      return { result: [{ status: 'OK', time: '', result: id }] };
    };
    server.push({ result: { id, action: 'CREATE', record: 'before', result: {} } });
    await pause(20);
    const channel = await db.live('LIVE SELECT * FROM a');
    server.push({ result: { id, action: 'UPDATE', record: 'second', result: {} } });
    await pause(30);
    const got: unknown[] = [];
    channel.on(({ record }) => void got.push(record));
    expect(got).toEqual(['first', 'second']);
    const ends: unknown[] = [];
    channel.onEnd((reason, error) => void ends.push([reason, error?.message]));
    server.push({ result: { id, action: 'ERROR', record: undefined, result: 'it broke' } });
    await pause(30);
    expect(ends).toEqual([['killed', expect.stringContaining('it broke')]]);
    channel.onEnd((reason) => void ends.push(reason));
    expect(ends).toHaveLength(2);
  });
});

describe('closing', () => {
  it('leaves nothing behind that keeps the process alive', async () => {
    const child = await runChild(`
      import { startServer } from 'lib/server/index.js';
      import { connect } from 'lib/driver/connect.js';
      async function main() {
        const server = await startServer({ url: 'mem://', user: 'root', pass: 'root' });
        const options = { namespace: 'a', database: 'a', auth: { username: 'root', password: 'root' } };
        for (const url of [server.wsUrl, server.httpUrl]) {
          const db = await connect(url, options);
          console.log(JSON.stringify(await db.query('RETURN 1')));
          await db.close();
          await db.close();
        }
        await server.close();
      }`);
    expect(child).toMatchObject({ code: 0, late: false });
    expect(child.output.trim().split('\n')).toEqual(['[1]', '[1]']);
  });

  it('waits for what is under way, and not longer than it is told', async () => {
    server.script = ({ method }) => (method === 'query' ? 'silence' : undefined);
    const db = await open();
    const waiting = failure(db.query('CREATE a'));
    await pause(20);
    const started = performance.now();
    await db.close({ timeout: 80 });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await waiting).toMatchObject({ code: 'CONNECTION', outcome: 'unknown' });
    expect(await failure(db.query('RETURN 1'))).toMatchObject({ outcome: 'not-sent' });
  });
});
