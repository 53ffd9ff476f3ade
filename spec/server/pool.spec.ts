import { connect, type Connection, type ConnectOptions } from '../../lib/driver/connect.js';
import { ConnectionError, TimeoutError, ValidationError } from '../../lib/errors/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import { RecordId } from '../../lib/values/index.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { eventually, pause } from './support/eventually.js';

const ROOT = { username: 'root', password: 'root' } as const;
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

let server: RunningServer;
let proxy: TcpProxy;
const opened: Connection[] = [];
beforeAll(async () => (server = await startServer({ user: 'root', pass: 'root' })));
afterAll(() => server.close());
beforeEach(async () => (proxy = await TcpProxy.start(server.port)));
afterEach(async () => {
  await Promise.all(opened.splice(0).map((connection) => connection.close({ timeout: 200 })));
  await proxy.close();
});

async function open(pool: ConnectOptions['pool'] = { size: 3 }, options: ConnectOptions = {}): Promise<Connection> {
  const db = await connect(proxy.url, { namespace: 'n', database: 'd', auth: ROOT, pool: { ...pool }, ...options });
  opened.push(db);
  return db;
}

/** Keeps a place for so long, and tells over which socket. */
const slow = async (db: Connection, milliseconds = 300) => {
  const text = `SLEEP ${milliseconds}ms; RETURN [session::id(), $x, session::db()]`;
  return (await db.query(text))[1] as [string, unknown, string];
};
const many = <R>(count: number, work: (at: number) => Promise<R>) =>
  Promise.all(Array.from({ length: count }, (_, at) => work(at)));
/** All sockets of a pool of so many, by the ids of their sessions. */
const socketsOf = async (db: Connection, size: number) => {
  await eventually(async () => {
    await many(size, () => slow(db, 30));
    expect(db.stats().total).toBe(size);
  });
  return new Set((await many(size, () => slow(db, 60))).map(([id]) => String(id)));
};

