import { connect, type Connection, type ConnectOptions } from '../../lib/driver/connect.js';
import { AuthenticationError } from '../../lib/errors/index.js';
import { Uuid } from '../../lib/values/index.js';
import { FakeServer } from '../support/fake-server.js';
import { eventually, pause } from './support/eventually.js';

const OPTIONS = { namespace: 'n', database: 'd', auth: { username: 'root', password: 'root' } } as const;
const OK = (result: unknown) => ({ result: [{ status: 'OK', time: '', result }] });

let server: FakeServer;
const opened: Connection[] = [];
beforeEach(async () => (server = await FakeServer.start()));
afterEach(async () => {
  await Promise.all(opened.splice(0).map((connection) => connection.close({ timeout: 100 })));
  await server.close();
});

/** Each LIVE is given an id, in order. */
function answersLive(): Uuid[] {
  const ids: Uuid[] = [];
  server.script = ({ method, params }) => {
    if (method !== 'query' || !String(params[0]).startsWith('LIVE')) return undefined;
    const id = Uuid.v7();
    ids.push(id);
    return OK(id);
  };
  return ids;
}

async function open(options: ConnectOptions = {}) {
  const db = await connect(server.wsUrl, { ...OPTIONS, connect: { attempts: 1 }, ...options });
  opened.push(db);
  const told: unknown[][] = [];
  for (const event of ['connected', 'disconnected', 'reconnecting', 'resubscribed', 'authLost'] as const) {
    db.on(event, (...args: unknown[]) => void told.push([event, ...args]));
  }
  return { db, told, events: () => told.map(([event]) => event) };
}

