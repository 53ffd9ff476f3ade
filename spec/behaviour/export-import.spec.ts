import fc from '../support/property';
import { Buffer } from 'node:buffer';
import { ImportError, Reverie, ValidationError, type DumpFormat } from '../../lib/index.js';
import { readKeys } from '../../lib/data/read-keys.js';
import { formatLiteral, RecordId } from '../../lib/values/index.js';
import type { Connection } from '../../lib/driver/connection.js';
import { backends, type OpenBackend } from '../support/backends.js';
import { ints, texts, uuids, values } from '../support/value-arbitraries.js';

const FORMATS: readonly DumpFormat[] = ['surql', 'jsonl'];

/** Something of everything that a database defines, and what the server does by itself when a record is written. */
const SCHEMA = `
DEFINE ANALYZER words TOKENIZERS class FILTERS lowercase;
DEFINE FUNCTION fn::twice($n: number) -> number { RETURN $n * 2 };
DEFINE PARAM $limit VALUE 10;
DEFINE SEQUENCE numbers BATCH 10 START 5;
DEFINE TABLE person SCHEMAFULL CHANGEFEED 1d PERMISSIONS FOR select FULL COMMENT 'people';
DEFINE FIELD email ON person TYPE string ASSERT string::is_email($value);
DEFINE FIELD label ON person COMPUTED email + '!';
DEFINE FIELD seen ON person VALUE time::now();
DEFINE FIELD weight ON person TYPE option<float> DEFAULT 1f;
DEFINE FIELD address ON person TYPE option<object>;
DEFINE FIELD address.city ON person TYPE option<string>;
DEFINE FIELD about ON person TYPE option<string>;
DEFINE FIELD v ON person TYPE option<array<float, 3>>;
DEFINE INDEX email ON person FIELDS email UNIQUE;
DEFINE INDEX about ON person FIELDS about FULLTEXT ANALYZER words BM25;
DEFINE INDEX near ON person FIELDS v HNSW DIMENSION 3 DIST COSINE;
DEFINE EVENT told ON person WHEN $event = 'CREATE' THEN (CREATE log SET of = $after.id);
DEFINE TABLE log;
DEFINE TABLE post SCHEMAFULL;
DEFINE FIELD author ON post TYPE record<person> REFERENCE ON DELETE CASCADE;
DEFINE FIELD readers ON post TYPE option<array<record<person>>> REFERENCE ON DELETE UNSET;
DEFINE FIELD editor ON post TYPE option<record<person>> REFERENCE ON DELETE THEN { UPDATE $this SET editor = NONE };
DEFINE TABLE follows TYPE RELATION IN person OUT person ENFORCED;
DEFINE FIELD since ON follows TYPE option<datetime>;
DEFINE TABLE about TYPE RELATION IN follows OUT follows | person;
DEFINE TABLE mixed TYPE ANY;
DEFINE TABLE per_author AS SELECT count() AS n, author FROM post GROUP BY author;
DEFINE TABLE gone DROP;
DEFINE TABLE \`odd \\\`name\` SCHEMALESS;
DEFINE ACCESS people ON DATABASE TYPE RECORD SIGNIN (SELECT * FROM person WHERE email = $email);
DEFINE ACCESS machines ON DATABASE TYPE JWT ALGORITHM HS512 KEY 'a key that nobody tells';
DEFINE USER editor ON DATABASE PASSWORD 'secret of the editor' ROLES EDITOR;
`;

