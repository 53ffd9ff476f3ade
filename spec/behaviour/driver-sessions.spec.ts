import { connect, type Connection, type SessionOptions } from '../../lib/driver/connect.js';
import type { AttachedSession } from '../../lib/driver/attached-session.js';
import { AuthenticationError, CapabilityError, ValidationError } from '../../lib/errors/index.js';
import { RecordId } from '../../lib/values/index.js';
import { backend, backends, type OpenBackend } from '../support/backends.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const PLACE = { namespace: 'test', database: 'sessions' };
const SCHEMA = `
  DEFINE TABLE user SCHEMALESS PERMISSIONS FOR select, update WHERE id = $auth FOR create, delete NONE;
  DEFINE TABLE note SCHEMALESS PERMISSIONS FOR select, create, update, delete WHERE owner = $auth;
  DEFINE ACCESS account ON DATABASE TYPE RECORD
    SIGNUP (CREATE user SET name = $name) SIGNIN (SELECT * FROM user WHERE name = $name)
    DURATION FOR TOKEN 1h, FOR SESSION 1h;
  DEFINE ACCESS brief ON DATABASE TYPE RECORD SIGNIN (SELECT * FROM user WHERE name = $name)
    DURATION FOR TOKEN 1h, FOR SESSION 1s;
  CREATE user:ann SET name = 'ann'; CREATE user:bob SET name = 'bob';
  CREATE note:a SET owner = user:ann; CREATE note:b SET owner = user:bob;
`;
const as = (name: string, access = 'account') => ({ access, variables: { name } });
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe.each(backends)('sessions over one connection on $name', ({ name, stateful, open }) => {
  let store: OpenBackend;
  let db: Connection;
  const opened: AttachedSession[] = [];

  const session = (options?: SessionOptions) => {
    const made = db.session(options);
    opened.push(made);
    return made;
  };

  beforeAll(async () => {
    store = await open();
    db = await connect(store.url, { ...PLACE, ...(store.auth && { auth: store.auth }) });
    await db.query(SCHEMA);
  });
  afterEach(() => Promise.all(opened.splice(0).map((each) => each.close())));
  afterAll(async () => {
    await db.close();
    await store.close();
  });

  const place = async (of: Connection | AttachedSession) =>
    (await of.query<[unknown]>('RETURN [session::ns(), session::db()]'))[0];

  it('have a place of their own, and the rights of the connection', async () => {
    const other = session({ database: 'elsewhere' });
    const foreign = session({ namespace: 'foreign' });
    await other.create(new RecordId('thing', 1), { of: 'elsewhere' });
    await foreign.create(new RecordId('thing', 1), { of: 'foreign' });
    await db.create(new RecordId('thing', 1), { of: 'here' });
    expect(await Promise.all([other, foreign, db].map(place))).toEqual([
      ['test', 'elsewhere'],
      ['foreign', 'sessions'],
      ['test', 'sessions'],
    ]);
    expect(await other.select('thing')).toMatchObject([{ of: 'elsewhere' }]);
    expect(await foreign.select('thing')).toMatchObject([{ of: 'foreign' }]);
    expect(await db.select('thing')).toMatchObject([{ of: 'here' }]);
  });

  it('have users of their own, whom PERMISSIONS show what is theirs', async () => {
    const ann = session({ auth: as('ann') });
    const bob = session({ auth: as('bob') });
    const ids = async (of: AttachedSession) =>
      (await of.query<[{ id: RecordId }[]]>('SELECT * FROM note'))[0].map(({ id }) => String(id));
    expect(await Promise.all([ids(ann), ids(bob)])).toEqual([['note:a'], ['note:b']]);
    expect(await db.select('note')).toHaveLength(2);
    const { token } = await ann.signin(as('ann'));
    expect(await ids(session({ auth: { token } }))).toEqual(['note:a']);
  });

  it('never mix under interleaved requests', async () => {
    const users = Array.from({ length: 12 }, (_, at) => session({ auth: as(at % 2 === 0 ? 'ann' : 'bob') }));
    const rounds = Array.from({ length: 120 }, async (_, at) => {
      const [rows] = await (users[at % 12] as AttachedSession).query<[{ owner: RecordId }[]]>('SELECT * FROM note');
      return rows.map(({ owner }) => owner.key).join();
    });
    expect(await Promise.all(rounds)).toEqual(rounds.map((_, at) => (at % 2 === 0 ? 'ann' : 'bob')));
  });

  it('keep their variables and their sign-in to themselves', async () => {
    const one = session();
    await one.let('x', 1);
    expect(await one.query('RETURN $x')).toEqual([1]);
    expect(await db.query('RETURN $x')).toEqual([undefined]);
    await one.signin(as('ann'));
    expect(await one.query('RETURN $auth')).toEqual([new RecordId('user', 'ann')]);
    expect(await db.query('RETURN $auth')).toEqual([undefined]);
  });

  it('come back with the next call when they were let go', async () => {
    const ann = session({ auth: as('ann') });
    await ann.let('x', 7);
    await ann.release();
    expect(await ann.query('RETURN [$auth, $x]')).toEqual([[new RecordId('user', 'ann'), 7]]);
    await ann.close();
    await ann.close();
    expect(await failure(ann.query('RETURN 1'))).toMatchObject({ code: 'CONNECTION', outcome: 'not-sent' });
  });

  it('refuse what nobody could sign in with before anything is sent', () => {
    for (const auth of [{ token: '' }, { token: undefined }, '']) {
      expect(() => db.session({ auth } as never)).toThrow(AuthenticationError);
    }
    for (const auth of [null, 7, {}, { username: 'root' }]) {
      expect(() => db.session({ auth } as never)).toThrow(ValidationError);
    }
    expect(() => db.session({ database: '' })).toThrow(ValidationError);
  });

  it('send nothing as somebody else when the sign-in is refused', async () => {
    const { token } = await session().signin(as('ann'));
    const bad = [{ token: 'no.such.token' }, { token: `${token.slice(0, -8)}AAAAAAAA` }, as('nobody')];
    for (const auth of bad) {
      const refused = session({ auth });
      expect(await failure(refused.query('CREATE thing:never'))).toBeInstanceOf(AuthenticationError);
      expect(await failure(refused.query('CREATE thing:never'))).toBeInstanceOf(AuthenticationError);
    }
    expect(await db.select(new RecordId('thing', 'never'))).toBeUndefined();
  });

  it('a system user who signs in after a record user is not that record any more', async () => {
    const one = session();
    const { token } = await one.signin(as('ann'));
    const root = { username: 'root', password: 'root' };
    await db.query("DEFINE USER IF NOT EXISTS root ON ROOT PASSWORD 'root' ROLES OWNER");
    await one.signin(root);
    expect(await one.query('RETURN [$auth, $access]')).toEqual([[undefined, undefined]]);
    await one.authenticate(token);
    expect((await one.query('RETURN $access'))[0]).toBe('account');
    await expect(one.signin({ ...root, password: 'wrong' })).rejects.toThrow(AuthenticationError);
    expect((await one.query('RETURN $access'))[0]).toBe('account');
    await one.close();
  });

  it('say when they are to be nobody', async () => {
    if (name === 'embedded') return expect(() => session({ auth: 'anonymous' })).toThrow(CapabilityError);
    expect(await failure(session({ auth: 'anonymous' }).query('RETURN 1'))).toBeInstanceOf(AuthenticationError);
  });

  if (stateful) {
    it('sign in again before they expire, and after; a token alone never becomes anonymous', async () => {
      let asked = 0;
      const lasting = session({
        auth: () => {
          asked += 1;
          return as('ann', 'brief');
        },
      });
      expect(await lasting.query('RETURN $auth')).toEqual([new RecordId('user', 'ann')]);
      const { token } = await session().signin(as('bob', 'brief'));
      const ending = session({ auth: { token } });
      expect(await ending.query('RETURN $auth')).toEqual([new RecordId('user', 'bob')]);
      await new Promise((resolve) => setTimeout(resolve, 2_300));
      expect(await lasting.query('RETURN $auth')).toEqual([new RecordId('user', 'ann')]);
      expect(asked).toBeGreaterThan(1);
      expect(await failure(ending.query('RETURN $auth'))).toBeInstanceOf(AuthenticationError);
      expect(await failure(ending.query('CREATE thing:never'))).toBeInstanceOf(AuthenticationError);
    });

    it('have transactions, unless they are a record user’s, for whom the server would judge PERMISSIONS wrongly', async () => {
      const other = session({ database: 'elsewhere' });
      const tx = await other.begin();
      await tx.create(new RecordId('thing', 't'));
      expect(await other.select(new RecordId('thing', 't'))).toBeUndefined();
      await tx.commit();
      expect(await other.select(new RecordId('thing', 't'))).toBeDefined();
      const ann = session({ auth: as('ann') });
      expect(await failure(ann.begin())).toBeInstanceOf(CapabilityError);
      expect(await ann.query('BEGIN; RETURN $auth; COMMIT')).toEqual([new RecordId('user', 'ann')]);
    });

    it('have live queries that tell what their user may see', async () => {
      const ann = session({ auth: as('ann') });
      const channel = await ann.live('LIVE SELECT * FROM note');
      const seen: string[] = [];
      channel.on(({ record }) => void seen.push(String(record)));
      await db.query('UPDATE note:b SET n = 1; UPDATE note:a SET n = 1; UPDATE note:a SET n = 2');
      for (let wait = 0; seen.length < 2 && wait < 100; wait += 1) await new Promise((done) => setTimeout(done, 20));
      expect(seen).toEqual(['note:a', 'note:a']);
      await channel.close();
    });
  }
});

