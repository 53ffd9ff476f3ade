import type { Connection } from '../../lib/driver/connect.js';
import { backends } from '../support/backends.js';
import { SchemaBench } from '../support/schema-bench.js';
import { KITCHEN } from '../support/schema-entities.js';
import { removeFolder } from '../support/remove-folder.js';

interface Structure {
  readonly fields: readonly { readonly name: string }[];
  readonly indexes: readonly { readonly name: string }[];
  readonly events: readonly { readonly name: string }[];
}

describe.each(backends)('every kind of declaration, on $name', (backend) => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.on(backend);
  });
  afterEach(() => bench.close());

  it('is applied once, and a second sync finds nothing to do', async () => {
    const first = await bench.sync('safe', ...KITCHEN);
    expect(first.steps.length).toBeGreaterThan(60);
    expect(first.steps.every((step) => step.risk === 'additive' && step.affected === 0)).toBe(true);
    await bench.manager(...KITCHEN).verify();
  });

  it('is the same from the script', async () => {
    const other = await SchemaBench.open();
    await bench.sync('safe', ...KITCHEN);
    await other.run(other.manager(...KITCHEN).toSurql());
    expect((await other.manager(...KITCHEN).plan()).steps).toEqual([]);
    expect(await other.describe()).toEqual(await bench.describe());
    await other.close();
  });

  it('is taken away again by drop, and only when that is meant', async () => {
    await bench.run('DEFINE TABLE other; CREATE other:1');
    await bench.sync('safe', ...KITCHEN);
    const schema = bench.manager(...KITCHEN);
    // @ts-expect-error the types ask for force, too
    await expect(schema.drop({})).rejects.toMatchObject({ code: 'VALIDATION' });
    await schema.drop({ force: true });
    expect(await bench.run('RETURN [object::keys((INFO FOR DB).tables), (INFO FOR DB).analyzers]')).toEqual([
      ['other'],
      {},
    ]);
    await schema.drop({ force: true });
  });

  it('is mended wherever it was changed by hand', async () => {
    await bench.sync('safe', ...KITCHEN);
    const schema = bench.manager(...KITCHEN);
    const synced = await bench.describe();
    const changes = await changesByHand(bench);
    // The transports differ in nothing here: all changes on one of them, some on the others.
    const tried = backend.name === 'embedded' ? changes : changes.filter((_, index) => index % 12 === 0);
    for (const change of tried) {
      await bench.run(change);
      const mended = await schema.sync({ mode: 'force' });
      expect({ change, isEmpty: mended.isEmpty }).toEqual({ change, isEmpty: false });
    }
    await schema.verify();
    expect(await bench.describe()).toEqual(synced);
  });

  it('does not touch what it does not know', async () => {
    await bench.run(`DEFINE TABLE stranger SCHEMAFULL; DEFINE FIELD x ON stranger TYPE int; CREATE stranger:1 SET x = 1;
      DEFINE TABLE reverie_migration; CREATE reverie_migration:1;
      DEFINE FUNCTION fn::greet($who: string) { RETURN 'hi ' + $who }; DEFINE PARAM $limit VALUE 5; DEFINE SEQUENCE s;
      DEFINE ANALYZER mine TOKENIZERS blank; DEFINE USER someone ON DATABASE PASSWORD 'x' ROLES VIEWER`);
    const before = await bench.run(
      'RETURN [(INFO FOR DB).functions, (INFO FOR DB).params, (INFO FOR DB).sequences, (INFO FOR DB).analyzers.mine, (INFO FOR TABLE stranger)]',
    );
    await bench.sync('force', ...KITCHEN);
    expect(
      await bench.run(
        'RETURN [(INFO FOR DB).functions, (INFO FOR DB).params, (INFO FOR DB).sequences, (INFO FOR DB).analyzers.mine, (INFO FOR TABLE stranger)]',
      ),
    ).toEqual(before);
    expect(await bench.run('SELECT VALUE x FROM stranger')).toEqual([1]);
    await bench.manager(...KITCHEN).verify();
  });

  it('is planned in one request when nothing has changed, and leaves nothing behind', async () => {
    await bench.sync('safe', ...KITCHEN);
    const before = await bench.describe();
    const sent: string[] = [];
    const watched = watch(bench.db, sent);
    const { SchemaManager } = await import('../../lib/schema/index.js');
    const { discover } = await import('../../lib/metadata/index.js');
    await new SchemaManager(watched, discover(KITCHEN).entities).sync();
    expect(sent).toHaveLength(1);
    expect(await bench.describe()).toEqual(before);
    expect(await bench.run('RETURN object::keys((INFO FOR NS).databases)')).toEqual(['schema']);
  });
});

