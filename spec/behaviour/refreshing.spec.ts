import { setTimeout as delay } from 'node:timers/promises';
import { connect, type Connection, type ConnectOptions, type Tokens } from '../../lib/driver/connect.js';
import { Access, Encrypted, Field, Id, Reverie, Table, type RecordId, type WriteOnly } from '../../lib/index.js';
import { backend, type OpenBackend } from '../support/backends.js';

const PLACE = { namespace: 'n', database: 'd' };

@Access({ name: 'account', duration: { token: '2s', session: '2s', grant: '1d' } })
@Table({ name: 'member', permissions: 'full' })
class Member {
  @Id() id!: RecordId<'member'>;
  @Field('string') email!: string;
  @Encrypted('argon2') password!: WriteOnly<string>;
}

const ways = [
  { ...backend('ws'), name: 'ws', pool: {} },
  { ...backend('ws'), name: 'a pool of ws', pool: { pool: { size: 3, min: 3 } } },
  { ...backend('http'), name: 'http', pool: {} },
] as const;

describe.each(ways)('a connection that signs in by refresh tokens on $name', (where) => {
  let store: OpenBackend;
  let owner: Reverie;
  const opened: Connection[] = [];
  beforeAll(async () => {
    store = await where.open();
    owner = await Reverie.init({
      ...PLACE,
      url: store.url,
      entities: [Member],
      sync: 'safe',
      ...(store.auth && { auth: store.auth }),
    });
  });
  afterEach(() => Promise.all(opened.splice(0).map((db) => db.close())));
  afterAll(async () => {
    await owner.close();
    await store.close();
  });

  const open = async (options: ConnectOptions) => {
    const db = await connect(store.url, { ...PLACE, ...where.pool, ...options });
    opened.push(db);
    return db;
  };

  it('is told each that it gets, uses each once, and stays who it is', async () => {
    const { user, refresh: first } = await owner.auth.signup(Member, { email: `${where.name}@x`, password: 'secret' });
    let refresh = first;
    const used: (string | undefined)[] = [];
    const given: Tokens[] = [];
    const db = await open({
      auth: () => {
        used.push(refresh);
        return { access: 'account', variables: { refresh } };
      },
      onSignIn: async (tokens) => {
        await delay(5);
        given.push(tokens);
        refresh = tokens.refresh;
      },
    });
    const end = Date.now() + 4_500;
    while (Date.now() < end) {
      const who = await Promise.all(Array.from({ length: 6 }, () => db.query('RETURN $auth')));
      expect(new Set(who.map(String))).toEqual(new Set([String(user.id)]));
      await delay(50);
    }
    expect(used.length).toBeGreaterThan(2);
    expect(new Set(used).size).toBe(used.length);
    expect(used).toEqual([first, ...given.slice(0, used.length - 1).map((tokens) => tokens.refresh)]);
  });

  it('fails with what the listener throws, for nobody would know the next token', async () => {
    const { refresh } = await owner.auth.signup(Member, { email: `${where.name}@y`, password: 'secret' });
    const opening = open({
      auth: { access: 'account', variables: { refresh } },
      connect: { attempts: 1 },
      onSignIn: () => Promise.reject(new Error('the disk is full')),
    });
    await expect(opening).rejects.toThrow('the disk is full');
  });
});
