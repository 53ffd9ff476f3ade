import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, connectUnshielded, type Connection } from '../../lib/driver/connect.js';
import { WriteGate } from '../../lib/driver/embedded/write-gate.js';
import { TransactionConflictError, UniqueConstraintError } from '../../lib/errors/index.js';
import { startServer } from '../../lib/server/index.js';
import { RecordId } from '../../lib/values/index.js';
import { removeFolder } from '../support/remove-folder.js';

const PLACE = { namespace: 'test', database: 'test' };
const ROOT = { username: 'root', password: 'root' };
const STORAGES = ['mem', 'surrealkv', 'rocksdb'] as const;
/** `RACES_ROUNDS=60` looks longer: without the gate most rounds of some of these lose something. */
const ROUNDS = Number(process.env['RACES_ROUNDS'] ?? 10);

interface Racer {
  readonly connections: readonly Connection[];
  close(): Promise<void>;
}

let folder: string;
let next = 0;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'reverie-races-'))));
afterAll(() => removeFolder(folder));

const urlOf = (storage: string) =>
  storage === 'mem' ? 'mem://' : `${storage}://${join(folder, `${storage}${++next}`)}`;

async function inProcess(storage: string, writeGate = true): Promise<Racer> {
  const db = await connectUnshielded(urlOf(storage), PLACE, { writeGate });
  return { connections: [db], close: () => db.close() };
}

/** Two ws clients and one http client of one local server. */
async function overServer(storage: string, writeGate = true): Promise<Racer> {
  const gate = writeGate ? {} : { writeGate: WriteGate.open() };
  const server = await startServer({ url: urlOf(storage), user: ROOT.username, pass: ROOT.password, ...gate });
  const urls = [server.wsUrl, server.wsUrl, server.httpUrl];
  const connections = await Promise.all(urls.map((url) => connect(url, { ...PLACE, auth: ROOT })));
  return {
    connections,
    async close() {
      await Promise.all(connections.map((db) => db.close()));
      await server.close();
    },
  };
}

async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransactionConflictError) || attempt > 500) throw error;
    }
  }
}

const each = <T>({ connections }: Racer, count: number, work: (db: Connection, at: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, at) => work(connections[at % connections.length] as Connection, at)));

async function valueOf({ connections: [db] }: Racer, id: RecordId): Promise<number | undefined> {
  return (await (db as Connection).select<{ n: number }, RecordId>(id))?.n;
}

/** 40 increments side by side, every one acknowledged; what is in the record afterwards. */
async function increments(racer: Racer, round: number): Promise<number | undefined> {
  const id = new RecordId('acc', round);
  await racer.connections[0]?.create(id, { n: 0 });
  await each(racer, 40, (db) => retried(() => db.query('UPDATE $id SET n += 1', { id })));
  return valueOf(racer, id);
}

/** 50 writers that each replace the value they have read, if it still is there; the sum of what they did against the record. */
async function guardedUpdates(
  racer: Racer,
  round: number,
): Promise<{ acknowledged: number; stored: number | undefined }> {
  const id = new RecordId('guarded', round);
  await racer.connections[0]?.create(id, { n: 0 });
  let acknowledged = 0;
  await each(racer, 50, async (db) => {
    const [[row]] = await db.query<[[{ n: number }]]>('SELECT * FROM $id', { id });
    const text = 'UPDATE $id SET n = $n + 1 WHERE n = $n RETURN AFTER';
    const [changed] = await retried(() => db.query<[unknown[]]>(text, { id, n: row.n }));
    acknowledged += changed.length;
  });
  return { acknowledged, stored: await valueOf(racer, id) };
}

/** 8 creates of one id side by side: how many won, and that the others were told why not. */
async function creates(racer: Racer, round: number): Promise<number> {
  const id = new RecordId('one', round);
  const made = await each(racer, 8, (db, by) =>
    retried(() => db.create(id, { by })).then(
      () => 1,
      (error: unknown) => {
        if (error instanceof UniqueConstraintError) return 0;
        throw error;
      },
    ),
  );
  return made.reduce<number>((sum, won) => sum + won, 0);
}

async function rounds<T>(
  opening: Promise<Racer>,
  count: number,
  race: (racer: Racer, round: number) => Promise<T>,
): Promise<T[]> {
  const racer = await opening;
  const results: T[] = [];
  try {
    for (let round = 0; round < count; round += 1) results.push(await race(racer, round));
  } finally {
    await racer.close();
  }
  return results;
}

describe.each([
  ['in process', inProcess],
  ['over the local server', overServer],
] as const)('%s', (_, open) => {
  it.each(STORAGES)(
    'no increment is lost on %s',
    async (storage) => expect(await rounds(open(storage), ROUNDS, increments)).toEqual(Array(ROUNDS).fill(40)),
    120_000,
  );

  it.each(STORAGES)(
    'no guarded update is lost on %s',
    async (storage) => {
      for (const { acknowledged, stored } of await rounds(open(storage), ROUNDS, guardedUpdates))
        expect(stored).toBe(acknowledged);
    },
    120_000,
  );

  it.each(STORAGES)(
    'exactly one of racing creates wins on %s',
    async (storage) => expect(await rounds(open(storage), ROUNDS, creates)).toEqual(Array(ROUNDS).fill(1)),
    120_000,
  );

  it.each(['mem', 'surrealkv'])(
    'the write gate is needed for that: without it increments are lost on %s',
    async (storage) => {
      const racer = await open(storage, false);
      let lost = false;
      for (let round = 0; round < 200 && !lost; round += 1) lost = (await increments(racer, round)) !== 40;
      await racer.close();
      expect(lost).toBe(true);
    },
    120_000,
  );
});

describe('interactive transactions', () => {
  it.each(STORAGES)(
    'lose no increment on %s',
    async (storage) => {
      const db = await connect(urlOf(storage), PLACE);
      const id = new RecordId('acc', 1);
      for (let round = 0; round < 2; round += 1) {
        await db.upsert(id, { n: 0 });
        await Promise.all(Array.from({ length: 20 }, () => retried(() => increment(db, id))));
        expect(await db.select(id)).toMatchObject({ n: 20 });
      }
      await db.close();
    },
    120_000,
  );

  it.each(STORAGES)('see a record as it was, however often it is overwritten meanwhile, on %s', async (storage) => {
    for (const racer of [await inProcess(storage), await overServer(storage)]) {
      const [db] = racer.connections as [Connection];
      const [a, b] = [new RecordId('acc', 1), new RecordId('acc', 2)];
      await db.upsert(a, { n: 7 });
      // The snapshot begins after a later write of another record.
      await db.upsert(b, { n: 0 });
      const tx = await db.begin();
      for (let n = 0; n < 6; n += 1) await db.query('UPDATE $a SET n += 1', { a });
      expect(await tx.query('SELECT VALUE n FROM $a', { a })).toEqual([[7]]);
      await tx.cancel();
      await racer.close();
    }
  });

  async function increment(db: Connection, id: RecordId): Promise<void> {
    const tx = await db.begin();
    try {
      await tx.query('UPDATE $id SET n += 1', { id });
      await tx.commit();
    } catch (error) {
      await tx.cancel();
      throw error;
    }
  }
});

it('reads do not wait at the gate', async () => {
  const db = await connect('mem://', PLACE);
  await db.create('a');
  const write = db.query('CREATE a; SLEEP 300ms');
  const started = performance.now();
  await db.select('a');
  expect(performance.now() - started).toBeLessThan(200);
  await write;
  await db.close();
});
