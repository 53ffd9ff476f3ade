import { connect, type Connection, type ConnectOptions } from '../../lib/driver/connect.js';
import { AuthenticationError, Field, Id, Reverie, Table, type RecordId } from '../../lib/index.js';
import { eventually } from '../server/support/eventually.js';
import { backend, type OpenBackend } from '../support/backends.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const PLACE = { namespace: 'n', database: 'd' };
const SCHEMA = `
  DEFINE TABLE user SCHEMALESS PERMISSIONS FOR select WHERE id = $auth;
  DEFINE TABLE note SCHEMALESS PERMISSIONS FOR select WHERE owner = $auth;
  DEFINE ACCESS brief ON DATABASE TYPE RECORD SIGNIN (SELECT * FROM user WHERE name = $name)
    DURATION FOR TOKEN 1h, FOR SESSION 1s;
  DEFINE ACCESS term ON DATABASE TYPE RECORD SIGNIN (SELECT * FROM user WHERE name = $name)
    DURATION FOR TOKEN 1h, FOR SESSION 2s;
  DEFINE USER keeper ON DATABASE PASSWORD 'pass' ROLES VIEWER DURATION FOR TOKEN 1h, FOR SESSION 2s;
  CREATE user:ann SET name = 'ann'; CREATE user:bob SET name = 'bob';
`;
/** `brief` is renewed while a test waits; `term` is long enough to open live queries on a busy machine. */
const as = (name: string, access = 'brief') => ({ access, variables: { name } });
const keeper = { username: 'keeper', password: 'pass', ...PLACE };

@Table({ name: 'note' })
class Note {
  @Id() id!: RecordId<'note'>;
  @Field('string') text!: string;
}

const ways = [
  { ...backend('embedded'), name: 'embedded', pool: {} },
  { ...backend('ws'), name: 'ws', pool: {} },
  { ...backend('ws'), name: 'a pool of ws', pool: { pool: { size: 3, min: 3 } } },
] as const;

/** What ends a channel. */
const endsOf = (channel: Awaited<ReturnType<Connection['live']>>) => {
  const ends: unknown[] = [];
  channel.onEnd((reason, error) => void ends.push(reason, error?.name));
  return ends;
};
const ENDED = ['disconnected', 'AuthenticationError'];
const PATIENCE = 15_000;

describe.each(ways)('a sign-in that ends under a live query on $name', (where) => {
  let store: OpenBackend;
  let db: Connection;
  const lost: string[] = [];
  beforeAll(async () => {
    store = await where.open();
    db = await connect(store.url, { ...PLACE, ...where.pool, ...(store.auth && { auth: store.auth }) });
    await db.query(SCHEMA);
    db.on('authLost', ({ name }) => void lost.push(name));
  });
  beforeEach(() => void (lost.length = 0));
  afterAll(async () => {
    await db.close();
    await store.close();
  });

  it('is renewed where that can be: its user goes on hearing, and of nobody else’s rows', async () => {
    const sessions = [db.session({ auth: as('ann') }), db.session({ auth: as('bob') })];
    const heard: string[] = [];
    for (const [at, session] of sessions.entries())
      (await session.live('LIVE SELECT * FROM note')).on(({ result }) =>
        heard.push(`${at === 0 ? 'ann' : 'bob'} hears ${String((result as { text: string }).text)}`),
      );
    await new Promise((resolve) => setTimeout(resolve, 2_300));
    await db.query("CREATE note SET owner = user:ann, text = 'a'; CREATE note SET owner = user:bob, text = 'b'");
    await eventually(() => expect(heard.sort()).toEqual(['ann hears a', 'bob hears b']), PATIENCE);
    expect(lost).toEqual([]);
    for (const session of sessions) await session.close();
  });

  it('is renewed later where the function that gives the credentials fails for a while', async () => {
    let asked = 0;
    const auth = () => {
      asked += 1;
      if (asked === 2 || asked === 3) throw new Error('the vault is away');
      return as('ann');
    };
    const session = db.session({ auth });
    const ends = endsOf(await session.live('LIVE SELECT * FROM note'));
    await eventually(() => expect(asked).toBeGreaterThan(4), PATIENCE);
    expect(ends).toEqual([]);
    expect(lost).toEqual([]);
    await session.close();
  });

  it('ends it with authLost where nobody is given in the end', async () => {
    let asked = 0;
    const auth = () => {
      asked += 1;
      if (asked > 1) throw new AuthenticationError({ what: 'ann has been locked out' });
      return as('ann');
    };
    const session = db.session({ auth });
    const ends = endsOf(await session.live('LIVE SELECT * FROM note'));
    const others = endsOf(await db.live('LIVE SELECT * FROM note'));
    await eventually(() => expect(ends).toEqual(ENDED), PATIENCE);
    expect(lost).toEqual(['AuthenticationError']);
    expect(others).toEqual([]);
    await session.close();
  });

  it('ends it with authLost where all there is is a token, of a record user and of a system user', async () => {
    const others = endsOf(await db.live('LIVE SELECT * FROM note'));
    const holders = [as('ann', 'term'), keeper].map(async (credentials) => {
      const { token } = await db.nobody().signin(credentials);
      const session = db.session({ auth: { token } });
      const ends = endsOf(await session.live('LIVE SELECT * FROM note'));
      await eventually(() => expect(ends).toEqual(ENDED), PATIENCE);
      await expect(session.query('RETURN 1')).rejects.toMatchObject({ code: 'AUTHENTICATION' });
      await session.close();
    });
    await Promise.all(holders);
    expect(lost).toEqual(['AuthenticationError', 'AuthenticationError']);
    expect(others).toEqual([]);
  });
});

