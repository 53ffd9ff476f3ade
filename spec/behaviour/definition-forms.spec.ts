import { connect, type Connection } from '../../lib/driver/connect.js';
import { firstError } from '../../lib/driver/error-classifier.js';
import {
  EACH,
  alterTable,
  binary,
  block,
  call,
  create,
  defineAnalyzer,
  defineEvent,
  defineField,
  defineIndex,
  defineTable,
  info,
  param,
  path,
  pathOf,
  removeDefinition,
  returnStatement,
  select,
  table,
  value,
  type Statement,
} from '../../lib/surrealql/nodes/index.js';
import { print } from '../../lib/surrealql/printer.js';
import { surql } from '../../lib/surrealql/surql.js';
import { parseType } from '../../lib/types/parse-type.js';
import {
  DateTime,
  Decimal,
  Duration,
  NONE,
  Point,
  Polygon,
  Range,
  BoundIncluded,
  BoundExcluded,
  RecordId,
  Uuid,
} from '../../lib/values/index.js';

let db: Connection;
let next = 0;
beforeAll(async () => {
  db = await connect('mem://', { namespace: 'test', database: 'define' });
});
afterAll(() => db.close());

async function run<T>(...statements: Statement[]): Promise<T> {
  const request = { ...print(statements), access: 'write', purpose: 'raw' } as const;
  const results = await db.execute(request);
  const failure = firstError(results, request);
  if (failure !== undefined) throw failure;
  const last = results.at(-1);
  return (last?.ok === true ? last.value : undefined) as T;
}

interface TableInfo {
  readonly fields: Record<string, string>;
  readonly indexes: Record<string, string>;
  readonly events: Record<string, string>;
}
interface DatabaseInfo {
  readonly tables: Record<string, string>;
  readonly analyzers: Record<string, string>;
}
const databaseInfo = () => run<DatabaseInfo>(info('database'));
const tableInfo = (name: string) => run<TableInfo>(info({ table: name }));
const fresh = async (): Promise<string> => {
  const name = `t${++next}`;
  await run(defineTable({ name, type: 'NORMAL', schemafull: true }));
  return name;
};

describe('tables', () => {
  test.each([
    [{ type: 'NORMAL', schemafull: true } as const, 'TYPE NORMAL SCHEMAFULL PERMISSIONS NONE'],
    [
      { type: 'ANY', schemafull: false, drop: true, comment: "it's" } as const,
      `TYPE ANY DROP SCHEMALESS COMMENT "it's" PERMISSIONS NONE`,
    ],
    [
      { type: 'RELATION', schemafull: true, in: ['a', 'b c'], out: ['a'], enforced: true } as const,
      'TYPE RELATION IN a | `b c` OUT a ENFORCED SCHEMAFULL PERMISSIONS NONE',
    ],
    [
      { type: 'NORMAL', schemafull: true, changefeed: { expiry: '90m', includeOriginal: true } } as const,
      'TYPE NORMAL SCHEMAFULL CHANGEFEED 1h30m INCLUDE ORIGINAL PERMISSIONS NONE',
    ],
    [{ type: 'NORMAL', schemafull: true, permissions: 'full' } as const, 'TYPE NORMAL SCHEMAFULL PERMISSIONS FULL'],
    [
      {
        type: 'NORMAL',
        schemafull: true,
        permissions: { select: 'full', update: binary(path('owner'), '=', pathOf(param('auth'), 'id')) },
      } as const,
      'TYPE NORMAL SCHEMAFULL PERMISSIONS FOR select FULL, FOR create, delete NONE, FOR update WHERE owner = $auth.id',
    ],
  ])('%j', async (node, printed) => {
    const name = `t${++next}`;
    await run(defineTable({ name, ...node }));
    expect((await databaseInfo()).tables[name]).toBe(`DEFINE TABLE ${name} ${printed}`);
  });

  test('a view, existence clauses, ALTER and REMOVE', async () => {
    const source = await fresh();
    await run(
      defineTable({
        name: 'view',
        type: 'NORMAL',
        schemafull: false,
        as: surql`SELECT count() AS n FROM ${surql.id(source)} GROUP ALL`,
      }),
    );
    expect((await databaseInfo()).tables['view']).toContain(`AS SELECT count() AS n FROM ${source} GROUP ALL`);
    await expect(run(defineTable({ name: source, type: 'NORMAL', schemafull: true }))).rejects.toThrow(
      /already exists/,
    );
    await run(defineTable({ name: source, type: 'NORMAL', schemafull: true, exists: 'if-not-exists', comment: 'no' }));
    await run(defineTable({ name: source, type: 'NORMAL', schemafull: true, exists: 'overwrite', comment: 'yes' }));
    expect((await databaseInfo()).tables[source]).toContain("COMMENT 'yes'");
    await run(alterTable({ name: source, schemafull: false }));
    expect((await databaseInfo()).tables[source]).toContain('SCHEMALESS');
    await run(
      removeDefinition({ object: 'TABLE', name: 'view', ifExists: false }),
      removeDefinition({ object: 'TABLE', name: source, ifExists: false }),
      removeDefinition({ object: 'TABLE', name: source, ifExists: true }),
    );
    expect((await databaseInfo()).tables[source]).toBeUndefined();
  });
});

