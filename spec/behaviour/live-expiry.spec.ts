import { connect, type Connection } from '../../lib/driver/connect.js';
import { eventually } from '../server/support/eventually.js';
import { backends, type OpenBackend } from '../support/backends.js';

const SCHEMA = `
  DEFINE TABLE user SCHEMALESS PERMISSIONS FOR select WHERE id = $auth;
  DEFINE TABLE note SCHEMALESS PERMISSIONS FOR select WHERE owner = $auth;
  DEFINE ACCESS brief ON DATABASE TYPE RECORD SIGNIN (SELECT * FROM user WHERE name = $name)
    DURATION FOR TOKEN 1h, FOR SESSION 1s;
  CREATE user:ann SET name = 'ann'; CREATE user:bob SET name = 'bob';
`;
const as = (name: string) => ({ access: 'brief', variables: { name } });

describe.each(backends.filter(({ stateful }) => stateful))(
  'a sign-in that ends under a live query on $name',
  (where) => {
    let store: OpenBackend;
    let db: Connection;
    const lost: string[] = [];
    beforeAll(async () => {
      store = await where.open();
      db = await connect(store.url, { namespace: 'n', database: 'd', ...(store.auth && { auth: store.auth }) });
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
      await eventually(() => expect(heard.sort()).toEqual(['ann hears a', 'bob hears b']));
      expect(lost).toEqual([]);
      for (const session of sessions) await session.close();
    });

    it('ends it with authLost where all there is is a token', async () => {
      const { token } = await db.nobody().signin(as('ann'));
      const session = db.session({ auth: { token } });
      const channel = await session.live('LIVE SELECT * FROM note');
      const ends: unknown[] = [];
      channel.onEnd((reason, error) => void ends.push(reason, error?.name));
      await eventually(() => expect(ends).toEqual(['disconnected', 'AuthenticationError']), 6_000);
      expect(lost).toEqual(['AuthenticationError']);
      await expect(session.query('RETURN 1')).rejects.toMatchObject({ code: 'AUTHENTICATION' });
      await session.close();
    });
  },
);
