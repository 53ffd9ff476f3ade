import { startServer, type RunningServer } from '../../lib/server/index.js';
import { WriteGate } from '../../lib/driver/embedded/write-gate.js';
import { eventually, pause } from './support/eventually.js';
import { RpcSocket, type StatementEntry } from './support/rpc-socket.js';
import { serving } from './support/serving.js';
import { withFolder } from './support/temporary.js';

const results = (answer: { result?: unknown }): unknown[] =>
  (answer.result as StatementEntry[]).map((entry) => entry.result);

describe('order of requests', () => {
  let server: RunningServer;
  let client: RpcSocket;

  beforeAll(async () => {
    server = await startServer({ user: 'root', pass: 'root' });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    client = await RpcSocket.root(server.wsUrl);
  });
  afterEach(() => client.end());

  it('300 pairs of let and query that nobody awaits see each its own value', async () => {
    const pairs = Array.from(
      { length: 300 },
      (_, n) => [client.call('let', ['n', n]), client.call('query', ['RETURN $n'])] as const,
    );
    const seen = await Promise.all(pairs.map(async ([, query]) => results(await query)[0]));
    expect(seen).toEqual(Array.from({ length: 300 }, (_, n) => n));
  });

  it('use, unset and reset take their place in it too', async () => {
    const place = 'RETURN [session::ns(), session::db(), $x]';
    const answers = await Promise.all([
      client.call('use', ['one', 'one']),
      client.call('let', ['x', 1]),
      client.call('query', [place]),
      client.call('use', ['two', 'two']),
      client.call('unset', ['x']),
      client.call('query', [place]),
      client.call('reset'),
      client.call('query', [place]),
    ]);
    expect(results(answers[2])).toEqual([['one', 'one', 1]]);
    expect(results(answers[5])).toEqual([['two', 'two', undefined]]);
    expect(answers[7].error).toMatchObject({ code: -32002 });
  });

  it('queries of one session run side by side', async () => {
    const started = Date.now();
    await Promise.all(Array.from({ length: 6 }, () => client.call('query', ['SLEEP 2s'])));
    expect(Date.now() - started).toBeLessThan(9_000);
  });

  it('a long query of one connection holds no other back', async () => {
    const other = await RpcSocket.root(server.wsUrl);
    let isOver = false;
    const slow = client.call('query', ['SLEEP 3s; RETURN "slow"']).finally(() => (isOver = true));
    await other.query('RETURN 1; CREATE quick');
    expect(isOver).toBe(false);
    await slow;
    await other.end();
  });

  it('a read never starts before the write that was sent ahead of it', async () => {
    class Barrier extends WriteGate {
      wait: Promise<void> = Promise.resolve();
      override run<T>(work: () => Promise<T>): Promise<T> {
        return super.run(async () => {
          await this.wait;
          return work();
        });
      }
    }
    const writeGate = new Barrier();
    await serving({ writeGate }, async ({ wsUrl }) => {
      const [mine, other] = await Promise.all([RpcSocket.root(wsUrl), RpcSocket.root(wsUrl)]);
      await mine.query('DEFINE TABLE log');
      let open: () => void = () => undefined;
      writeGate.wait = new Promise((resolve) => (open = resolve));
      const write = mine.call('query', ['CREATE log']);
      let answered = false;
      const read = mine.call('query', ['RETURN 1']).finally(() => (answered = true));
      // Another session does not wait for it.
      await other.query('RETURN 1');
      await pause(100);
      expect(answered).toBe(false);
      open();
      await Promise.all([write, read]);
    });
  });
});

