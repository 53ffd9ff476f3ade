import fc from '../support/property';
import { RecordId } from '../../lib/values/index.js';
import { SchemaManager } from '../../lib/schema/index.js';
import { SchemaBench } from '../support/schema-bench.js';
import { entityOf, fieldOf } from '../support/schema-literals.js';

const HOSTILE = [
  'a b',
  'a`b',
  'a\\b',
  'a.b',
  'a[0]',
  '*',
  '⟩',
  "'; REMOVE TABLE x; --",
  '1',
  '1e5',
  'select',
  'value',
  'id2',
  'in',
  'none',
  'true',
  '$value',
  'ключ',
  '😀',
  'a\nb',
  'a\tb',
  '"',
  '~',
  'a:b',
  '//',
  '/*',
  '@',
  'ns::x',
  'type',
  'info',
];
const RUINOUS = [
  'alter',
  'break',
  'continue',
  'create',
  'define',
  'delete',
  'explain',
  'false',
  'for',
  'function',
  'if',
  'info',
  'insert',
  'let',
  'none',
  'null',
  'rebuild',
  'relate',
  'remove',
  'return',
  'select',
  'sleep',
  'throw',
  'true',
  'update',
  'upsert',
];
const name = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter((text) => !text.includes('\0')),
);

describe('names of tables, fields, indexes and events', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
  });
  afterEach(() => bench.close());

  it.each([...RUINOUS, 'SELECT', 'None'])(
    'a column called %s is refused, because the engine would lose the table',
    async (column) => {
      const manager = new SchemaManager(bench.db, [entityOf('t', [fieldOf(column, 'string')])]);
      await expect(manager.sync()).rejects.toMatchObject({
        code: 'METADATA',
        message: expect.stringContaining(`t.${column}`) as unknown,
      });
      // What the refusal is for: without it nothing of the table can be read any more.
      const name = `t_${column}`;
      await bench.run(`DEFINE TABLE ${name}; DEFINE FIELD \`${column}\` ON ${name} TYPE string`);
      await expect(bench.run(`SELECT * FROM ${name}`)).rejects.toThrow();
    },
  );

  it('may hold anything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 4, maxLength: 4 }), async ([table, field, child, object]) => {
        const fields = [
          fieldOf(field as string, 'string', { default: `it's "${field}"`, comment: `of ${field}` }),
          fieldOf(child as string, 'array<object>', {
            embeddedMany: true,
            embedded: { target: class {}, className: 'E', fields: [fieldOf(field as string, 'option<string>')] },
          }),
        ].filter((each) => !['id', 'in', 'out'].includes(each.column) && !RUINOUS.includes(each.column.toLowerCase()));
        const entity = entityOf(table as string, fields, {
          options: { comment: object as string },
          indexes: fields[0] === undefined ? [] : [{ name: object as string, columns: [fields[0].column] }],
        });
        const manager = new SchemaManager(bench.db, [entity]);
        await manager.sync();
        expect((await manager.plan()).steps).toEqual([]);
        const id = new RecordId(table as string, 'x');
        const written = { [child as string]: [{ [field as string]: 'v' }] };
        await bench.run('CREATE $id CONTENT $data', {
          id,
          data: Object.fromEntries(
            Object.entries(written).filter(([key]) => fields.some((each) => each.column === key)),
          ),
        });
        const next = new SchemaManager(bench.db, [entityOf(table as string, [])]);
        const refused = await next.sync().then(
          () => [],
          (error: unknown) => (error as { steps: { affected: number }[] }).steps,
        );
        expect(refused.filter((step) => step.affected === 1)).toHaveLength(fields.length);
        await next.sync({ mode: 'force' });
        expect(await bench.run('SELECT * FROM $id', { id })).toEqual([{ id }]);
        await next.drop({ force: true });
        expect(await bench.run('RETURN (INFO FOR DB).tables')).toEqual({});
      }),
      { numRuns: Number(process.env['SCHEMA_RUNS'] ?? 40) },
    );
  });
});