describe('a pool of WebSockets', () => {
  it('grows with the work, never beyond its size, and queues what comes on top', async () => {
    const db = await open({ size: 3 });
    expect(db.stats()).toEqual({ total: 1, active: 0, idle: 1, waiting: 0, timeouts: 0 });
    const work = many(8, () => slow(db));
    await Promise.resolve();
    expect(db.stats()).toMatchObject({ active: 1, waiting: 5 });
    await work;
    expect(await socketsOf(db, 3)).toHaveProperty('size', 3);
    const busy = many(5, () => slow(db));
    await pause(20);
    expect(db.stats()).toEqual({ total: 3, active: 3, idle: 0, waiting: 2, timeouts: 0 });
    await busy;
    expect(db.stats()).toEqual({ total: 3, active: 0, idle: 3, waiting: 0, timeouts: 0 });
    expect(proxy.accepted).toBe(3);
  });

  it('opens as many as there are to be at least', async () => {
    const db = await open({ size: 4, min: 3 });
    expect(db.stats()).toMatchObject({ total: 3, idle: 3 });
    expect(proxy.open).toBe(3);
  });

  it('carries several requests a socket where it is told to', async () => {
    const db = await open({ size: 2, requests: 4 });
    const work = many(10, () => slow(db));
    await Promise.resolve();
    expect(db.stats().waiting).toBe(2);
    await work;
  });

  it('tells who has waited in vain, with its numbers; nothing was sent', async () => {
    const db = await open({ size: 1, acquire: 40 });
    const long = slow(db, 1_000);
    const error = await failure(db.query('CREATE late'));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({
      outcome: 'not-sent',
      stats: { total: 1, active: 1, idle: 0, waiting: 1, timeouts: 1 },
    });
    expect(String(error)).toContain('timeouts 1');
    await long;
    expect(db.stats()).toEqual({ total: 1, active: 0, idle: 1, waiting: 0, timeouts: 1 });
  });

  it('closes sockets that nothing needs, down to the least, and keeps those with something on them', async () => {
    const db = await open({ size: 4, min: 1, idle: 60 });
    await db.query('DEFINE TABLE IF NOT EXISTS kept');
    await socketsOf(db, 4);
    const lives = [await db.live('LIVE SELECT * FROM kept'), await db.live('LIVE SELECT * FROM kept')];
    await eventually(() => expect(db.stats().total).toBe(2));
    await pause(200);
    expect(db.stats().total).toBe(2);
    await eventually(() => expect(proxy.open).toBe(2));
    const heard: unknown[] = [];
    for (const live of lives) live.on(({ action }) => void heard.push(action));
    await db.create('kept');
    await eventually(() => expect(heard).toEqual(['CREATE', 'CREATE']));
    for (const live of lives) await live.close();
    await eventually(() => expect(db.stats().total).toBe(1));
    expect(await db.query('RETURN 1')).toEqual([1]);
  });

  it('gives sockets up for fresh ones when they are old, and nobody notices', async () => {
    const db = await open({ size: 2, min: 2, lifetime: 300 });
    await db.let('x', 7);
    const first = await socketsOf(db, 2);
    const end = Date.now() + 1_500;
    const seen = new Set<string>();
    while (Date.now() < end) {
      for (const [id, x, place] of await many(4, () => slow(db, 5))) {
        seen.add(String(id));
        expect([x, place]).toEqual([7, 'd']);
      }
    }
    expect([...(await socketsOf(db, 2))].filter((id) => first.has(id))).toEqual([]);
    expect(seen.size).toBeGreaterThan(2);
    await eventually(() => expect(proxy.open).toBeLessThanOrEqual(3));
  });

  it('keeps an old socket for as long as something is on it', async () => {
    const db = await open({ size: 1, lifetime: 200 });
    await db.query('REMOVE TABLE IF EXISTS aged; DEFINE TABLE aged');
    const [id] = await slow(db, 1);
    const tx = await db.begin();
    await tx.create(new RecordId('aged', 1));
    const live = await db.live('LIVE SELECT * FROM aged');
    let heard = 0;
    live.on(() => (heard += 1));
    await pause(600);
    expect((await slow(db, 1))[0]).toEqual(id);
    await tx.commit();
    await db.create('aged');
    await eventually(() => expect(heard).toBe(1));
    await live.close();
    await eventually(async () => expect((await slow(db, 1))[0]).not.toEqual(id));
    expect(await db.select('aged')).toHaveLength(2);
    await eventually(() => expect(proxy.open).toBe(1));
  });

  it('refuses options that cannot be', async () => {
    for (const pool of [
      { lifetime: -1 },
      { size: 0 },
      { size: 2, min: 3 },
      { min: 2 },
      { size: 2, requests: 0 },
      { size: 2, idle: -1 },
    ])
      expect(await failure(connect(proxy.url, { pool }))).toBeInstanceOf(ValidationError);
  });
});

describe('what a session is told', () => {
  it('every socket knows: those that are there, and those that come later', async () => {
    const db = await open({ size: 3, idle: 60 });
    await socketsOf(db, 3);
    await db.let('x', 1);
    await db.use({ database: 'other' });
    expect((await many(3, () => slow(db))).map(([, x, place]) => [x, place])).toEqual(Array(3).fill([1, 'other']));
    await eventually(() => expect(db.stats().total).toBe(1));
    await socketsOf(db, 3);
    expect((await many(3, () => slow(db))).map(([, x, place]) => [x, place])).toEqual(Array(3).fill([1, 'other']));
    await db.unset('x');
    await db.use({ database: 'd' });
    expect((await many(3, () => slow(db))).map(([, x, place]) => [x, place])).toEqual(Array(3).fill([undefined, 'd']));
  });

  it('is never half known, while sockets come up under it', async () => {
    const db = await open({ size: 6 });
    for (let round = 1; round <= 15; round += 1) {
      const before = many(4, () => slow(db, 5));
      const told = db.let('x', round);
      const after = many(6, () => slow(db, 5));
      await told;
      expect(new Set((await after).map(([, x]) => x))).toEqual(new Set([round]));
      await before;
      if (round % 4 === 0) proxy.cutOne(0);
      await failure(db.query('RETURN 1'));
    }
  });

  it('holds for sign-ins: all sockets are the user, then nobody', async () => {
    const db = await open({ size: 3 });
    await socketsOf(db, 3);
    await db.query(`DEFINE TABLE OVERWRITE person; DEFINE ACCESS OVERWRITE account ON DATABASE TYPE RECORD
      SIGNUP (CREATE person SET name = $name) SIGNIN (SELECT * FROM person WHERE name = $name)`);
    await db.signup({ access: 'account', variables: { name: 'Ann' } });
    const who = () => many(3, async () => String((await db.query('RETURN sleep(40ms); RETURN $auth'))[1]));
    const users = new Set(await who());
    expect(users.size).toBe(1);
    expect([...users][0]).toMatch(/^person:/);
    await db.signin(ROOT);
    expect(new Set(await who())).toEqual(new Set(['undefined']));
  });
});

