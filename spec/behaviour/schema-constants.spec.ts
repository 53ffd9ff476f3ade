import { MetadataError } from '../../lib/errors/index.js';
import type { FieldMetadata } from '../../lib/metadata/entity-metadata.js';
import { SchemaManager } from '../../lib/schema/index.js';
import { surql } from '../../lib/surrealql/surql.js';
import { SchemaBench } from '../support/schema-bench.js';
import { entityOf, fieldOf } from '../support/schema-literals.js';

const TYPES = [
  'bool',
  'bytes',
  'datetime',
  'decimal',
  'duration',
  'float',
  'int',
  'number',
  'object',
  'string',
  'uuid',
  'any',
  'option<int>',
  'int | string',
  "'a' | 'b'",
  'array',
  'array<int>',
  'array<float, 2>',
  'set<int>',
  'array<record>',
  'record',
  'record<t>',
  'geometry<point>',
  '{ x: int }',
  '[int, string]',
  'range',
];
const CONSTANTS = [
  'true',
  '1',
  '-1',
  '1.0',
  '1.5',
  '1f',
  '1.5dec',
  '9223372036854775807',
  "'x'",
  "'a'",
  "'1'",
  "''",
  "u'018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c'",
  "'018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c'",
  "d'2024-01-01T00:00:00.000000001Z'",
  "'2024-01-01T00:00:00Z'",
  '1h30m',
  "'1h'",
  'NONE',
  'NULL',
  '[]',
  '[1]',
  '[1, 2]',
  "['x']",
  '[1, 1.5]',
  '[t:1]',
  '{}',
  '{ x: 1 }',
  "{ x: 'y' }",
  "[1, 'x']",
  't:1',
  'u:1',
  '(1.5, 2)',
  'b"00ff"',
  '1..2',
  'time::now()',
  '1 + 1',
  '$auth',
  '<set>[1]',
  '{1, 2}',
];
/** SurrealDB 3.0.2 panics where a decimal with digits may be one of several types of which one is int. */
const ABORTS = (type: string, constant: string) => constant.endsWith('dec') && /int/.test(type);

/** A statement's text that is no template of the test. */
const raw = (text: string) => surql(Object.assign([text], { raw: [text] }));

describe('constants of the schema', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
  });
  afterEach(() => bench.close());

  const managerOf = (table: string, type: string, more: Partial<FieldMetadata>): SchemaManager =>
    new SchemaManager(bench.db, [entityOf(table, [fieldOf('n', type, more)])]);
  const succeeds = (work: Promise<unknown>) =>
    work.then(
      () => true,
      () => false,
    );

  it.each(['default', 'value'] as const)(
    'as %s: none is refused that the server would take',
    async (option) => {
      const told: string[] = [];
      for (const [at, type] of TYPES.entries())
        for (const [index, constant] of CONSTANTS.entries()) {
          if (ABORTS(type, constant)) continue;
          const table = `${option}_${at}_${index}`;
          const taken =
            (await succeeds(
              bench.run(
                `DEFINE TABLE ${table} SCHEMAFULL; DEFINE FIELD n ON ${table} TYPE ${type} ${option} ${constant}`,
              ),
            )) && (await succeeds(bench.run(`CREATE ${table}`)));
          if (!taken) told.push(`${type} ${constant}`);
          await bench.run(`REMOVE TABLE ${table}`);
          if (taken) await managerOf('made', type, { [option]: raw(constant) }).plan();
        }
      // The loop has seen both: what the server takes, and what it does not.
      expect(told).toContain("int 'x'");
      expect(told).not.toContain('int 1');
    },
    180_000,
  );

  it.each([
    ['default', 'int', "'x'", "thing.n: the default 'x' is not a value of int"],
    ['default', 'array<int>', "['x']", "thing.n: the default ['x'] is not a value of array<int>"],
    ['default', 'record<t>', 'u:1', 'thing.n: the default u:1 is not a value of record<t>'],
    ['value', 'bool', '1', 'thing.n: the value 1 is not a value of bool'],
  ])('a %s of %s that is %s is told before anything is defined', async (option, type, constant, said) => {
    const syncing = managerOf('thing', type, { [option]: raw(constant) }).sync();
    await expect(syncing).rejects.toBeInstanceOf(MetadataError);
    await expect(syncing).rejects.toMatchObject({ what: said, problems: [said] });
    expect(await bench.run('RETURN (INFO FOR DB).tables')).toEqual({});
  });
});