describe('sessions and a server', () => {
  it('come back on a new connection, signed in as before', async () => {
    const store = await backend('ws').open();
    const proxy = await TcpProxy.start(Number(new URL(store.url).port));
    const db = await connect(proxy.url, { ...PLACE, ...(store.auth && { auth: store.auth }) });
    await db.query(SCHEMA);
    const ann = db.session({ auth: as('ann') });
    await ann.let('x', 1);
    const channel = await ann.live('LIVE SELECT * FROM note');
    const seen: string[] = [];
    channel.on(({ record }) => void seen.push(String(record)));
    const resubscribed = new Promise<void>((resolve) => channel.onResubscribed(() => resolve()));
    proxy.cut();
    await resubscribed;
    await db.query('UPDATE note:b SET n = 1; UPDATE note:a SET n = 1');
    expect(await ann.query('RETURN [$auth, $x]')).toEqual([[new RecordId('user', 'ann'), 1]]);
    for (let wait = 0; seen.length < 1 && wait < 100; wait += 1) await new Promise((done) => setTimeout(done, 20));
    expect(seen).toEqual(['note:a']);
    await ann.close();
    expect(await failure(ann.query('RETURN 1'))).toMatchObject({ code: 'CONNECTION', outcome: 'not-sent' });
    await db.close();
    await proxy.close();
    await store.close();
  });
});
