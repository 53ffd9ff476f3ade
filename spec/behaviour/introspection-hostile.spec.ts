import { objectsOf } from '../../lib/functions/objects-of.js';
import { discover } from '../../lib/metadata/index.js';
import { SchemaManager } from '../../lib/schema/index.js';
import { GeneratedFiles } from '../support/generated.js';
import { SchemaBench } from '../support/schema-bench.js';

/** Databases that nobody made with an eye on TypeScript. */
describe('schema.introspect, of a database made by hand', () => {
  let bench: SchemaBench;
  let generated: GeneratedFiles | undefined;
  beforeEach(async () => {
    bench = await SchemaBench.open();
  });
  afterEach(async () => {
    generated?.remove();
    await bench.close();
  });
  const generate = async (database: string) => {
    await bench.run(database);
    const result = await bench.manager().introspect();
    generated = new GeneratedFiles(result.files);
    return { ...result, generated };
  };

  it('gives each table a file of its own, however alike their names are', async () => {
    const { files, generated: found } = await generate(
      ['User', 'user', '日本', '..', 'a-b', 'a b', 'x/../../y', 'user-2']
        .map((name) => `DEFINE TABLE \`${name}\` SCHEMAFULL; DEFINE FIELD f ON \`${name}\` TYPE option<record<user>>`)
        .join(';'),
    );
    const names = files.map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(8);
    expect(names.every((name) => /^[a-z0-9-]+\.entity\.ts$/.test(name))).toBe(true);
    const classes = found.load();
    expect(classes).toHaveLength(8);
    expect((await bench.manager(...classes).plan()).steps).toEqual([]);
  });

  it('writes what no property can be called, and NULL as a default, so that it compiles', async () => {
    const { generated: found } = await generate(`DEFINE TABLE t SCHEMAFULL;
      ${['then', '__proto__', 'toJSON', 'hasOwnProperty', 'prototype', 'constructor']
        .map((name) => `DEFINE FIELD \`${name}\` ON t TYPE option<string>`)
        .join(';')};
      DEFINE FIELD maybe ON t TYPE string | null DEFAULT NULL;
      DEFINE FIELD list ON t TYPE array<int> | null DEFAULT [1]`);
    expect((await bench.manager(...found.load()).plan()).steps).toEqual([]);
    expect([...found.errors(), ...found.errors('standard')]).toEqual([]);
  }, 180_000);

  it('leaves edges alone whose ends are not known', async () => {
    const {
      files,
      remainder,
      generated: found,
    } = await generate(`DEFINE TABLE a SCHEMAFULL;
      DEFINE TABLE any_edge TYPE RELATION; DEFINE TABLE ghostly TYPE RELATION IN a OUT ghost;
      DEFINE TABLE above TYPE RELATION IN ghostly OUT a; DEFINE TABLE fine TYPE RELATION IN a OUT a;
      DEFINE FIELD e ON a TYPE option<record<any_edge>> REFERENCE`);
    expect(files.map(({ name }) => name)).toEqual(['a.entity.ts', 'fine.entity.ts']);
    expect(remainder).toEqual([
      'a: field e: REFERENCE ON DELETE IGNORE',
      ...['above', 'any_edge', 'ghostly'].map((name) => `${name}: TYPE RELATION between tables that are not known`),
    ]);
    discover(found.load());
  });

  it('keeps the nanoseconds of a parameter, and a member that is called __proto__', async () => {
    const { generated: found } = await generate(`DEFINE TABLE t SCHEMAFULL;
      DEFINE PARAM $at VALUE { fine: d'2024-01-01T00:00:00.123456789Z', whole: d'2024-01-01T00:00:00.120Z' };
      DEFINE PARAM $odd VALUE { \`__proto__\`: 1 }`);
    const objects = objectsOf(found.definitions());
    expect(objects).toHaveLength(2);
    const manager = new SchemaManager(bench.db, discover(found.load()).entities, { objects });
    expect((await manager.plan()).steps).toEqual([]);
  });

  it('lets no name end the comment that it stands in', async () => {
    const { generated: found } = await generate(
      'DEFINE TABLE t SCHEMAFULL; DEFINE FIELD `x\\rthrow 1` ON t; DEFINE FIELD `y\u2028throw 2` ON t',
    );
    expect(found.load()).toHaveLength(1);
  });
});