describe('what the text of a query says of its session', () => {
  it.each([{ size: 3 }, undefined])('holds for that text alone, with pool %j', async (pool) => {
    const db = await open(pool);
    const text = 'USE NS n DB elsewhere; LET $y = 5; RETURN [session::db(), $y]';
    const told = many(6, async (at) => (at % 2 === 0 ? (await db.query(text)).at(-1) : undefined));
    const others = await many(6, () => slow(db, 5));
    expect((await told).filter((each) => each !== undefined)).toEqual(Array(3).fill(['elsewhere', 5]));
    expect(new Set(others.map(([, , place]) => place))).toEqual(new Set(['d']));
    expect(await many(4, async () => (await db.query('RETURN [session::db(), $y]'))[0])).toEqual(
      Array(4).fill(['d', undefined]),
    );
  });
});

describe('what stays on its socket', () => {
  it('transactions side by side, each by itself, with other work between their statements', async () => {
    const db = await open({ size: 3 });
    await socketsOf(db, 3);
    await db.query('REMOVE TABLE IF EXISTS step; DEFINE TABLE step');
    await many(6, async (at) => {
      const tx = await db.begin();
      await tx.create(new RecordId('step', at), { n: 1 });
      await Promise.all([slow(db, 10), slow(db, 10)]);
      await tx.merge(new RecordId('step', at), { n: 2 });
      if (at % 2 === 0) await tx.commit();
      else await tx.cancel();
    });
    const [rows] = await db.query('SELECT VALUE [record::id(id), n] FROM step');
    expect(rows).toEqual([
      [0, 2],
      [2, 2],
      [4, 2],
    ]);
  });

  it('a commit does not wait for a place', async () => {
    const db = await open({ size: 1, acquire: 30 });
    await db.query('REMOVE TABLE IF EXISTS step; DEFINE TABLE step');
    const tx = await db.begin();
    await tx.create(new RecordId('step', 'a'));
    const long = slow(db, 200);
    await tx.commit();
    await long;
    expect(await db.select('step')).toHaveLength(1);
  });

  it('a transaction whose socket is lost is lost; one on another socket is not', async () => {
    const db = await open({ size: 2 });
    await socketsOf(db, 2);
    await db.query('REMOVE TABLE IF EXISTS step; DEFINE TABLE step');
    const pair = [await db.begin(), await db.begin()];
    for (const [at, tx] of pair.entries()) await tx.create(new RecordId('step', at));
    proxy.cutOne(0);
    await eventually(() => expect(db.stats().total).toBe(1));
    const ends = await Promise.all(pair.map((tx) => failure(tx.commit())));
    expect(ends.filter((error) => error === undefined)).toHaveLength(1);
    expect(ends.filter((error) => error instanceof ConnectionError)).toHaveLength(1);
    expect(await db.select('step')).toHaveLength(1);
  });

  it('live queries: one socket that is lost takes its own along and brings them back, and leaves the others alone', async () => {
    const db = await open({ size: 2 });
    await socketsOf(db, 2);
    await db.query('DEFINE TABLE OVERWRITE seen');
    const channels = [await db.live('LIVE SELECT * FROM seen'), await db.live('LIVE SELECT * FROM seen')];
    const heard: string[] = [];
    channels.forEach((channel, at) => {
      channel.on(({ record }) => void heard.push(`${at} ${String(record)}`));
      channel.onResubscribed(() => void heard.push('gap'));
    });
    const events: string[] = [];
    for (const event of ['connected', 'disconnected', 'resubscribed'] as const)
      db.on(event, () => void events.push(event));
    proxy.cutOne(0);
    await eventually(() => expect(events).toEqual(['disconnected', 'resubscribed', 'connected']));
    expect(heard).toEqual(['gap']);
    heard.length = 0;
    await db.create(new RecordId('seen', 1));
    await eventually(() => expect(heard.sort()).toEqual(['0 seen:1', '1 seen:1']));
    for (const channel of channels) await channel.close();
    const [{ lives }] = (await db.query('INFO FOR TABLE seen')) as [{ lives: object }];
    expect(lives).toEqual({});
  });

  it('sessions: their place, user and live queries are on one socket, and come back after it was lost', async () => {
    const db = await open({ size: 2 });
    await socketsOf(db, 2);
    const sessions = [db.session({ database: 'one' }), db.session({ database: 'two' })];
    const heard: string[] = [];
    for (const session of sessions) {
      await session.query('DEFINE TABLE IF NOT EXISTS note');
      (await session.live('LIVE SELECT * FROM note')).on(({ result }) =>
        heard.push(String((result as { at: string }).at)),
      );
    }
    let back = 0;
    db.on('resubscribed', () => (back += 1));
    proxy.cutOne(1);
    await eventually(() => expect(back).toBe(1));
    for (const session of sessions) await session.query('CREATE note SET at = session::db()');
    await eventually(() => expect(heard.sort()).toEqual(['one', 'two']));
    expect((await db.query('RETURN session::db()'))[0]).toBe('d');
  });
});