const RECORDS = `
CREATE person:1 SET email = 'ann@x.io', address = { city: 'Bern' }, about = 'Quantum cats', v = [1, 2, 3];
CREATE person:2 SET email = 'bob@x.io', weight = 3, about = 'dogs';
UPDATE person:2 SET seen = 'then';
CREATE post:a SET author = person:1, readers = [person:2], editor = person:2;
RELATE person:1->follows:f->person:2 SET since = d'2024-01-01T00:00:00.123456789Z';
RELATE follows:f->about:x->follows:f;
CREATE mixed:p SET in = person:1, out = person:2;
RELATE person:1->mixed:e->person:2 SET weight = 1f;
CREATE mixed:['a', 1f, NONE, d'2024-01-01T00:00:00.000000001Z'], mixed:['a', 1], mixed:{ a: [1f], b: u'018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c' },
  mixed:u'018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c', mixed:9223372036854775807, mixed:-1, mixed:\`1\`, mixed:\`a b\\\`c\`;
CREATE \`odd \\\`name\`:1 SET whole = 1f, int = 1, nan = NaN, inf = -Infinity, zero = -0f, big = 1e300, none = NONE, null = NULL,
  dec = 1.50dec, small = 0.0000000000000000000000000001dec, dur = 1y2w3ns, u = u'018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c', bytes = <bytes>'ab',
  geo = (1.5, 2), line = { type: 'LineString', coordinates: [[1, 2], [3, 4]] }, range = 1f>..=[2, NONE], ids = person:1..=5, set = {1, 1f, 'a'},
  text = "it's \\"so\\"; -- no\\n /* comment */ \\u{1}", list = [1f, 1, 1dec], money = { '$': 5, '$int': 'x' }, id2 = [person:1, post:a];
`;

/** Of composite keys the engine reads some no more that it has written: `{ '': -0f }`. */
const names = texts.filter((text) => text !== '');
const keys = fc.oneof(names, ints, uuids, fc.array(fc.oneof(names, ints, uuids), { minLength: 1, maxLength: 3 }));

/** Pointers to files are experimental, and only scripts may not hold them without a word from the server's operator. */
const stored = values.filter((value) => !formatLiteral(value).includes('f"'));

/** Everything that there is: definitions, stored bytes, and where the graph and references lead. */
async function stateOf(db: Connection): Promise<Record<string, unknown>> {
  const one = async (text: string): Promise<unknown> => (await db.query(text)).at(-1);
  const info = (await one('INFO FOR DB')) as Record<string, Record<string, string>>;
  const tables = Object.keys(info['tables'] ?? {});
  const state: Record<string, unknown> = {};
  for (const [kind, found] of Object.entries(info))
    state[kind] = kind === 'users' || kind === 'accesses' ? Object.keys(found) : found;
  for (const name of tables) {
    const table = `\`${name.replaceAll('`', '\\`')}\``;
    state[`info ${name}`] = await one(`INFO FOR TABLE ${table}`);
    const rows = (await one(`SELECT VALUE encoding::cbor::encode($this) FROM ${table}`)) as Uint8Array[];
    state[`rows ${name}`] = rows.map((bytes) => Buffer.from(bytes).toString('hex'));
  }
  return state;
}

const REACH = `RETURN {
  follows: (SELECT VALUE ->follows->person FROM person), back: (SELECT VALUE <-follows<-person FROM person),
  mixed: (SELECT VALUE ->mixed FROM person), about: follows:f->about->follows,
  posts: (SELECT VALUE <~(post FIELD author) FROM person), read: (SELECT VALUE <~(post FIELD readers) FROM person),
  edited: (SELECT VALUE <~(post FIELD editor) FROM person),
  found: (SELECT VALUE id FROM person WHERE about @@ 'quantum'), near: (SELECT VALUE id FROM person WHERE v <|1,40|> [1, 2, 3]),
  per: (SELECT * FROM per_author), log: count((SELECT * FROM log))
}`;

async function collect(parts: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const part of parts) all += part;
  return all;
}

