import type { RunningServer } from '../../lib/server/index.js';
import { startServer } from '../../lib/server/index.js';
import { RecordId, Uuid } from '../../lib/values/index.js';
import { eventually } from './support/eventually.js';
import { freshId, RpcSocket } from './support/rpc-socket.js';
import { serving } from './support/serving.js';
import { withFolder } from './support/temporary.js';

describe('sessions, transactions and live queries of a connection', () => {
  let server: RunningServer;
  let client: RpcSocket;
  let other: RpcSocket;

  beforeAll(async () => {
    server = await startServer({ user: 'root', pass: 'root' });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    client = await RpcSocket.root(server.wsUrl);
    other = await RpcSocket.root(server.wsUrl);
    await client.query('DEFINE TABLE IF NOT EXISTS item; DELETE item');
  });
  afterEach(() => Promise.all([client.end(), other.end()]));

  const lives = async (): Promise<number> => {
    const [info] = (await other.query('INFO FOR TABLE item')) as [{ lives: object }];
    return Object.keys(info.lives).length;
  };

  describe('attached sessions', () => {
    it('have a place, variables and a user of their own', async () => {
      const session = freshId();
      expect(await client.call('attach', [], { session })).toMatchObject({ session, result: undefined });
      expect((await client.call('query', ['RETURN 1'], { session })).error).toMatchObject({ code: -32002 });
      await client.ok('signin', [{ user: 'root', pass: 'root' }], { session });
      await client.ok('use', ['elsewhere', 'there'], { session });
      await client.ok('let', ['x', 5], { session });
      expect(await client.query('RETURN [session::db(), $x, session::id()]', {}, { session })).toEqual([
        ['there', 5, session],
      ]);
      expect(await client.query('RETURN [session::db(), $x]')).toEqual([['test', undefined]]);
      expect(await client.ok('sessions')).toEqual([session]);
      // The uuid as text is the same session.
      expect(await client.query('RETURN $x', {}, { session: String(session) })).toEqual([5]);
      await client.ok('detach', [], { session });
      expect(await client.ok('sessions')).toEqual([]);
    });

    it('are used at once, without waiting for attach', async () => {
      const session = freshId();
      const [, , , answer] = await Promise.all([
        client.call('attach', [], { session }),
        client.call('signin', [{ user: 'root', pass: 'root' }], { session }),
        client.call('let', ['x', 1], { session }),
        client.call('query', ['RETURN $x'], { session }),
      ]);
      expect(answer.result).toMatchObject([{ result: 1 }]);
    });

    it('are attached once, end once, and are nobody else’s', async () => {
      const session = freshId();
      await client.ok('attach', [], { session });
      expect((await client.call('attach', [], { session })).error).toMatchObject({
        code: -32000,
        kind: 'AlreadyExists',
        message: `Session already exists: ${session}`,
        details: { kind: 'Session', details: { id: String(session) } },
      });
      expect((await other.call('query', ['RETURN 1'], { session })).error).toMatchObject({
        kind: 'NotFound',
        message: `Session not found: ${session}`,
      });
      expect(await other.ok('sessions')).toEqual([]);
      expect((await client.call('attach')).error).toMatchObject({ code: -32603, message: 'Expected a session ID' });
      expect((await client.call('detach')).error).toMatchObject({ code: -32603 });
      expect(await client.ok('detach', [], { session: freshId() })).toBeUndefined();
      // Another connection may choose the same uuid for a session of its own.
      await other.ok('attach', [], { session });
      await other.ok('signin', [{ user: 'root', pass: 'root' }], { session });
      expect(await other.query('RETURN 1', {}, { session })).toEqual([1]);
      expect((await client.call('query', ['RETURN 1'], { session })).error).toMatchObject({ code: -32002 });
    });

    it('can be attached again under the same uuid', async () => {
      const session = freshId();
      for (let round = 0; round < 3; round += 1) {
        const [attached, detached] = await Promise.all([
          client.call('attach', [], { session }),
          client.call('detach', [], { session }),
        ]);
        expect([attached.error, detached.error]).toEqual([undefined, undefined]);
      }
    });
  });

  describe('transactions', () => {
    it('keep what they do to themselves until they commit', async () => {
      const txn = (await client.ok('begin')) as Uuid;
      expect(Uuid.is(txn)).toBe(true);
      await client.query('CREATE item:1', {}, { txn });
      await client.ok('create', [new RecordId('item', 2), {}], { txn });
      expect(await client.query('SELECT VALUE id FROM item')).toEqual([[]]);
      expect((await client.query('SELECT VALUE id FROM item', {}, { txn }))[0]).toHaveLength(2);
      await client.ok('commit', [txn]);
      expect((await client.query('SELECT VALUE id FROM item'))[0]).toHaveLength(2);
      expect((await client.call('commit', [txn])).error).toMatchObject({
        code: -32603,
        message: 'Transaction not found',
      });
      expect((await client.call('query', ['RETURN 1'], { txn })).error).toMatchObject({
        message: 'Transaction not found',
      });
    });

    it('run their statements in order although nobody awaits them', async () => {
      const txn = (await client.ok('begin')) as Uuid;
      const texts = Array.from({ length: 50 }, (_, n) => `UPSERT item:log SET seen += [${n}]`);
      const statements = texts.map((text) => client.call('query', [text], { txn }));
      const committed = client.call('commit', [txn]);
      await Promise.all(statements);
      expect((await committed).error).toBeUndefined();
      expect(await client.query('RETURN item:log.seen')).toEqual([Array.from({ length: 50 }, (_, n) => n)]);
    });

    it('belong to their connection, any session of it', async () => {
      const txn = await client.ok('begin');
      expect((await other.call('query', ['CREATE item:3'], { txn })).error).toMatchObject({
        message: 'Transaction not found',
      });
      expect((await other.call('commit', [txn])).error).toMatchObject({ message: 'Transaction not found' });
      expect((await client.call('commit', ['text'])).error).toMatchObject({ message: 'Expected transaction UUID' });
      const session = freshId();
      await client.ok('attach', [], { session });
      await client.ok('signin', [{ user: 'root', pass: 'root' }], { session });
      await client.ok('use', ['test', 'test'], { session });
      await client.query('CREATE item:4', {}, { session, txn });
      await client.ok('cancel', [txn]);
      expect(await client.query('SELECT VALUE id FROM item')).toEqual([[]]);
    });

    it('are cancelled when their connection ends', async () => {
      const leaving = await RpcSocket.root(server.wsUrl);
      const txn = await leaving.ok('begin');
      await leaving.query('CREATE item:5', {}, { txn });
      leaving.socket.terminate();
      // The same record can be written at once: nothing of the transaction is in the way, or kept.
      await eventually(async () =>
        expect((await client.call('create', [new RecordId('item', 5), { n: 1 }])).error).toBeUndefined(),
      );
      expect(await client.query('SELECT VALUE n FROM item')).toEqual([[1]]);
    });

    it('are limited in number', async () => {
      await serving({ limits: { transactions: 3 } }, async (small) => {
        const greedy = await RpcSocket.root(small.wsUrl);
        const answers = await Promise.all(Array.from({ length: 5 }, () => greedy.call('begin')));
        expect(answers.filter((answer) => answer.error === undefined)).toHaveLength(3);
        await greedy.ok('cancel', [answers[0]?.result]);
        await greedy.ok('begin');
      });
    });
  });

  describe('live queries', () => {
    it('tell their own connection and no other', async () => {
      await client.query('DEFINE TABLE IF NOT EXISTS other_item');
      const mine = (await client.query('LIVE SELECT * FROM item'))[0];
      const theirs = await other.ok('live', ['other_item']);
      await client.query('CREATE item:1; CREATE other_item:1');
      await eventually(() => {
        expect(client.notifications).toMatchObject([{ id: mine, action: 'CREATE', record: new RecordId('item', 1) }]);
        expect(other.notifications).toMatchObject([
          { id: theirs, action: 'CREATE', record: new RecordId('other_item', 1) },
        ]);
      });
      await client.ok('kill', [mine]);
      await other.query('CREATE item:2');
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(client.notifications.slice(1)).toMatchObject([{ id: mine, action: 'KILLED' }]);
    });

    it('of an attached session carry its uuid, outside and inside', async () => {
      const session = freshId();
      // The uuid is taken in the engine by the first connection, and still means the second one's own session there.
      await client.ok('attach', [], { session });
      await other.ok('attach', [], { session });
      await other.ok('signin', [{ user: 'root', pass: 'root' }], { session });
      await other.ok('use', ['test', 'test'], { session });
      await other.ok('live', ['item'], { session });
      await client.query('CREATE item:1');
      await eventually(() =>
        expect(other.notifications).toMatchObject([{ outer: session, session, action: 'CREATE' }]),
      );
      expect(client.notifications).toEqual([]);
    });

    it('never speak before they are announced', async () => {
      for (let round = 0; round < 20; round += 1) {
        const writes = Array.from({ length: 5 }, (_, n) => other.call('query', [`CREATE item:${round * 10 + n}`]));
        const live = await client.ok('live', ['item']);
        await Promise.all(writes);
        await client.ok('kill', [live]);
      }
      const announced = new Set<string>();
      for (const arrival of client.arrivals) {
        if (Uuid.is(arrival.result)) announced.add(String(arrival.result));
        const notification = arrival.result as { action?: string; id?: unknown } | undefined;
        if (notification?.action !== undefined) expect(announced).toContain(String(notification.id));
      }
      expect(announced.size).toBe(20);
    });

    it('speak after their answer even where one query registers and writes', async () => {
      const answer = await client.call('query', ['LIVE SELECT * FROM item; CREATE item:1; CREATE item:2; SLEEP 50ms']);
      await eventually(() => expect(client.notifications).toHaveLength(2));
      expect(client.arrivals.slice(-3)[0]).toEqual(answer);
    });

    // On rocksdb no write gate puts the two into order.
    it.each([
      ['live', ['item']],
      ['query', ['LIVE SELECT * FROM item']],
    ])('see the write that is sent right behind their %s', async (method, params) => {
      const rounds = 60;
      await withFolder((folder) =>
        serving({ url: `rocksdb://${folder}/db` }, async ({ wsUrl }) => {
          const alone = await RpcSocket.root(wsUrl);
          await alone.query('DEFINE TABLE item');
          for (let round = 0; round < rounds; round += 1) {
            void alone.call(method, params);
            await alone.call('query', [`CREATE item:${round}`]);
          }
          await eventually(() => expect(alone.notifications).toHaveLength((rounds * (rounds + 1)) / 2));
        }),
      );
    });

    it('end with their connection, their session and a reset', async () => {
      const session = freshId();
      const leaving = await RpcSocket.root(server.wsUrl);
      await leaving.ok('attach', [], { session });
      await leaving.ok('signin', [{ user: 'root', pass: 'root' }], { session });
      await leaving.ok('use', ['test', 'test'], { session });
      await leaving.ok('live', ['item'], { session });
      await leaving.ok('live', ['item']);
      expect(await lives()).toBe(2);
      await leaving.ok('detach', [], { session });
      expect(await lives()).toBe(1);
      leaving.socket.terminate();
      await eventually(async () => expect(await lives()).toBe(0));
      await client.ok('live', ['item']);
      expect(await lives()).toBe(1);
      await client.ok('reset');
      expect(await lives()).toBe(0);
    });
  });

  it('leave nothing behind in 100 abrupt departures', async () => {
    for (let round = 0; round < 10; round += 1) {
      const leaving = await Promise.all(Array.from({ length: 10 }, () => RpcSocket.root(server.wsUrl)));
      await Promise.all(
        leaving.map(async (socket, n) => {
          await socket.ok('live', ['item']);
          const txn = await socket.ok('begin');
          await socket.query(`CREATE item:${n}`, {}, { txn });
          void socket.call('query', ['SLEEP 5ms']);
          socket.socket.terminate();
        }),
      );
    }
    await eventually(async () => expect(await lives()).toBe(0));
    expect(await client.query('SELECT VALUE id FROM item')).toEqual([[]]);
  });
});