describe.each(ways.slice(1))('a connection that is signed in as a record user itself, on $name', (where) => {
  let store: OpenBackend;
  let proxy: TcpProxy;
  let owner: Connection;
  beforeAll(async () => {
    store = await where.open();
    owner = await connect(store.url, { ...PLACE, ...(store.auth && { auth: store.auth }) });
    await owner.query(SCHEMA);
    proxy = await TcpProxy.start(Number(new URL(store.url).port));
  });
  afterAll(async () => {
    await proxy.close();
    await owner.close();
    await store.close();
  });

  const open = async (auth: ConnectOptions['auth']) => {
    const db = await connect(proxy.url, { ...PLACE, ...where.pool, ...(auth !== undefined && { auth }) });
    const told: string[] = [];
    for (const event of ['authLost', 'resubscribed'] as const) db.on(event, () => void told.push(event));
    return { db, told };
  };
  const tokenOf = async () => (await owner.nobody().signin(as('ann', 'term'))).token;

  it('is renewed on every socket', async () => {
    const { db, told } = await open(as('ann'));
    let heard = 0;
    for (let at = 0; at < 3; at += 1) (await db.live('LIVE SELECT * FROM note')).on(() => (heard += 1));
    await new Promise((resolve) => setTimeout(resolve, 2_300));
    await owner.query('CREATE note SET owner = user:ann; CREATE note SET owner = user:bob');
    await eventually(() => expect(heard).toBe(3), PATIENCE);
    const who = await Promise.all([1, 2, 3, 4, 5, 6].map(async () => String((await db.query('RETURN $auth'))[0])));
    expect(new Set(who)).toEqual(new Set(['user:ann']));
    expect(told).toEqual([]);
    await db.close();
  });

  it('ends every live query with authLost once its token has run out, after a lost connection too', async () => {
    const { db, told } = await open({ token: await tokenOf() });
    const ends: unknown[][] = [];
    for (let at = 0; at < 3; at += 1) ends.push(endsOf(await db.live('LIVE SELECT * FROM note')));
    proxy.cut();
    await eventually(() => expect(told).toEqual(['resubscribed', 'resubscribed', 'resubscribed']), PATIENCE);
    await eventually(() => expect(ends).toEqual([ENDED, ENDED, ENDED]), PATIENCE);
    expect(told.slice(3)).toEqual(['authLost']);
    await db.close();
  });

  it('ends a stream and a list with an AuthenticationError', async () => {
    const orm = await Reverie.init({
      ...PLACE,
      ...where.pool,
      url: proxy.url,
      auth: { token: await tokenOf() },
      entities: [Note],
    });
    const em = orm.em.fork();
    const stream = await em.live(Note);
    const list = await em.liveList(Note, {});
    const ends = await Promise.all([stream, list].map((each) => new Promise((resolve) => each.on('error', resolve))));
    for (const error of ends) expect(error).toBeInstanceOf(AuthenticationError);
    expect([stream.closed, list.closed]).toEqual([true, true]);
    await orm.close();
  });
});