describe('a lost connection with live queries', () => {
  it('comes back by itself: place, sign-in, variables, live queries, in this order', async () => {
    const ids = answersLive();
    const { db, told, events } = await open();
    await db.let('a', 1);
    const one = await db.live('LIVE SELECT * FROM a WHERE n = $n', { n: 5 });
    const two = await db.live('LIVE SELECT * FROM b');
    const gaps: string[] = [];
    one.onResubscribed(() => gaps.push('one'));
    two.onResubscribed(() => gaps.push('two'));
    server.calls.length = 0;
    server.cutAll();
    await eventually(() => expect(events()).toContain('connected'));
    expect(server.log).toEqual([
      'version',
      'use',
      'signin',
      'use',
      'let',
      'LIVE SELECT * FROM a WHERE n = $n',
      'LIVE SELECT * FROM b',
    ]);
    expect(server.calls[5]?.params[1]).toEqual({ n: 5 });
    expect(events()).toEqual(['disconnected', 'reconnecting', 'resubscribed', 'resubscribed', 'connected']);
    expect(told[1]?.[1]).toBe(1);
    expect(told[2]?.slice(1).map(String)).toEqual([String(ids[0]), String(ids[2])]);
    expect([one.id, two.id].map(String)).toEqual([String(ids[2]), String(ids[3])]);
    expect(gaps).toEqual(['one', 'two']);
  });

  it('delivers to the same channels, and nothing under the old ids', async () => {
    const ids = answersLive();
    const { db, events } = await open();
    const channel = await db.live('LIVE SELECT * FROM a');
    const heard: unknown[] = [];
    channel.on(({ record }) => void heard.push(record));
    server.cutAll();
    await eventually(() => expect(events()).toContain('connected'));
    server.push({ result: { id: ids[0], action: 'CREATE', record: 'old', result: {} } });
    server.push({ result: { id: ids[1], action: 'CREATE', record: 'new', result: {} } });
    await eventually(() => expect(heard).toEqual(['new']));
  });

  it('is tried again and again, with pauses that grow, until the server is back', async () => {
    answersLive();
    const { db, told, events } = await open();
    await db.live('LIVE SELECT * FROM a');
    const { port } = server;
    await server.close();
    await eventually(() => expect(events().filter((event) => event === 'reconnecting').length).toBeGreaterThan(2));
    server = await FakeServer.start(port);
    answersLive();
    await eventually(() => expect(events()).toContain('connected'));
    const pauses = told.filter(([event]) => event === 'reconnecting').map(([, , waited]) => waited as number);
    expect(pauses[1]).toBeGreaterThanOrEqual(100);
    expect(pauses[1]).toBeLessThanOrEqual(200);
    expect(pauses[2]).toBeGreaterThanOrEqual(200);
    expect(pauses[2]).toBeLessThanOrEqual(400);
  });

  it('ends them with its error after as many attempts as are wanted', async () => {
    answersLive();
    const { db, events } = await open({ reconnect: { attempts: 2 } });
    const channel = await db.live('LIVE SELECT * FROM a');
    const ends: unknown[] = [];
    channel.onEnd((reason, error) => void ends.push(reason, error?.constructor.name));
    await server.close();
    await eventually(() => expect(ends).toEqual(['disconnected', 'ConnectionError']));
    expect(events()).toEqual(['disconnected', 'reconnecting', 'reconnecting']);
    server = await FakeServer.start();
  });

  it('ends them, and says so, when the server no longer takes the credentials', async () => {
    answersLive();
    const { db, events } = await open();
    const channel = await db.live('LIVE SELECT * FROM a');
    const ends: unknown[] = [];
    channel.onEnd((reason, error) => void ends.push(reason, error?.constructor.name));
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
    server.cutAll();
    await eventually(() => expect(ends).toEqual(['disconnected', 'AuthenticationError']));
    expect(events()).toEqual(['disconnected', 'reconnecting', 'authLost']);
    await expect(db.query('RETURN 1')).rejects.toBeInstanceOf(AuthenticationError);
    server.script = () => undefined;
    expect(await db.query('RETURN 1')).toEqual(['RETURN 1']);
  });

  it('comes back though the function that gives the credentials fails for a while', async () => {
    answersLive();
    let asked = 0;
    const { db, events } = await open({
      auth: () => {
        asked += 1;
        if (asked > 1 && asked < 4) throw new Error('the vault is sealed');
        return OPTIONS.auth;
      },
    });
    const channel = await db.live('LIVE SELECT * FROM a');
    const ends: unknown[] = [];
    channel.onEnd((reason) => void ends.push(reason));
    server.cutAll();
    await eventually(() => expect(events()).toContain('connected'));
    expect(asked).toBe(4);
    expect([ends, events()]).toEqual([
      [],
      ['disconnected', 'reconnecting', 'reconnecting', 'reconnecting', 'resubscribed', 'connected'],
    ]);
  });

  it('ends with what the function that gives the credentials says of a user who is not taken any more', async () => {
    answersLive();
    const gone = new AuthenticationError({ what: 'The refresh token is worth nothing' });
    let asked = 0;
    const { db, events } = await open({
      auth: () => {
        asked += 1;
        if (asked > 1) throw gone;
        return OPTIONS.auth;
      },
    });
    const channel = await db.live('LIVE SELECT * FROM a');
    const ends: unknown[] = [];
    channel.onEnd((reason, error) => void ends.push(reason, error));
    server.cutAll();
    await eventually(() => expect(ends).toEqual(['disconnected', gone]));
    expect(events()).toEqual(['disconnected', 'reconnecting', 'authLost']);
  });

  it('ends one that the server refuses, and keeps the others', async () => {
    answersLive();
    const { db, events } = await open();
    const gone = await db.live('LIVE SELECT * FROM gone');
    const kept = await db.live('LIVE SELECT * FROM kept');
    const ends: unknown[] = [];
    gone.onEnd((reason, error) => void ends.push(reason, error?.message));
    kept.onEnd((reason) => void ends.push(reason));
    server.script = ({ method, params }) => {
      if (method !== 'query') return undefined;
      if (!String(params[0]).includes('gone')) return OK(Uuid.v7());
      return { result: [{ status: 'ERR', time: '', result: "The table 'gone' does not exist" }] };
    };
    server.cutAll();
    await eventually(() => expect(events()).toContain('connected'));
    expect(ends).toEqual(['killed', expect.stringContaining('gone')]);
  });

  it('starts over when it is lost again while it is being made', async () => {
    answersLive();
    const { db, events } = await open();
    await db.live('LIVE SELECT * FROM a');
    let cuts = 0;
    const answers = server.script;
    server.script = (call) => {
      const step = ['version', 'use', 'signin', 'query'][cuts];
      if (call.method !== step) return answers(call);
      cuts += 1;
      return 'cut';
    };
    server.cutAll();
    await eventually(() => expect(events()).toContain('connected'), 30_000);
    expect(cuts).toBe(4);
    expect(events().filter((event) => event === 'disconnected')).toHaveLength(1);
    expect(db.capabilities.live).toBe(true);
  });

  it('kills what was closed while it was being registered anew', async () => {
    const ids = answersLive();
    const { db, events } = await open();
    const channel = await db.live('LIVE SELECT * FROM a');
    const answers = server.script;
    server.script = (call) => {
      const answer = answers(call);
      if (call.connection === 2 && call.method === 'query') void channel.close();
      return answer;
    };
    server.cutAll();
    await eventually(() => expect(server.log).toContain('kill'));
    expect(server.calls.at(-1)?.params.map(String)).toEqual([String(ids[1])]);
    await eventually(() => expect(events()).toContain('connected'));
    expect(events()).not.toContain('resubscribed');
  });

  it('registers a query once whose connection was lost before its id was told', async () => {
    const ids = answersLive();
    const { db } = await open();
    const answers = server.script;
    server.script = (call) => {
      const answer = answers(call);
      return call.method === 'query' && call.connection === 1 ? 'cut' : answer;
    };
    const channel = await db.live('LIVE SELECT * FROM a');
    expect(String(channel.id)).toBe(String(ids[1]));
    expect(server.connections).toBe(2);
    expect(ids).toHaveLength(2);
  });

  it('registers thousands side by side', async () => {
    const ids = answersLive();
    const { db, events } = await open();
    await Promise.all(Array.from({ length: 2_000 }, () => db.live('LIVE SELECT * FROM a')));
    server.cutAll();
    await eventually(() => expect(events()).toContain('connected'), 30_000);
    expect(ids).toHaveLength(4_000);
  });

  it('is left alone once they are closed', async () => {
    answersLive();
    const { db, events } = await open();
    const channel = await db.live('LIVE SELECT * FROM a');
    await channel.close();
    server.cutAll();
    await pause(300);
    expect(events()).toEqual(['disconnected']);
    expect(server.connections).toBe(1);
  });
});