describe('the write gate', () => {
  class CountingGate extends WriteGate {
    passed = 0;
    atOnce = 0;
    #inside = 0;
    override run<T>(work: () => Promise<T>): Promise<T> {
      this.passed += 1;
      return super.run(async () => {
        this.#inside += 1;
        this.atOnce = Math.max(this.atOnce, this.#inside);
        try {
          return await work();
        } finally {
          this.#inside -= 1;
        }
      });
    }
  }

  it('is passed by what writes and by nothing else', async () => {
    const gate = new CountingGate();
    await serving({ writeGate: gate }, async (server) => {
      const client = await RpcSocket.root(server.wsUrl);
      const passes = async (method: string, params: unknown[], extra = {}): Promise<number> => {
        const before = gate.passed;
        await client.call(method, params, extra);
        return gate.passed - before;
      };
      await client.query('DEFINE TABLE t; DEFINE FUNCTION fn::one() { RETURN 1 }');
      expect(await passes('query', ['SELECT * FROM t'])).toBe(0);
      expect(await passes('select', ['t'])).toBe(0);
      expect(await passes('let', ['a', 1])).toBe(0);
      expect(await passes('info', [])).toBe(0);
      expect(await passes('signin', [{ user: 'root', pass: 'root' }])).toBe(0);
      expect(await passes('query', ['CREATE t'])).toBe(1);
      expect(await passes('query', ['LIVE SELECT * FROM t'])).toBe(1);
      expect(await passes('create', ['t', {}])).toBe(1);
      expect(await passes('run', ['fn::one', undefined, []])).toBe(1);
      expect(await passes('use', ['test', 'test'])).toBe(1);
      const before = gate.passed;
      const txn = await client.ok('begin');
      await client.query('CREATE t', {}, { txn });
      await client.ok('create', ['t', {}], { txn });
      await client.ok('commit', [txn]);
      expect(gate.passed - before).toBe(2);
      // A transaction that is gone: refused before the gate.
      expect(await passes('create', ['t', {}], { txn })).toBe(0);
      expect(gate.atOnce).toBe(1);
    });
  });

  it('is passed by the cancel of what a connection left open, and by the end of its live queries', async () => {
    const gate = new CountingGate();
    await serving({ writeGate: gate }, async (server) => {
      const leaving = await RpcSocket.root(server.wsUrl);
      await leaving.query('DEFINE TABLE t');
      await leaving.ok('begin');
      await leaving.ok('begin');
      await leaving.ok('live', ['t']);
      const before = gate.passed;
      leaving.socket.terminate();
      await eventually(() => expect(gate.passed - before).toBe(3));
    });
  });

  it.each(['mem', 'surrealkv', 'rocksdb'])(
    'keeps every one of 40 parallel increments from 8 connections on %s://',
    async (engine) => {
      await withFolder(async (folder) => {
        const url = engine === 'mem' ? 'mem://' : `${engine}://${folder}/db`;
        expect(await serving({ url }, (server) => lostIncrements(server, 8))).toBe(0);
      });
    },
  );

  it('without it increments are lost', async () => {
    await withFolder(async (folder) => {
      const options = { url: `surrealkv://${folder}/db`, writeGate: WriteGate.open() };
      expect(await serving(options, (server) => lostIncrements(server, 60))).toBeGreaterThan(0);
    });
  });

  /** How many of 40 acknowledged increments, made by 8 connections at once, are missing; ends with the first loss. */
  async function lostIncrements(server: RunningServer, rounds: number): Promise<number> {
    const clients = await Promise.all(Array.from({ length: 8 }, () => RpcSocket.root(server.wsUrl)));
    const [first] = clients as [RpcSocket];
    let lost = 0;
    for (let round = 0; round < rounds && lost === 0; round += 1) {
      await first.query('UPSERT acc:1 SET n = 0');
      await Promise.all(clients.flatMap((client) => Array.from({ length: 5 }, () => increment(client))));
      lost += 40 - Number((await first.query('RETURN acc:1.n'))[0]);
    }
    return lost;
  }

  /** One increment, repeated while the engine reports a conflict. */
  async function increment(client: RpcSocket): Promise<void> {
    for (;;) {
      const answer = await client.call('query', ['UPDATE acc:1 SET n += 1']);
      const [entry] = answer.result as StatementEntry[];
      if (entry?.status === 'OK') return;
      if (!String(entry?.result).includes('can be retried')) throw new Error(String(entry?.result));
    }
  }
});
