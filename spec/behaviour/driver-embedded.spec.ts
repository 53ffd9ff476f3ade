import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../lib/driver/connect.js';
import { openEngine } from '../../lib/driver/embedded/native-engine.js';
import { AuthenticationError, CapabilityError, ConnectionError, ValidationError } from '../../lib/errors/index.js';
import { runChild } from '../support/run-child.js';
import { removeFolder } from '../support/remove-folder.js';

const PLACE = { namespace: 'test', database: 'test' };
const ABORTED = { signal: 'SIGABRT', late: false };

let folder: string;
let next = 0;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'reverie-engine-'))));
afterAll(() => removeFolder(folder));

const urlOf = (storage: string) =>
  storage === 'mem' ? 'mem://' : `${storage}://${join(folder, `${storage}${++next}`)}`;

describe('the session queue', () => {
  const overlapping = (shields: string) => `
    import { connectUnshielded } from 'lib/driver/connect.js';
    async function main() {
      const db = await connectUnshielded('mem://', { namespace: 'a', database: 'a' }, ${shields});
      const calls = Array.from({ length: 300 }, (_, at) => [db.let('v', at), db.query('RETURN $v')]).flat();
      const answers = await Promise.all(calls);
      console.log('ANSWERED', answers.filter(Array.isArray).every(([value], at) => value === at));
      await db.close();
    }`;

  it('keeps calls that change the session apart, and in order', async () => {
    const child = await runChild(overlapping('{}'));
    expect(child).toMatchObject({ code: 0, late: false });
    expect(child.output.trim()).toBe('ANSWERED true');
  });

  it('is needed: without it the engine wedges the session for ever', async () => {
    const child = await runChild(overlapping('{ sessionQueue: false }'), { deadline: 4_000 });
    expect(child.late).toBe(true);
    expect(child.output).toBe('');
  });
});

describe('what would abort the process', () => {
  it('refuses a database without a namespace', async () => {
    const db = await connect('mem://');
    await expect(db.use({ database: 'x' })).rejects.toThrow(ValidationError);
    await expect(connect('mem://', { database: 'x' })).rejects.toThrow(ValidationError);
    await expect(db.query('RETURN 1')).resolves.toEqual([1]);
    await db.close();
    const raw = await runChild(`
      import { openEngine } from 'lib/driver/embedded/native-engine.js';
      import { encode } from 'lib/driver/codec/index.js';
      async function main() {
        const engine = await openEngine('mem://');
        await engine.execute(encode({ method: 'use', params: [undefined, 'x'] }));
      }`);
    expect(raw).toMatchObject(ABORTED);
  });

  it('refuses calls after close', async () => {
    const db = await connect('mem://', PLACE);
    const engine = await openEngine('mem://');
    await db.close();
    await engine.free();
    await expect(db.query('RETURN 1')).rejects.toMatchObject({ code: 'CONNECTION', outcome: 'not-sent' });
    await expect(db.begin()).rejects.toThrow(ConnectionError);
    await expect(engine.execute(new Uint8Array())).rejects.toThrow(ConnectionError);
    await expect(engine.export()).rejects.toThrow(ConnectionError);
    const raw = await runChild(`
      import { loadAddon } from 'lib/driver/embedded/addon.js';
      async function main() {
        const engine = await loadAddon().SurrealNodeEngine.connect('mem://', {});
        await engine.free();
        await engine.export();
      }`);
    expect(raw).toMatchObject(ABORTED);
  });

  it('refuses capability names that the engine cannot read', async () => {
    const bad = [
      { functions: ['a-b'] },
      { functions: ['string::is_email'] },
      { functions: { allow: true, deny: ['*'] } },
      { networkTargets: ['a b'] },
      { networkTargets: ['1.2.3.4.5', 'a:99999', 'xn--a', '[zz]', ''] },
      { experimental: ['record_references'] },
    ];
    for (const capabilities of bad) await expect(connect('mem://', { capabilities })).rejects.toThrow(ValidationError);
    const raw = await runChild(`
      import { loadAddon } from 'lib/driver/embedded/addon.js';
      async function main() { await loadAddon().SurrealNodeEngine.connect('mem://', { capabilities: { functions: ['a-b'] } }); }`);
    expect(raw).toMatchObject(ABORTED);
  });

  it('passes the names that it can read', async () => {
    const db = await connect('mem://', {
      ...PLACE,
      capabilities: {
        functions: { allow: ['string::len', 'math::*', 'array::sort::asc', 'http'], deny: ['fn::*'] },
        networkTargets: [
          'example.com',
          'example.com:443',
          '10.0.0.0/8',
          '127.0.0.1:80',
          '::1',
          '[::1]:8000',
          'fe80::1/64',
        ],
        experimental: ['files'],
      },
    });
    await expect(db.query('RETURN math::sqrt(16)')).resolves.toEqual([4]);
    await expect(db.query("RETURN crypto::md5('a')")).rejects.toThrow(CapabilityError);
    await db.close();
  });
});