describe('a call while the connection is away', () => {
  it('does not wait for the long pauses, and is told after its own attempts', async () => {
    answersLive();
    const { db, events } = await open({ connect: { attempts: 2 } });
    await db.live('LIVE SELECT * FROM a');
    const { port } = server;
    await server.close();
    await eventually(
      () => expect(events().filter((event) => event === 'reconnecting').length).toBeGreaterThan(4),
      30_000,
    );
    const started = performance.now();
    await expect(db.query('RETURN 1')).rejects.toMatchObject({ code: 'CONNECTION', outcome: 'not-sent' });
    expect(performance.now() - started).toBeLessThan(5_000);
    server = await FakeServer.start(port);
    answersLive();
    await expect(db.query('RETURN 2')).resolves.toEqual(['RETURN 2']);
    expect(events()).toContain('connected');
  });

  it('fails when the connection is closed', async () => {
    answersLive();
    const { db } = await open({ connect: { attempts: 100 } });
    await db.live('LIVE SELECT * FROM a');
    const { port } = server;
    await server.close();
    await pause(100);
    const waiting = db.query('RETURN 1').catch((error: unknown) => error);
    await db.close({ timeout: 50 });
    expect(await waiting).toMatchObject({ code: 'CONNECTION', outcome: 'not-sent' });
    server = await FakeServer.start(port);
    await pause(300);
    expect(server.connections).toBe(0);
  });
});

describe('what was on its way', () => {
  const read = { bindings: {}, access: 'read', purpose: 'find', idempotent: true } as const;

  it('is sent again if it is marked idempotent', async () => {
    const { db } = await open();
    server.script = ({ method, connection }) => (method === 'query' && connection === 1 ? 'cut' : undefined);
    await expect(db.execute({ text: 'SELECT * FROM a', ...read })).resolves.toHaveLength(1);
    expect(server.log.filter((text) => text === 'SELECT * FROM a')).toHaveLength(2);
  });

  it.each(['SELECT fn::count() FROM a', "SELECT http::post('http://x', {}) FROM a", 'CREATE a'])(
    'is not sent again if it may write or reach out after all: %s',
    async (text) => {
      const { db } = await open();
      server.script = ({ method, connection }) => (method === 'query' && connection === 1 ? 'cut' : undefined);
      await expect(db.execute({ text, ...read })).rejects.toMatchObject({ code: 'CONNECTION', outcome: 'unknown' });
      expect(server.log.filter((each) => each === text)).toHaveLength(1);
    },
  );

  it('is not sent for ever: it may be what brings the server down', async () => {
    const { db } = await open();
    server.script = ({ method }) => (method === 'query' ? 'cut' : undefined);
    await expect(db.execute({ text: 'SELECT * FROM a', ...read })).rejects.toMatchObject({ outcome: 'unknown' });
    expect(server.log.filter((text) => text === 'SELECT * FROM a')).toHaveLength(3);
  });
});

it('listeners can be taken off again', async () => {
  const { db } = await open();
  const heard: unknown[] = [];
  const listener = (error: Error) => void heard.push(error);
  db.on('disconnected', listener).off('disconnected', listener);
  server.cutAll();
  await pause(50);
  expect(heard).toEqual([]);
});