describe('every kind of declaration', () => {
  it.each(['surrealkv', 'rocksdb'])('holds on %s', async (engine) => {
    const { mkdtemp } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const { join } = await import('node:path');
    const folder = await mkdtemp(join(tmpdir(), 'reverie-schema-'));
    const disk = await SchemaBench.open(`${engine}://${join(folder, 'db')}`);
    await disk.sync('safe', ...KITCHEN);
    await disk.close();
    await removeFolder(folder);
  });
});

/** Each statement changes one thing that the entities speak of. */
async function changesByHand(bench: SchemaBench): Promise<readonly string[]> {
  const tables = await bench.run<string[]>('RETURN object::keys((INFO FOR DB).tables)');
  const changes = [
    `ALTER TABLE kitchen COMMENT 'changed'`,
    'ALTER TABLE kitchen DROP CHANGEFEED',
    'ALTER TABLE kitchen PERMISSIONS FULL',
    'ALTER TABLE kitchen SCHEMALESS',
    'DEFINE TABLE OVERWRITE cooks_in TYPE RELATION SCHEMAFULL',
    'DEFINE TABLE OVERWRITE kitchen_sink SCHEMAFULL',
    'DEFINE TABLE OVERWRITE kitchen_ages AS SELECT count() AS n, age FROM kitchen GROUP BY age',
    'DEFINE FIELD extra ON kitchen TYPE option<int>',
    'DEFINE INDEX extra ON kitchen FIELDS age',
    'DEFINE EVENT extra ON kitchen THEN {}',
    'DEFINE ANALYZER OVERWRITE kitchen_words TOKENIZERS blank',
    'REMOVE ANALYZER kitchen_words',
    'REMOVE TABLE kitchen_ages',
    'REMOVE TABLE cooks_in',
    `DEFINE FIELD OVERWRITE in ON cooks_in TYPE record<kitchen_team | kitchen> COMMENT 'by hand'`,
    'DEFINE FIELD OVERWRITE tags.* ON kitchen TYPE string ASSERT true',
    'DEFINE FIELD OVERWRITE bags.* ON kitchen TYPE object',
  ];
  for (const table of tables) {
    const { fields, indexes, events } = await bench.run<Structure>('INFO FOR TABLE $table STRUCTURE', { table });
    changes.push(
      ...fields.map((each) => `REMOVE FIELD ${each.name} ON ${table}`),
      ...fields
        .filter((each) => !each.name.includes('*') && each.name !== 'id' && each.name !== 'label')
        .map((each) => `DEFINE FIELD OVERWRITE ${each.name} ON ${table} TYPE any COMMENT 'by hand'`)
        .filter((text) => !/ (in|out) ON/.test(text)),
      ...indexes.map((each) => `REMOVE INDEX \`${each.name}\` ON ${table}`),
      ...indexes.map(
        (each) =>
          `DEFINE INDEX OVERWRITE \`${each.name}\` ON ${table} ${each.name === 'how_many' ? 'FIELDS age' : 'COUNT'}`,
      ),
      ...events.map((each) => `REMOVE EVENT \`${each.name}\` ON ${table}`),
      ...events.map((each) => `DEFINE EVENT OVERWRITE \`${each.name}\` ON ${table} WHEN false THEN {}`),
    );
  }
  return changes;
}

/** The same connection, with the texts that go through it. */
function watch(db: Connection, sent: string[]): Connection {
  return new Proxy(db, {
    get(target, name) {
      if (name !== 'execute') return Reflect.get(target, name, target) as unknown;
      return (request: Parameters<Connection['execute']>[0]) => {
        sent.push(request.text);
        return target.execute(request);
      };
    },
  });
}