describe('opening', () => {
  it('gives every mem:// a store of its own', async () => {
    const [one, other] = await Promise.all([connect('mem://', PLACE), connect('mem://', PLACE)]);
    await one.create('a');
    await expect(other.select('a')).rejects.toThrow("The table 'a' does not exist");
    await Promise.all([one.close(), other.close()]);
  });

  it('keeps data on disk, and opens again at once after close', async () => {
    const url = urlOf('surrealkv');
    for (let round = 1; round <= 3; round += 1) {
      const db = await connect(url, PLACE);
      await db.create('a');
      expect(await db.select('a')).toHaveLength(round);
      await db.close();
    }
  });

  it('opens again in the same process whatever indexes were defined, and they are as they were', async () => {
    const url = urlOf('surrealkv');
    const defined = await connect(url, { namespace: 'a', database: 'one' });
    await defined.query(`
      DEFINE ANALYZER words TOKENIZERS class;
      DEFINE TABLE \`a b\`; DEFINE INDEX plain ON \`a b\` FIELDS n; DEFINE INDEX \`u-q\` ON \`a b\` FIELDS m UNIQUE;
      DEFINE INDEX words ON \`a b\` FIELDS s FULLTEXT ANALYZER words BM25; DEFINE INDEX number ON \`a b\` COUNT;
      CREATE \`a b\`:1 SET n = 1, m = 1, s = 'quick fox', v = [1, 0];
      DEFINE INDEX near ON \`a b\` FIELDS v HNSW DIMENSION 2;
      USE DB two; DEFINE TABLE c; DEFINE INDEX i ON c FIELDS n; USE NS b DB one; DEFINE TABLE d; DEFINE INDEX i ON d FIELDS n`);
    await defined.close();
    const again = await connect(url, { namespace: 'a', database: 'one' });
    const found = await again.query(`
      SELECT VALUE n FROM \`a b\` WHERE n = 1; SELECT VALUE n FROM \`a b\` WHERE s @@ 'fox';
      SELECT VALUE n FROM \`a b\` WHERE v <|1, 10|> [1, 0]; SELECT VALUE count FROM ONLY (SELECT count() FROM \`a b\` GROUP ALL)`);
    expect(found).toEqual([[1], [1], [1], 1]);
    await expect(again.query('CREATE \`a b\`:2 SET m = 1')).rejects.toThrow('already contains');
    const [{ indexes }] = await again.query<[{ indexes: object }]>('INFO FOR TABLE \`a b\`');
    expect(Object.keys(indexes)).toEqual(['near', 'number', 'plain', 'u-q', 'words']);
    await again.close();
  });

  it.each(['surrealkv', 'rocksdb'])('says who holds the lock of %s, and does not wait for ever', async (storage) => {
    const url = urlOf(storage);
    const db = await connect(url, PLACE);
    const error = await connect(url, { ...PLACE, connect: { attempts: 1 } }).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ConnectionError);
    expect((error as ConnectionError).message).toContain('lock');
    await db.close();
  });

  it.each(['surrealkv', 'rocksdb'])('says it of another process that holds the lock of %s, too', async (storage) => {
    const url = urlOf(storage);
    const db = await connect(url, PLACE);
    const child = await runChild(`
      import { connect } from 'lib/driver/connect.js';
      async function main() {
        await connect('${url}', { connect: { attempts: 1 } }).catch((error) => console.log(error.code, error.why));
      }`);
    expect(child.output).toBe('CONNECTION another connection holds the lock of this folder\n');
    await db.close();
  });

  it.each(['tikv://x', 'file:///x', 'whatever://x', 'speedb:x'])('refuses %s', async (url) => {
    await expect(connect(url)).rejects.toThrow(CapabilityError);
  });

  it.each(['surrealkv://', 'rocksdb:', '', 'http://', 'ws://user:secret@localhost'])('refuses %j', async (url) => {
    const error = await connect(url).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ValidationError);
    expect(String(error)).not.toContain('secret');
  });

  it('says how to install the engine where it is missing', async () => {
    const child = await runChild(
      `import { connect } from 'lib/driver/connect.js';
       async function main() { await connect('mem://').catch((error) => console.log(error.code, error.message)); }`,
      { cwd: tmpdir() },
    );
    expect(child.output).toContain('CAPABILITY');
    expect(child.output).toContain('npm i @surrealdb/node');
  });

  it('makes the first root user of a store from its credentials, and checks them ever after', async () => {
    const url = urlOf('surrealkv');
    const auth = { username: "ro`o't", password: "pa'ss\\" };
    const first = await connect(url, { ...PLACE, auth });
    await first.create('a');
    await first.close();
    await expect(connect(url, { ...PLACE, auth: { ...auth, password: 'wrong' } })).rejects.toThrow(AuthenticationError);
    const again = await connect(url, { ...PLACE, auth });
    expect(await again.select('a')).toHaveLength(1);
    await again.close();
  });
});

