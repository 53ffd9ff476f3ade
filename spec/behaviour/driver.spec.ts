import { connect, type Connection, type ConnectOptions } from '../../lib/driver/connect.js';
import { firstError } from '../../lib/driver/error-classifier.js';
import type { LiveNotification } from '../../lib/driver/driver.js';
import {
  AuthenticationError,
  CapabilityError,
  FlushTooLargeError,
  PermissionError,
  QueryError,
  TimeoutError,
  UniqueConstraintError,
  ValidationError,
} from '../../lib/errors/index.js';
import { BoundIncluded, RecordId, RecordIdRange, Table } from '../../lib/values/index.js';
import { backends, type OpenBackend } from '../support/backends.js';

const PLACE = { namespace: 'test', database: 'driver' };
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe.each(backends)('the driver on $name', ({ name, stateful, open }) => {
  let store: OpenBackend;
  let db: Connection;
  const opened: Connection[] = [];

  /** On mem:// another connection is another store. */
  const another = async (options: ConnectOptions = {}): Promise<Connection> => {
    const connection = await connect(store.url, { ...PLACE, ...(store.auth && { auth: store.auth }), ...options });
    opened.push(connection);
    return connection;
  };

  beforeAll(async () => {
    store = await open();
    db = await another();
  });
  afterAll(async () => {
    await Promise.all(opened.map((connection) => connection.close()));
    await store.close();
  });

  describe('capabilities', () => {
    it('tell what this way of connecting can do', () => {
      expect(db.capabilities).toMatchObject({ live: stateful, interactiveTransactions: stateful, sessions: true });
      expect(db.capabilities.version).toMatch(/^3\.\d+\.\d+/);
      expect(db.capabilities.engine).toBe(name === 'embedded' ? 'mem' : 'unknown');
      expect(db.capabilities.insertChunk).toBe(100);
      expect(Object.isFrozen(db.capabilities)).toBe(true);
    });

    it('have the version of the server', async () => expect(await db.version()).toBe(db.capabilities.version));
  });

  describe('verbs', () => {
    it('create, read, change and delete records', async () => {
      const id = new RecordId('verb', 'one');
      expect(await db.create(id, { n: 1 })).toEqual({ id, n: 1 });
      expect(await db.select(id)).toEqual({ id, n: 1 });
      expect(await db.merge(id, { m: 2 })).toEqual({ id, n: 1, m: 2 });
      expect(await db.update(id, { k: 3 })).toEqual({ id, k: 3 });
      expect(await db.patch(id, [{ op: 'replace', path: '/k', value: 4 }])).toEqual({ id, k: 4 });
      expect(await db.upsert(id, { z: 1 })).toEqual({ id, z: 1 });
      expect(await db.delete(id)).toEqual({ id, z: 1 });
      expect(await db.select(id)).toBeUndefined();
      expect(await db.merge(id, { m: 1 })).toBeUndefined();
    });

    it('take tables and ranges', async () => {
      const rows = await db.insert('range', [{ id: 1 }, { id: 2 }, { id: 3 }]);
      expect(rows).toHaveLength(3);
      const range = new RecordIdRange('range', new BoundIncluded(2), new BoundIncluded(3));
      expect(await db.select(range)).toHaveLength(2);
      expect(await db.merge(range, { x: 1 })).toHaveLength(2);
      expect(await db.delete(range)).toHaveLength(2);
      expect(await db.select(new Table('range'))).toEqual([{ id: new RecordId('range', 1) }]);
      expect(await db.create('range', { n: 9 })).toMatchObject({ n: 9 });
    });

    it('relate records', async () => {
      const [a, b] = [await db.create<{ id: RecordId }>('node'), await db.create<{ id: RecordId }>('node')];
      const [edge] = await db.relate<{ in: RecordId; out: RecordId; since: number }>(a.id, 'knows', b.id, { since: 5 });
      expect(edge).toMatchObject({ in: a.id, out: b.id, since: 5 });
    });

    it('refuse a text that looks like a record id', async () => {
      const error = await failure(db.select('user:1'));
      expect(error).toBeInstanceOf(ValidationError);
      expect(String(error)).toContain('RecordId.parse("user:1")');
    });
  });

  describe('query', () => {
    it('answers one value a statement', async () => {
      expect(await db.query('RETURN 1; LET $x = 2; RETURN $x + $y;', { y: 3 })).toEqual([1, undefined, 5]);
      expect(await db.query('')).toEqual([]);
      expect(await db.query('-- nothing')).toEqual([]);
    });

    it('answers nothing for BEGIN, COMMIT and CANCEL', async () => {
      expect(await db.query('RETURN 0; BEGIN; RETURN 1; COMMIT; RETURN 2')).toEqual([0, 1, 2]);
      expect(await db.query('BEGIN TRANSACTION; LET $a = 1; RETURN $a; COMMIT TRANSACTION;')).toEqual([undefined, 1]);
      expect(await db.query('BEGIN; RETURN 1; CREATE skipped; COMMIT; RETURN 2')).toEqual([1, 2]);
      expect(await db.query('BEGIN; CREATE undone; CANCEL; RETURN 2')).toEqual([undefined, 2]);
      expect(await db.query("RETURN 'begin; commit'; RETURN 10 / 5")).toEqual(['begin; commit', 2]);
    });

    it('throws the first real error, naming its statement and no values', async () => {
      const text = 'BEGIN; CREATE tx:1; THROW $secret; CREATE tx:2; COMMIT';
      const error = (await failure(db.query(text, { secret: 'hush' }))) as QueryError;
      expect(error).toBeInstanceOf(QueryError);
      expect(error).toMatchObject({ kind: 'Thrown', index: 2, statement: 'THROW $secret', bindings: ['secret'] });
      expect(error.what).toBe('An error occurred: hush');
      expect(await failure(db.select('tx'))).toMatchObject({ code: 'QUERY', kind: 'NotFound' });
    });

    it('points at what cannot be parsed', async () => {
      const error = (await failure(db.query('SELECT * FORM user'))) as QueryError;
      expect(error).toBeInstanceOf(QueryError);
      expect(error.what).toContain('Parse error');
      expect(error.what).toContain('FORM');
      expect(error.statement).toBe('SELECT * FORM user');
    });

    it('tells unique clashes with index, value and record', async () => {
      await db.query('DEFINE TABLE uniq; DEFINE INDEX by_name ON uniq FIELDS name, age UNIQUE');
      await db.create(new RecordId('uniq', 1), { name: "it's", age: 5 });
      const error = (await failure(db.create('uniq', { name: "it's", age: 5 }))) as UniqueConstraintError;
      expect(error).toBeInstanceOf(UniqueConstraintError);
      expect(error).toMatchObject({ table: 'uniq', index: 'by_name', value: ["it's", 5] });
      expect(error.message).toContain('uniq:1');
      const taken = (await failure(db.create(new RecordId('uniq', 1)))) as UniqueConstraintError;
      expect(taken).toMatchObject({ table: 'uniq', index: 'id', fields: ['id'] });
      expect(String(taken.value)).toBe('uniq:1');
    });

    const refusals: [string, string, RegExp][] = [
      ['coercion', "CREATE strict SET n = 'a'", /Couldn't coerce value for field `n`/],
      ['assert', 'CREATE strict SET n = -1', /must conform to: \$value > 0/],
      ['an unknown field', 'CREATE strict SET n = 1, zz = 1', /no such field exists for table 'strict'/],
      ['readonly', 'CREATE strict:ro SET n = 1, r = 1; UPDATE strict:ro SET r = 2', /field is readonly/],
      ['ONLY', 'CREATE strict SET n = 1; CREATE strict SET n = 1; SELECT * FROM ONLY strict', /single result output/],
      ['a missing table', 'SELECT * FROM nowhere', /The table 'nowhere' does not exist/],
      ['arithmetic', "RETURN 1 + 'a'", /Cannot perform addition/],
    ];
    it.each(refusals)('reports %s in the words of the server', async (_, text, words) => {
      await db.query(`DEFINE TABLE OVERWRITE strict SCHEMAFULL; DEFINE FIELD OVERWRITE n ON strict TYPE int ASSERT $value > 0;
        DEFINE FIELD OVERWRITE r ON strict TYPE option<int> READONLY;`);
      const error = (await failure(db.query(text))) as QueryError;
      expect(error).toBeInstanceOf(QueryError);
      expect(error.what).toMatch(words);
      expect(error.statement).toBe(text.split('; ').at(-1));
    });

    it('has TimeoutErrors for what the server cut short', async () => {
      expect(await failure(db.query('SELECT * FROM (SLEEP 200ms) TIMEOUT 20ms'))).toBeInstanceOf(TimeoutError);
    });

    it('has CapabilityErrors for what the server does not allow', async () => {
      expect(await failure(db.query("RETURN http::get('http://127.0.0.1:1')"))).toBeInstanceOf(CapabilityError);
    });
  });

  describe('deadlines', () => {
    it('give up on a request that takes too long, and go on', async () => {
      const request = {
        text: 'CREATE late; SLEEP 400ms',
        bindings: {},
        access: 'write',
        purpose: 'direct',
        timeout: 60,
      } as const;
      const started = performance.now();
      const error = (await failure(db.execute(request))) as TimeoutError;
      expect(performance.now() - started).toBeLessThan(300);
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error.outcome).toBe('unknown');
      expect(await db.query('RETURN 1')).toEqual([1]);
      expect(await db.select('late')).toHaveLength(1);
    });

    it('never send what has waited too long', async () => {
      if (!stateful) return;
      const slow = db.query('SLEEP 300ms');
      const exclusive = db.let('q', 1);
      const waiting = failure(db.query('CREATE never', {}, { timeout: 50 }));
      expect(await waiting).toMatchObject({ code: 'TIMEOUT', outcome: 'not-sent' });
      await Promise.all([slow, exclusive]);
      expect(await failure(db.select('never'))).toMatchObject({ kind: 'NotFound' });
    });

    it('stop at a signal', async () => {
      const controller = new AbortController();
      const waiting = failure(db.query('SLEEP 300ms', {}, { signal: controller.signal }));
      controller.abort(new Error('changed my mind'));
      expect(await waiting).toEqual(new Error('changed my mind'));
      expect(await failure(db.query('RETURN 1', {}, { signal: AbortSignal.abort(new Error('before')) }))).toEqual(
        new Error('before'),
      );
    });
  });

  describe('the session', () => {
    it('remembers variables', async () => {
      const session = await another();
      await session.let('who', 'Ann');
      expect(await session.query('RETURN $who')).toEqual(['Ann']);
      expect(await session.query('RETURN $who', { who: 'Bob' })).toEqual(['Bob']);
      await session.unset('who');
      expect(await session.query('RETURN $who')).toEqual([undefined]);
    });

    it('keeps un-awaited calls in order', async () => {
      const session = await another();
      const calls = Array.from({ length: 50 }, (_, at) => [session.let('v', at), session.query('RETURN $v')]).flat();
      const answers = (await Promise.all(calls)).filter(Array.isArray).map(([value]) => value as number);
      expect(answers).toEqual(Array.from({ length: 50 }, (_, at) => at));
    });

    it('moves between namespaces and databases', async () => {
      const session = await another();
      await session.use({ database: 'other' });
      expect(await session.query('RETURN [session::ns(), session::db()]')).toEqual([['test', 'other']]);
      await session.use({ namespace: 'elsewhere', database: 'x' });
      expect(await session.query('RETURN [session::ns(), session::db()]')).toEqual([['elsewhere', 'x']]);
      expect([session.namespace, session.database]).toEqual(['elsewhere', 'x']);
      await session.use({ namespace: 'test' });
      expect(session.database).toBeUndefined();
      expect(await failure(session.query('SELECT * FROM a'))).toMatchObject({ what: 'Specify a database to use' });
      expect(await failure(session.use({}))).toBeUndefined();
      await expect(session.use({ database: '' })).rejects.toThrow(ValidationError);
    });

    it('signs record users up and in, and lets PERMISSIONS apply', async () => {
      const session = await another();
      await session.query(`
        DEFINE TABLE account SCHEMALESS PERMISSIONS FOR select, update WHERE id = $auth;
        DEFINE ACCESS account ON DATABASE TYPE RECORD
          SIGNUP (CREATE account SET email = $email, pass = crypto::argon2::generate($pass))
          SIGNIN (SELECT * FROM account WHERE email = $email AND crypto::argon2::compare(pass, $pass));
        CREATE account SET email = 'other';`);
      const variables = { email: 'ann@example.com', pass: 'secret' };
      const made = await session.signup({ access: 'account', variables });
      expect(made.token.split('.')).toHaveLength(3);
      expect(await session.select('account')).toHaveLength(1);
      expect(await failure(session.query('DEFINE TABLE x'))).toBeInstanceOf(PermissionError);
      await expect(session.signin({ access: 'account', variables: { ...variables, pass: 'wrong' } })).rejects.toThrow(
        AuthenticationError,
      );
      const { token } = await session.signin({ access: 'account', variables });
      await session.authenticate(token);
      expect(await session.select('account')).toHaveLength(1);
      await expect(session.authenticate('rubbish')).rejects.toThrow(AuthenticationError);
      await expect(session.authenticate('')).rejects.toThrow(AuthenticationError);
    });

    it('refuses wrong credentials, and strangers', async () => {
      if (store.auth === undefined) return;
      const wrong = connect(store.url, { ...PLACE, auth: { username: 'root', password: 'wrong' } });
      await expect(wrong).rejects.toThrow(AuthenticationError);
      const stranger = await connect(store.url, PLACE);
      opened.push(stranger);
      expect(await failure(stranger.query('RETURN 1'))).toBeInstanceOf(AuthenticationError);
      await stranger.signin(store.auth);
      expect(await stranger.query('RETURN 1')).toEqual([1]);
      await stranger.invalidate();
      expect(await failure(stranger.query('RETURN 1'))).toBeInstanceOf(AuthenticationError);
    });
  });

  describe('observers', () => {
    it('see each request with its end, and may refuse it', async () => {
      const seen: unknown[] = [];
      const observed = await another({
        observer: {
          before: (request) => {
            if (request.text.includes('forbidden')) throw new Error('vetoed');
            seen.push(['before', request.text, request.purpose]);
          },
          after: async (request, { duration, error, results }) => {
            await Promise.resolve();
            seen.push(['after', request.text, (error as QueryError | undefined)?.what, results?.length, duration >= 0]);
          },
        },
      });
      await observed.query('RETURN 1', { a: 1 });
      await failure(observed.query("THROW 'x'"));
      await failure(observed.query('RETURN ('));
      await expect(observed.query('CREATE forbidden')).rejects.toThrow('vetoed');
      expect(seen).toEqual([
        ['before', 'RETURN 1', 'raw'],
        ['after', 'RETURN 1', undefined, 1, true],
        ['before', "THROW 'x'", 'raw'],
        ['after', "THROW 'x'", 'An error occurred: x', 1, true],
        ['before', 'RETURN (', 'raw'],
        ['after', 'RETURN (', expect.stringContaining('Parse error'), undefined, true],
      ]);
    });
  });

  describe('large requests', () => {
    it('are refused before they are sent', async () => {
      if (name !== 'http') return;
      const bindings = { big: 'x'.repeat(5 * 2 ** 20) };
      const request = { text: 'CREATE big SET v = $big', bindings, access: 'write' } as const;
      expect(await failure(db.execute({ ...request, purpose: 'flush' }))).toBeInstanceOf(FlushTooLargeError);
      expect(await failure(db.execute({ ...request, purpose: 'direct' }))).toBeInstanceOf(CapabilityError);
    });

    it('pass where they fit', async () => {
      const big = 'x'.repeat(3 * 2 ** 20);
      const [length] = await db.query('RETURN $big', { big });
      expect((length as string).length).toBe(big.length);
    });
  });

  describe('live queries', () => {
    if (!stateful) {
      it('are refused with the way out', async () => {
        const error = await failure(db.live('LIVE SELECT * FROM a'));
        expect(error).toBeInstanceOf(CapabilityError);
        expect(String(error)).toContain('ws://');
      });
      return;
    }

    const collect = async (text: string) => {
      const channel = await db.live(text);
      const got: LiveNotification[] = [];
      const ends: string[] = [];
      channel.on((notification) => void got.push(notification));
      channel.onEnd((reason) => void ends.push(reason));
      return { channel, got, ends };
    };
    const until = async (check: () => boolean) => {
      for (let waited = 0; !check() && waited < 3_000; waited += 10)
        await new Promise((resolve) => setTimeout(resolve, 10));
      expect(check()).toBe(true);
    };

    it('bring every change, with nothing lost between the answer and the first listener', async () => {
      await db.query('DEFINE TABLE watched');
      const opening = db.live('LIVE SELECT * FROM watched');
      const writes = Array.from({ length: 20 }, (_, at) => db.create(new RecordId('watched', at)));
      const channel = await opening;
      await Promise.all(writes);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const got: LiveNotification[] = [];
      channel.on((notification) => void got.push(notification));
      await until(() => got.length === 20);
      expect(new Set(got.map(({ record }) => String(record)))).toEqual(new Set(writes.map((_, at) => `watched:${at}`)));
      await db.merge(new RecordId('watched', 0), { x: 1 });
      await db.delete(new RecordId('watched', 0));
      await until(() => got.length === 22);
      // The engine may deliver the events of separate statements in another order.
      const last = got.slice(-2).sort((a, b) => b.action.localeCompare(a.action));
      expect(last).toMatchObject([{ action: 'UPDATE', result: { x: 1 } }, { action: 'DELETE' }]);
      await channel.close();
    });

    it('keep apart, stop when closed, and end once', async () => {
      await db.query('DEFINE TABLE left; DEFINE TABLE right');
      const [one, two] = [await collect('LIVE SELECT * FROM left'), await collect('LIVE SELECT * FROM right')];
      await db.create('left');
      await until(() => one.got.length === 1);
      await one.channel.close();
      await one.channel.close();
      await db.create('left');
      await db.create('right');
      await until(() => two.got.length === 1);
      expect(one.got).toHaveLength(1);
      expect(one.ends).toEqual(['closed']);
      expect(two.ends).toEqual([]);
      const [info] = await db.query<[{ lives: object }]>('INFO FOR TABLE left');
      expect(Object.keys(info.lives)).toEqual([]);
      await two.channel.close();
    });

    it('tell of their end by the server', async () => {
      await db.query('DEFINE TABLE doomed');
      const { ends, channel } = await collect('LIVE SELECT * FROM doomed');
      await db.query('REMOVE TABLE doomed');
      await until(() => ends.length === 1);
      expect(ends).toEqual(['killed']);
      await channel.close();
    });

    it('end with the connection', async () => {
      const connection = await another();
      await connection.query('DEFINE TABLE ending');
      const channel = await connection.live('LIVE SELECT * FROM ending');
      const ends: string[] = [];
      channel.onEnd((reason) => void ends.push(reason));
      await connection.close();
      expect(ends).toEqual(['closed']);
    });

    it('fail with typed errors', async () => {
      expect(await failure(db.live('LIVE SELECT * FROM nowhere_at_all'))).toMatchObject({
        code: 'QUERY',
        kind: 'NotFound',
      });
      expect(await failure(db.live('RETURN 1'))).toMatchObject({ code: 'QUERY' });
    });
  });

  describe('interactive transactions', () => {
    if (!stateful) {
      it('are refused with the way out', async () => {
        const error = await failure(db.begin());
        expect(error).toBeInstanceOf(CapabilityError);
        expect(String(error)).toContain('BEGIN … COMMIT');
      });
      return;
    }

    it('see their own writes, which nobody else sees before the commit', async () => {
      const id = new RecordId('tx', 'a');
      const tx = await db.begin();
      await tx.create(id, { n: 1 });
      expect(await tx.select(id)).toEqual({ id, n: 1 });
      expect(await tx.merge(id, { m: 2 })).toEqual({ id, n: 1, m: 2 });
      expect(await tx.patch(id, [{ op: 'add', path: '/p', value: 3 }])).toMatchObject({ p: 3 });
      expect(await tx.update(id, { u: 4 })).toEqual({ id, u: 4 });
      await tx.relate(id, 'tx_edge', id);
      expect(await failure(db.select('tx'))).toMatchObject({ kind: 'NotFound' });
      await tx.commit();
      expect(await db.select(id)).toEqual({ id, u: 4 });
      expect(await db.select('tx_edge')).toHaveLength(1);
    });

    it('undo everything when cancelled, the verbs included that RPC would run outside', async () => {
      const id = new RecordId('tx', 'b');
      await db.create(id, { n: 1 });
      const tx = await db.begin();
      await tx.update(id, { n: 2 });
      await tx.patch(id, [{ op: 'replace', path: '/n', value: 3 }]);
      await tx.relate(id, 'tx_undone', id);
      await tx.cancel();
      await tx.cancel();
      expect(await db.select(id)).toEqual({ id, n: 1 });
      expect(await failure(db.select('tx_undone'))).toMatchObject({ kind: 'NotFound' });
      expect(await failure(tx.query('RETURN 1'))).toMatchObject({ what: 'The transaction is cancelled already' });
    });

    it('are rollback-only after the first failed statement', async () => {
      const tx = await db.begin();
      const id = new RecordId('tx', 'c');
      await tx.create(id);
      const cause = await failure(tx.query("THROW 'no'"));
      const error = (await failure(tx.commit())) as QueryError;
      expect(error).toMatchObject({ code: 'QUERY', cause });
      expect(error.why).toContain('An error occurred: no');
      expect(await db.select(id)).toBeUndefined();
      await tx.cancel();
    });

    it('are rollback-only after a failure that execute() merely reports', async () => {
      const tx = await db.begin();
      const request = { text: "THROW 'no'", bindings: {}, access: 'read', purpose: 'raw' } as const;
      expect(firstError(await tx.execute(request), request)).toBeInstanceOf(QueryError);
      await expect(tx.commit()).rejects.toThrow('cancelled instead of committed');
    });

    it('conflict when another was first', async () => {
      const id = new RecordId('tx', 'd');
      await db.create(id, { n: 0 });
      const [one, two] = [await db.begin(), await db.begin()];
      await one.query('UPDATE $id SET n += 1', { id });
      await two.query('UPDATE $id SET n += 1', { id });
      await one.commit();
      expect(await failure(two.commit())).toMatchObject({ code: 'TRANSACTION_CONFLICT', retryable: true });
      expect(await db.select(id)).toEqual({ id, n: 1 });
      await two.cancel();
    });

    it('run un-awaited statements in order, before the commit', async () => {
      const tx = await db.begin();
      const id = new RecordId('tx', 'e');
      const work = [
        tx.create(id, { n: 0 }),
        ...Array.from({ length: 10 }, () => tx.query('UPDATE $id SET n += 1', { id })),
      ];
      await Promise.all([...work, tx.commit()]);
      expect(await db.select(id)).toEqual({ id, n: 10 });
    });
  });
});