describe('a socket that is lost', () => {
  it('fails its own calls alone; reads are asked again', async () => {
    const db = await open({ size: 2 });
    await socketsOf(db, 2);
    const calls = [slow(db, 600), slow(db, 600)].map(failure);
    await pause(30);
    proxy.cutOne(0);
    const ends = await Promise.all(calls);
    expect(ends.filter((end) => end === undefined)).toHaveLength(1);
    expect(ends.find((end) => end !== undefined)).toMatchObject({ code: 'CONNECTION', inFlight: true });
    expect(await db.query('RETURN 1')).toEqual([1]);
  });

  it('is found by its silence though nobody calls', async () => {
    const db = await open({ size: 2, min: 2 }, { ping: { interval: 40, timeout: 40 } });
    expect(db.stats().total).toBe(2);
    proxy.blackHole = true;
    await eventually(() => expect(db.stats().total).toBe(0));
    proxy.blackHole = false;
    expect(await db.query('RETURN 1')).toEqual([1]);
  });
});

describe('closing a pool', () => {
  it('lets what is under way and what waits end, and refuses what comes', async () => {
    const db = await open({ size: 1 });
    await db.query('REMOVE TABLE IF EXISTS last; DEFINE TABLE last');
    const work = [slow(db, 80), db.create('last'), db.create('last')];
    const closing = db.close();
    expect(await failure(db.query('RETURN 1'))).toMatchObject({ code: 'CONNECTION', outcome: 'not-sent' });
    await Promise.all([...work, closing]);
    await eventually(() => expect(proxy.open).toBe(0));
    const check = await open({ size: 1 });
    expect(await check.select('last')).toHaveLength(2);
  });

  it('waits no longer than it is told to', async () => {
    const db = await open({ size: 1 });
    const [first, second] = [slow(db, 10_000), slow(db, 10)].map(failure);
    const started = Date.now();
    await db.close({ timeout: 100 });
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(await first).toMatchObject({ code: 'CONNECTION', outcome: 'unknown' });
    expect(await second).toMatchObject({ code: 'CONNECTION', outcome: 'not-sent' });
  });
});