describe('closing', () => {
  it('lets the process end by itself', async () => {
    const child = await runChild(`
      import { connect } from 'lib/driver/connect.js';
      async function main() {
        const db = await connect('mem://', { namespace: 'a', database: 'a' });
        const channel = await db.create('p').then(() => db.live('LIVE SELECT * FROM p'));
        channel.on(() => undefined);
        await db.begin();
        const slow = db.query('SLEEP 50ms; RETURN 1');
        await db.close();
        console.log(JSON.stringify(await slow));
      }`);
    expect(child).toMatchObject({ code: 0, late: false });
    expect(child.output.trim()).toBe('[null,1]');
  });

  it('lets the process end after live queries and index builds, and leaves nothing in the store', async () => {
    const url = urlOf('surrealkv');
    const child = await runChild(`
      import { connect } from 'lib/driver/connect.js';
      async function main() {
        const db = await connect(${JSON.stringify(url)}, { namespace: 'a', database: 'a' });
        await db.query('DEFINE TABLE p; DEFINE INDEX i ON p FIELDS n UNIQUE');
        await db.live('LIVE SELECT * FROM p');
        await db.close();
        console.log('closed');
      }`);
    expect(child).toMatchObject({ code: 0, late: false, output: 'closed\n' });
    const db = await connect(url, { namespace: 'a', database: 'a' });
    const [root, database] = await db.query<[{ namespaces: object }, { tables: object }]>('INFO FOR ROOT; INFO FOR DB');
    expect(Object.keys(root.namespaces).sort()).toEqual(['a', 'main']);
    expect(Object.keys(database.tables)).toEqual(['p']);
    await db.close();
    const raw = await runChild(
      `import { loadAddon } from 'lib/driver/embedded/addon.js';
       import { encode } from 'lib/driver/codec/index.js';
       async function main() {
         const engine = await loadAddon().SurrealNodeEngine.connect('mem://', {});
         const call = (method, ...params) => engine.execute(encode({ method, params }));
         await call('use', 'a', 'a');
         await call('query', 'DEFINE TABLE p; DEFINE INDEX i ON p FIELDS n UNIQUE');
         void (await engine.notifications()).recv();
         await engine.free();
         console.log('freed');
       }`,
      { deadline: 3_000 },
    );
    expect(raw).toMatchObject({ late: true, output: 'freed\n' });
  });

  it('does not wait longer than it is told', async () => {
    const db = await connect('mem://', PLACE);
    const slow = db.query('SLEEP 2s');
    const started = performance.now();
    await db.close({ timeout: 50 });
    expect(performance.now() - started).toBeLessThan(1_000);
    await slow;
  });
});