describe.each(backends)('export and import on $name', (backend) => {
  let stores: OpenBackend[];
  let databases = 0;
  const opened: Reverie[] = [];

  /** Each in a store of its own, so that the two cannot help each other. */
  async function open(): Promise<Reverie> {
    const store = stores[opened.length % stores.length] as OpenBackend;
    const orm = await Reverie.init({
      url: store.url,
      namespace: 'dump',
      database: `d${(databases += 1)}`,
      entities: [],
      sync: 'off',
      ...(store.auth && { auth: store.auth }),
    });
    opened.push(orm);
    return orm;
  }

  beforeAll(async () => {
    stores = [await backend.open(), await backend.open()];
  });
  afterAll(async () => {
    for (const orm of opened) await orm.close();
    for (const store of stores) await store.close();
  });

  describe.each(FORMATS)('as %s', (format) => {
    it('an empty database becomes what the exported one is', async () => {
      const from = await open();
      await from.driver.query(SCHEMA);
      await from.driver.query(RECORDS);
      const dump = from.export({ format, users: true });
      const text = await collect(dump);
      if (format === 'jsonl') {
        const records = (whole: string) =>
          whole
            .split('\n')
            .filter((line) => line.startsWith('{"id":') || line.includes(',"id":'))
            .sort();
        expect(records(await collect(from.export({ format, users: true, batch: 2 })))).toEqual(records(text));
      }
      expect(text).not.toContain('[REDACTED]');
      expect(dump.notes.join('\n')).toContain('machines is left out');

      const to = await open();
      const report = await to.import(text, { format });
      expect(report.records).toBe(dump.records);
      const [before, after] = [await stateOf(from.driver), await stateOf(to.driver)];
      expect(after).toEqual({ ...before, accesses: ['people'] });
      expect((await to.driver.query(REACH)).at(-1)).toEqual((await from.driver.query(REACH)).at(-1));
      // What acts when a record is written is back in its place.
      await expect(to.driver.query("CREATE person:3 SET email = 'none'")).rejects.toThrow('email');
      await to.driver.query('DELETE person:1');
      expect((await to.driver.query('SELECT * FROM post')).at(-1)).toEqual([]);

      await from.driver.query('DELETE person:1');
      expect(await stateOf(to.driver)).toMatchObject({ 'rows post': [], 'rows follows': [] });
    });

    it('any values whatever', async () => {
      const from = await open();
      const to = await open();
      await fc.assert(
        fc.asyncProperty(fc.array(fc.record({ id: keys, value: stored }), { maxLength: 20 }), async (rows) => {
          await from.driver.query('REMOVE TABLE IF EXISTS any; DEFINE TABLE any');
          await to.driver.query('REMOVE TABLE IF EXISTS any');
          const unique = [...new Map(rows.map((row) => [formatLiteral(row.id), row])).values()];
          await from.driver.query('INSERT IGNORE INTO any $rows', { rows: unique });
          await to.import(await collect(from.export({ format, definitions: false })), { format });
          const read = 'SELECT VALUE encoding::cbor::encode($this) FROM any';
          const [before] = await from.driver.query(read);
          const [after] = unique.length === 0 ? [[]] : await to.driver.query(read);
          expect(after).toEqual(before);
        }),
        { numRuns: backend.name === 'embedded' ? 60 : 15 },
      );
    });

    it('values nested deeper than the parser of the server takes, of every kind', async () => {
      const from = await open();
      const to = await open();
      const nested = (value: unknown, levels: number): unknown =>
        levels === 0 ? value : nested(levels % 2 === 0 ? [value, null] : { a: value }, levels - 1);
      const exotic = `{ dec: 1.50dec, at: d'2024-01-01T00:00:00.000000001Z', u: u'018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c', bytes: <bytes>'ab',
        dur: 1y2w3ns, geo: (1.5, 2), line: { type: 'LineString', coordinates: [[1, 2], [3, 4]] }, link: other:['a', 1f, \`x y\`],
        range: 1f>..=[2, NONE], ids: person:1..=5, set: {1, 1f, 'a'}, whole: 1f, int: 1, none: NONE, null: NULL, zero: -0f, table: type::table('x') }`;
      const [value] = await from.driver.query(`RETURN ${exotic}`);
      const rows = [10, 15, 16, 17, 18, 19, 20, 21, 40, 100].map((levels) => ({
        id: levels,
        v: nested(value, levels),
        beside: 1,
      }));
      await from.driver.query('INSERT INTO deep $rows; INSERT INTO deep { id: $id }', {
        rows,
        id: new RecordId('deep', nested(['k'], 20) as never),
      });
      const dump = from.export({ format });
      await to.import(await collect(dump), { format });
      const read = 'SELECT VALUE encoding::cbor::encode($this) FROM deep';
      const [before] = await from.driver.query<[unknown[]]>(read);
      expect(before).toHaveLength(11);
      expect((await to.driver.query(read))[0]).toEqual(before);
    });

    it('goes on where an export or an import was interrupted, and nothing is there twice', async () => {
      const from = await open();
      await from.driver.query(
        'DEFINE TABLE item; DEFINE TABLE other; FOR $i IN 0..2500 { CREATE type::record("item", $i) SET n = $i }',
      );
      await from.driver.query('CREATE other:1');
      const first = from.export({ format, snapshot: false });
      let text = '';
      for await (const part of first) {
        text += part;
        if (first.records > 300) break;
      }
      expect(first.records).toBeLessThan(2500);
      const position = first.position as string;
      text += await collect(from.export({ format, from: position }));
      // A dump of lines says anew which table comes where it goes on.
      const records = (dump: string) => dump.replace(/\{"\$records".*\n/g, '');
      expect(records(text)).toBe(records(await collect(from.export({ format }))));

      // What goes before the place that it has come to moves nothing.
      const moving = from.export({ format: 'jsonl', tables: ['item'], snapshot: false, from: position });
      await from.driver.query('DELETE item:1; DELETE item:7');
      expect((await collect(moving)).match(/"id"/g)).toHaveLength(2500 - first.records);
      await from.driver.query('CREATE item:1 SET n = 1; CREATE item:7 SET n = 7');

      const to = await open();
      const seen: number[] = [];
      const broken = (async function* () {
        for (let at = 0; at < text.length * 0.6; at += 1000) yield text.slice(at, at + 1000);
        throw new Error('the disk is gone');
      })();
      await expect(to.import(broken, { format, onProgress: ({ records }) => seen.push(records) })).rejects.toThrow(
        'disk',
      );
      const [partial] = await to.driver.query<[number]>('RETURN count((SELECT VALUE id FROM item))');
      expect(partial).toBe(seen.at(-1));
      expect(partial).toBeGreaterThan(500);
      await expect(to.import(`DEFINE TABLE a;\n${text}`, { format: 'surql' })).rejects.toThrow('another dump');
      const report = await to.import(text, { format });
      expect(report).toMatchObject({ records: 2501, resumed: partial, tables: { item: 2500, other: 1 } });
      expect(await stateOf(to.driver)).toEqual(await stateOf(from.driver));
    });

    it('some tables alone, a dry run, and a database that is in use', async () => {
      const from = await open();
      await from.driver.query(
        'DEFINE TABLE a; DEFINE FIELD n ON a TYPE int; DEFINE TABLE b; CREATE a:1 SET n = 1; CREATE b:1; CREATE b:2',
      );
      const text = await collect(from.export({ format }));
      expect(await collect(from.export({ format, tables: ['a'] }))).not.toMatch(/\bb\b.*b:1/);
      await expect(collect(from.export({ format, tables: ['c'] }))).rejects.toThrow(
        'There is no table c: there are a, b',
      );

      const to = await open();
      expect(await to.import(text, { format, dryRun: true })).toMatchObject({ records: 3, tables: { a: 1, b: 2 } });
      expect((await stateOf(to.driver))['tables']).toEqual({});
      expect(await to.import(text, { format, tables: ['b'] })).toMatchObject({ records: 2, tables: { b: 2 } });
      expect(Object.keys((await stateOf(to.driver))['tables'] as object)).toEqual(['b']);

      await to.driver.query("UPDATE b:1 SET mine = true; DEFINE TABLE a; DEFINE FIELD n ON a VALUE 'other'");
      await expect(to.import(text, { format })).rejects.toThrow(ImportError);
      expect((await to.driver.query('SELECT * FROM b:1')).at(-1)).toEqual([{ id: expect.anything(), mine: true }]);
      await to.import(text, { format, restart: true, replace: true });
      expect(await stateOf(to.driver)).toEqual(await stateOf(from.driver));
    });
  });

  it('lines of plain records of one table, checked as any insert is', async () => {
    const orm = await open();
    await orm.driver.query(
      "DEFINE TABLE user SCHEMAFULL; DEFINE FIELD name ON user TYPE string; DEFINE FIELD kind ON user DEFAULT 'new'",
    );
    const lines = '{"id":"ann","name":"Ann"}\n{"id":"user:bob","name":"Bob"}\n\n{"name":"Cid"}\n';
    expect(await orm.import(lines, { format: 'jsonl', table: 'user' })).toMatchObject({ records: 3 });
    expect((await orm.driver.query('SELECT VALUE kind FROM user')).at(-1)).toEqual(['new', 'new', 'new']);
    const wrong = orm.import('{"id":"dan","name":"Dan"}\n{"id":"eve","name":5}\n', { format: 'jsonl', table: 'user' });
    await expect(wrong).rejects.toThrow(/Lines 1 to 2: .*name/);
    expect((await orm.driver.query('SELECT VALUE id FROM user:dan')).at(-1)).toEqual([]);
    await expect(orm.import('{"a":1}', { format: 'jsonl', restart: true })).rejects.toThrow(
      'Line 1: it is not said which table',
    );
    await expect(orm.import('{"a":', { format: 'jsonl', restart: true })).rejects.toThrow('Line 1: it is no JSON');
    await expect(orm.import('x', { table: 'user' })).rejects.toThrow(ValidationError);
  });

  it('keys in windows, whatever comes and goes before them', async () => {
    const { driver } = await open();
    await driver.query('FOR $i IN 0..40 { CREATE type::record("k", $i) }; CREATE k:["a", 1f], k:["a", 1], k:b');
    const seen: unknown[] = [];
    for await (const keys of readKeys(driver, 'k', { size: 7 })) {
      seen.push(...keys.map((key) => formatLiteral(key)));
      if (seen.length === 14) await driver.query('DELETE k:0, k:1, k:5; CREATE k:-1');
      if (seen.length === 21) await driver.query('CREATE k:-2, k:-3');
    }
    expect(seen).toEqual([...Array.from({ length: 40 }, (_, index) => String(index)), "'b'", "['a', 1]", "['a', 1f]"]);
    for await (const keys of readKeys(driver, 'k', { after: 38, size: 2 })) seen.push(...keys);
    expect(seen.slice(43)).toEqual([39, 'b', expect.anything(), expect.anything()]);
  });

  it('a dump of the server’s own export', async () => {
    const orm = await open();
    const text = [
      'OPTION IMPORT;',
      '-- TABLE: person',
      'DEFINE TABLE person TYPE NORMAL SCHEMAFULL;',
      'DEFINE FIELD name ON person TYPE string VALUE "never";',
      'INSERT [ { id: person:1, name: \'a; b\' }, { id: person:2, name: "c" } ];',
      'INSERT RELATION [ { id: knows:1, in: person:1, out: person:2 } ];',
    ].join('\n');
    expect(await orm.import(text)).toMatchObject({ records: 3, definitions: 2 });
    expect(
      (await orm.driver.query('SELECT VALUE name FROM person; SELECT VALUE ->knows->person FROM person:1')).slice(-2),
    ).toEqual([['a; b', 'c'], [[expect.anything()]]]);
    await expect(orm.import('USE NS x;')).rejects.toThrow('USE has no place in a dump');
    await expect(orm.import('DEFINE TABLE x;\n\nCREATE x SET;', { restart: true })).rejects.toThrow(
      /Lines? 1.* 3: .*Parse error/,
    );
  });
});