describe('fields', () => {
  test.each([
    [
      { path: ['a'], type: parseType('option<array<record<user|team>, 5>>') },
      'TYPE none | array<record<user | team>, 5> PERMISSIONS FULL',
    ],
    [
      { path: ['a'], type: parseType("'x y' | \"it's\" | 1 | true") },
      `TYPE 'x y' | "it's" | 1 | true PERMISSIONS FULL`,
    ],
    [{ path: ['a'], type: parseType('object'), flexible: true }, 'TYPE object FLEXIBLE PERMISSIONS FULL'],
    [
      { path: ['a'], type: parseType('int'), default: { value: value(5), always: false }, readonly: true },
      'TYPE int DEFAULT 5 READONLY PERMISSIONS FULL',
    ],
    [
      { path: ['a'], type: parseType('string'), default: { value: surql`rand::uuid()`, always: true } },
      'TYPE string DEFAULT ALWAYS `rand`::uuid() PERMISSIONS FULL',
    ],
    [
      {
        path: ['a'],
        type: parseType('string'),
        value: surql`string::lowercase($value)`,
        assert: surql`$value IN ${['a', "b'"]} AND string::len($value) < ${9}`,
        comment: 'c',
      },
      `TYPE string VALUE string::lowercase($value) ASSERT $value INSIDE ['a', "b'"] AND string::len($value) < 9 COMMENT 'c' PERMISSIONS FULL`,
    ],
    [{ path: ['a'], computed: surql`b * ${2}` }, 'COMPUTED b * 2 PERMISSIONS FULL'],
    [
      { path: ['a'], type: parseType('record<user>'), reference: { onDelete: 'CASCADE' } },
      'TYPE record<user> REFERENCE ON DELETE CASCADE PERMISSIONS FULL',
    ],
    [
      { path: ['a'], type: parseType('record<user>'), reference: { onDelete: surql`UPDATE $this SET a = NONE` } },
      'TYPE record<user> REFERENCE ON DELETE THEN (UPDATE $this SET a = NONE) PERMISSIONS FULL',
    ],
    [
      { path: ['a'], permissions: { select: 'full', update: 'none', delete: 'none' } },
      'PERMISSIONS FOR select, create FULL, FOR update NONE',
    ],
  ] as const)('%j', async (node, printed) => {
    const name = await fresh();
    await run(defineField({ table: name, ...node }));
    expect((await tableInfo(name)).fields['a']).toBe(`DEFINE FIELD a ON ${name} ${printed}`);
  });

  test('paths and removal', async () => {
    const name = await fresh();
    await run(
      defineField({ table: name, path: ['list'], type: parseType('array<object>') }),
      defineField({ table: name, path: ['list', EACH, 'a b'], type: parseType('int') }),
      defineField({ table: name, path: ['in'], type: parseType('int'), exists: 'if-not-exists' }),
    );
    expect(Object.keys((await tableInfo(name)).fields).sort()).toEqual(['in', 'list', 'list.*', 'list.*.`a b`']);
    await run(removeDefinition({ object: 'FIELD', name: ['list', EACH, 'a b'], table: name, ifExists: true }));
    expect(Object.keys((await tableInfo(name)).fields)).not.toContain('list.*.`a b`');
  });

  test('a name that would ruin the table is refused', () => {
    expect(() => print(defineField({ table: 't', path: ['select'], type: parseType('int') }))).toThrow(
      /cannot be named select/,
    );
  });
});

