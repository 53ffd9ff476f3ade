import fc from '../support/property';
import { ValidationError } from '../../lib/errors/index.js';
import { connect, type Connection } from '../../lib/driver/connect.js';
import { firstError } from '../../lib/driver/error-classifier.js';
import {
  binary,
  create,
  defineField,
  defineIndex,
  defineTable,
  info,
  letStatement,
  object,
  param,
  path,
  pathOf,
  removeDefinition,
  returnStatement,
  select,
  table,
  update,
  value,
  type Statement,
} from '../../lib/surrealql/nodes/index.js';
import { print } from '../../lib/surrealql/printer.js';
import { RecordId } from '../../lib/values/index.js';

const PIECES = [
  '`',
  '``',
  '\\',
  '\\\\',
  '\\`',
  '⟩',
  '⟨',
  '\\⟩',
  "'",
  '"',
  ';',
  ';;',
  '--',
  '//',
  '#',
  '/*',
  '*/',
  '\n',
  '\r\n',
  '\t',
  ' ',
  '\0',
  '\b',
  '\f',
  '$',
  '$p1',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '<',
  '>',
  '|',
  '.',
  ':',
  '::',
  ',',
  '*',
  '@',
  '%',
  '->',
  '<-',
  '<~',
  '..',
  '…',
  '%u0060',
  '\\u0060',
  '\\u{60}',
  '0',
  '1',
  '-1',
  '1.5',
  '1e5',
  '007',
  '1dec',
  '9223372036854775808',
  '1h',
  'd',
  'r',
  'u',
  's',
  'f',
  'b',
  'select',
  'SELECT',
  'NONE',
  'null',
  'true',
  'REMOVE TABLE canary',
  'DELETE canary',
  'fn',
  'value',
  'only',
  'in',
  'out',
  'info',
  'NaN',
  'Infinity',
  'rand()',
  'é',
  'ß',
  'Ω',
  '漢',
  '字',
  'ا',
  '\u200b',
  '\u2028',
  '\u202e',
  '\ufeff',
  '\u00a0',
  '😀',
  '👩‍👩‍👧',
  'a',
  'B',
  '_',
  'z9',
] as const;

const hostile = fc
  .oneof(
    fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...'`\\⟩⟨\'";\n\0 a1_'), minLength: 1, maxLength: 8 }),
    fc.constantFrom(...PIECES),
    fc.constantFrom(...PIECES).map((piece) => `a\`; REMOVE TABLE canary; --${piece}`),
    fc.integer().map(String),
  )
  .filter((name) => isUnicode(name) && name !== 'id');

function isUnicode(text: string): boolean {
  return Buffer.from(text).toString() === text;
}

/** Distinct names; the seed is printed by fast-check's own means when a name fails. */
function names(count: number, seed: number): string[] {
  const found = new Set<string>(PIECES);
  for (let round = 0; found.size < count; round++)
    for (const name of fc.sample(hostile, { numRuns: count, seed: seed + round })) found.add(name);
  return [...found].slice(0, count);
}

let db: Connection;
beforeAll(async () => {
  db = await connect('mem://', { namespace: 'test', database: 'names' });
});
afterAll(() => db.close());

async function send(statements: readonly Statement[], literals: boolean): Promise<readonly unknown[]> {
  const { text, bindings } = print(statements, { literals });
  const request = { text, bindings, access: 'write', purpose: 'raw' } as const;
  const results = await db.execute(request);
  const failure = firstError(results, request);
  if (failure !== undefined) throw failure;
  expect(results).toHaveLength(statements.length);
  return results.map((result) => (result.ok ? result.value : undefined));
}

async function inBatches(
  all: readonly string[],
  size: number,
  statementsOf: (name: string) => readonly Statement[],
  check: (name: string, answers: readonly unknown[]) => void,
  literals: boolean,
): Promise<void> {
  for (let start = 0; start < all.length; start += size) {
    const batch = all.slice(start, start + size);
    const grouped = batch.map(statementsOf);
    const answers = await send(grouped.flat(), literals);
    let at = 0;
    batch.forEach((name, index) => check(name, answers.slice(at, (at += grouped[index]?.length ?? 0))));
  }
}

const CANARY = new RecordId('canary', 1);