test.each<[string, unknown]>([
  ['text', 'it\'s "here"\n\\ \t ünï 😀'],
  ['a zero character', 'a\0b'],
  ['int', -5],
  ['a great int', 9_223_372_036_854_775_807n],
  ['the least int', -9_223_372_036_854_775_808n],
  ['float', 1.5],
  ['a tiny float', 5e-324],
  ['a great float', 1e300],
  ['an integral float beyond int', 1e21],
  ['NaN', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['minus infinity', Number.NEGATIVE_INFINITY],
  ['true', true],
  ['null', null],
  ['NONE', undefined],
  ['decimal', new Decimal('-12345678901234567890.125')],
  ['duration', new Duration('1w2d3ns')],
  ['no duration', new Duration(0n)],
  ['datetime', DateTime.parse('2024-01-02T03:04:05.123456789Z')],
  ['an old datetime', DateTime.parse('-000005-01-02T03:04:05Z')],
  ['uuid', Uuid.parse('018a6680-bef9-701b-9025-e1754f296a0f')],
  ['bytes', new Uint8Array([0, 1, 255])],
  ['a record id', new RecordId('a b', 'c`d')],
  ['a record id with a number', new RecordId('t', -7)],
  ['a record id with number text', new RecordId('t', '7')],
  ['a record id with a uuid', new RecordId('t', Uuid.parse('018a6680-bef9-701b-9025-e1754f296a0f'))],
  ['a record id with a list', new RecordId('t', ['a', 1, { b: DateTime.parse('2024-01-02T03:04:05Z') }])],
  ['a record id with an object', new RecordId('t', { a: 1, b: 'x' })],
  ['a list', [1, 'a', [], [NONE]]],
  ['a set', new Set([1, 2])],
  ['an empty set', new Set()],
  ['an object', { a: 1, 'b c': { 'd`e': [] }, select: true, '': 1, f: {} }],
  ['a point', new Point([1.5, -2])],
  [
    'a polygon',
    new Polygon([
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 0],
      ],
    ]),
  ],
  ['a range', new Range(new BoundIncluded(1), new BoundExcluded(5))],
])('%s as a literal is the value itself', async (_title, given) => {
  const name = await fresh();
  await run(
    defineField({ table: name, path: ['a'], type: parseType('any'), default: { value: value(given), always: false } }),
    create({ target: table(name) }),
  );
  const [row] = await run<{ a?: unknown }[]>(select({ from: [table(name)] }));
  const [bound] = await run<unknown[]>(returnStatement({ kind: 'Array', items: [value(given)] }));
  expect(row?.a).toEqual(bound);
});

test('indexes', async () => {
  const name = await fresh();
  const field = (column: string, type: string) => defineField({ table: name, path: [column], type: parseType(type) });
  await run(
    field('a', 'string'),
    field('b c', 'int'),
    field('v', 'array<float>'),
    field('list', 'array<string>'),
    defineAnalyzer({ name: 'words', tokenizers: ['blank', 'class'], filters: ['lowercase', 'snowball(english)'] }),
    defineIndex({ name: 'plain', table: name, columns: [['a'], ['b c']], variant: { kind: 'plain' }, comment: 'c' }),
    defineIndex({ name: 'uniq ue', table: name, columns: [['a']], variant: { kind: 'unique' } }),
    defineIndex({ name: 'each', table: name, columns: [['list', EACH]], variant: { kind: 'plain' } }),
    defineIndex({ name: 'counted', table: name, columns: [], variant: { kind: 'count' } }),
    defineIndex({
      name: 'found',
      table: name,
      columns: [['a']],
      variant: { kind: 'fulltext', analyzer: 'words', bm25: [1.2, 0.75], highlights: true },
    }),
    defineIndex({
      name: 'near',
      table: name,
      columns: [['v']],
      variant: { kind: 'hnsw', dimension: 3, distance: 'minkowski 3', type: 'f32', efc: 100, m: 8 },
    }),
    defineIndex({ name: 'plain', table: name, columns: [['a']], variant: { kind: 'plain' }, exists: 'if-not-exists' }),
  );
  expect((await tableInfo(name)).indexes).toEqual({
    plain: `DEFINE INDEX plain ON ${name} FIELDS a, \`b c\` COMMENT 'c'`,
    'uniq ue': `DEFINE INDEX \`uniq ue\` ON ${name} FIELDS a UNIQUE`,
    each: `DEFINE INDEX each ON ${name} FIELDS list.*`,
    counted: `DEFINE INDEX counted ON ${name} COUNT`,
    found: `DEFINE INDEX found ON ${name} FIELDS a FULLTEXT ANALYZER words BM25(1.2,0.75) HIGHLIGHTS`,
    near: expect.stringContaining(`FIELDS v HNSW DIMENSION 3 DIST MINKOWSKI 3 TYPE F32 EFC 100 M 8`),
  });
  expect((await databaseInfo()).analyzers['words']).toBe(
    'DEFINE ANALYZER words TOKENIZERS BLANK,CLASS FILTERS LOWERCASE, SNOWBALL(ENGLISH)',
  );
  await run(
    removeDefinition({ object: 'INDEX', name: 'uniq ue', table: name, ifExists: false }),
    removeDefinition({ object: 'ANALYZER', name: 'nobody', ifExists: true }),
  );
  expect(Object.keys((await tableInfo(name)).indexes)).not.toContain('uniq ue');
});

test('events', async () => {
  const name = await fresh();
  const log = await fresh();
  await run(
    defineField({ table: log, path: ['text'], type: parseType('string') }),
    defineEvent({
      name: 'e 1',
      table: name,
      when: surql`$event = ${'CREATE'}`,
      then: [
        surql`CREATE ${surql.id(log)} SET text = ${"it's one"}`,
        surql`{ CREATE ${surql.id(log)} SET text = 'two' }`,
        block([
          create({
            target: table(log),
            data: {
              kind: 'set',
              assignments: [{ target: path('text'), operator: '=', value: call('string::uppercase', value('three')) }],
            },
          }),
        ]),
      ],
      comment: 'c',
    }),
    defineEvent({ name: 'later', table: name, async: { retry: 2 }, then: [block([])] }),
    create({ target: table(name) }),
  );
  const texts = await run<string[]>(select({ value: path('text'), from: [table(log)] }));
  expect([...texts].sort()).toEqual(['THREE', "it's one", 'two']);
  const { events } = await tableInfo(name);
  expect(events['e 1']).toContain("WHEN $event = 'CREATE'");
  expect(events['later']).toContain('ASYNC RETRY 2');
  await run(removeDefinition({ object: 'EVENT', name: 'e 1', table: name, ifExists: true }));
  expect(Object.keys((await tableInfo(name)).events)).toEqual(['later']);
});

test.each([
  [
    'a distance',
    defineIndex({
      name: 'i',
      table: 't',
      columns: [['a']],
      variant: { kind: 'hnsw', dimension: 3, distance: 'COSINE; REMOVE TABLE t', type: 'F32' },
    }),
  ],
  [
    'a dimension',
    defineIndex({
      name: 'i',
      table: 't',
      columns: [['a']],
      variant: { kind: 'hnsw', dimension: Number.NaN, distance: 'COSINE', type: 'F32' },
    }),
  ],
  ['a tokenizer', defineAnalyzer({ name: 'a', tokenizers: ['blank; REMOVE'], filters: [] })],
  ['a filter', defineAnalyzer({ name: 'a', tokenizers: [], filters: ['snowball(english); REMOVE'] })],
  [
    'an expiry',
    defineTable({
      name: 't',
      type: 'ANY',
      schemafull: true,
      changefeed: { expiry: '1d; REMOVE', includeOriginal: false },
    }),
  ],
])('code in %s is refused', (_title, node) => expect(() => print(node)).toThrow());