test.each([
  ['bound', false],
  ['as literals', true],
])(
  '10,000 hostile names and keys are data, values %s',
  async (_title, literals) => {
    const run = literals ? 'l' : 'b';
    await send([create({ target: value(CANARY), data: { kind: 'content', data: value({ sings: true }) } })], false);
    const all = names(10_000, literals ? 7 : 11);
    const tableOf = (name: string): string => `${name}${run}`;
    await inBatches(
      all,
      250,
      (name) => {
        const id = new RecordId('row', `${run}${name}`);
        return [
          create({
            only: true,
            target: value(id),
            data: {
              kind: 'set',
              assignments: [
                { target: path(name), operator: '=', value: value(name) },
                { target: path('below', name), operator: '=', value: value({ [name]: name }) },
              ],
            },
          }),
          select({
            projections: [
              { expression: path(name), alias: [name] },
              { expression: pathOf(path('below'), name, name), alias: ['deep'] },
            ],
            only: true,
            from: [value(id)],
            where: binary(path(name), '=', value(name)),
          }),
          returnStatement(object([[name, value(id)]])),
        ];
      },
      (name, [created, selected, answered]) => {
        const id = new RecordId('row', `${run}${name}`);
        expect(created).toEqual({ id, [name]: name, below: { [name]: { [name]: name } } });
        expect(selected).toEqual({ [name]: name, ...(name !== 'deep' && { deep: name }) });
        expect(answered).toEqual({ [name]: id });
      },
      literals,
    );
    // The names as tables, in a sample: each is a table of the database from now on.
    const some = all.slice(0, 1_000);
    await inBatches(
      some,
      100,
      (name) => [
        create({ only: true, target: value(new RecordId(tableOf(name), name)) }),
        select({ value: path('id'), from: [table(tableOf(name))] }),
      ],
      (name, [created, ids]) => {
        const id = new RecordId(tableOf(name), name);
        expect(created).toEqual({ id });
        expect(ids).toEqual([id]);
      },
      literals,
    );
    const [database, canary] = await send([info('database'), select({ from: [value(CANARY)] })], false);
    const tables = Object.keys((database as { tables: object }).tables);
    expect(canary).toEqual([{ id: CANARY, sings: true }]);
    for (const name of some) expect(tables).toContain(tableOf(name));
    expect(tables.filter((name) => name.endsWith(run)).sort()).toEqual(some.map(tableOf).sort());
    await send(
      [
        ...some.map((name) => removeDefinition({ object: 'TABLE', name: tableOf(name), ifExists: false })),
        removeDefinition({ object: 'TABLE', name: 'row', ifExists: false }),
        removeDefinition({ object: 'TABLE', name: 'canary', ifExists: false }),
      ],
      false,
    );
  },
  120_000,
);

test('hostile names of fields, indexes and variables', async () => {
  const isRuinous = (name: string): boolean => {
    const node = defineField({ table: 't', path: [name], type: { kind: 'string' } });
    try {
      return print(node).text === '';
    } catch (error) {
      return ValidationError.is(error);
    }
  };
  const all = names(600, 23).filter((name) => !isRuinous(name));
  expect(names(600, 23).filter(isRuinous).sort()).toEqual(['NONE', 'SELECT', 'info', 'null', 'select', 'true']);
  await inBatches(
    all,
    50,
    (name) => [
      defineTable({ name: `d${name}`, type: 'NORMAL', schemafull: true, comment: name }),
      defineField({
        table: `d${name}`,
        path: [name],
        type: { kind: 'string' },
        default: { value: value(name), always: false },
        comment: name,
      }),
      defineIndex({ name, table: `d${name}`, columns: [[name]], variant: { kind: 'plain' } }),
      create({ target: value(new RecordId(`d${name}`, name)) }),
      update({
        target: table(`d${name}`),
        data: { kind: 'merge', data: object([[name, value('changed')]]) },
        where: binary(path(name), '=', value(name)),
      }),
      select({
        all: true,
        from: [table(`d${name}`)],
        withIndex: [name],
        where: binary(path(name), '=', value('changed')),
        orderBy: [{ by: path(name), direction: 'ASC' }],
      }),
      info({ table: `d${name}` }, true),
      letStatement(name, value(1)),
      returnStatement(param(name)),
    ],
    (name, answers) => {
      const row = { id: new RecordId(`d${name}`, name), [name]: 'changed' };
      expect(answers[4]).toEqual([row]);
      expect(answers[5]).toEqual([row]);
      const shape = answers[6] as { fields: { comment: string }[]; indexes: { name: string }[] };
      expect([shape.fields.map(({ comment }) => comment), shape.indexes.map((index) => index.name)]).toEqual([
        [name],
        [name],
      ]);
      expect(answers[8]).toBe(1);
    },
    false,
  );
}, 120_000);
