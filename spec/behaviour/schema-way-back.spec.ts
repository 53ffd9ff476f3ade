import {
  Analyzer,
  Computed,
  Field,
  FullText,
  Id,
  Index,
  Relation,
  Table,
  VectorField,
} from '../../lib/decorators/index.js';
import type { FieldMetadata } from '../../lib/metadata/entity-metadata.js';
import { SchemaManager } from '../../lib/schema/index.js';
import { surql } from '../../lib/surrealql/surql.js';
import type { Link } from '../../lib/types/index.js';
import type { Duration, RecordId } from '../../lib/values/index.js';
import { entityOf, fieldOf } from '../support/schema-literals.js';
import { SchemaBench } from '../support/schema-bench.js';

class Part {
  @Field('int') y!: number;
}

@Table({ name: 'thing' })
class Holder {
  @Id('int') id!: RecordId<'thing', number>;
  @Field(() => Part) part!: Part;
}

@Table({ name: 'thing' })
class Linker {
  @Id('int') id!: RecordId<'thing', number>;
  @Relation(() => Linker, { onDelete: 'reject' }) part!: Link<Linker>;
  @Field('int', { default: 1 }) n!: number;
}

const partOf = (path: string): NonNullable<FieldMetadata['embedded']> => ({
  target: Part,
  className: 'Part',
  fields: [fieldOf('y', 'int', { path: `Entity.${path}.y` })],
});

describe('the way back of a plan', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
  });
  afterEach(() => bench.close());

  /** There by force and back; answers what the table is like before and in the end. */
  async function thereAndBack(there: SchemaManager): Promise<{ readonly before: unknown; readonly after: unknown }> {
    const before = await bench.describe();
    const { parts } = await there.script();
    await there.sync({ mode: 'force' });
    expect(await bench.describe()).not.toEqual(before);
    for (const { down } of [...parts].reverse()) await bench.run(`BEGIN; ${down.join(';\n')}; COMMIT`);
    return { before, after: await bench.describe() };
  }

  it.each([
    ['int', 'array<int | string>'],
    ['array<int>', 'array<array<set<int>>>'],
    ['array<array<int>>', 'option<int>'],
    ['object', 'array | object'],
    ['option<set<string>>', 'array<string>'],
  ])('from %s to %s leaves nothing that the server has made for elements', async (from, to) => {
    const managerOf = (type: string): SchemaManager =>
      new SchemaManager(bench.db, [entityOf('thing', [fieldOf('f', type)])]);
    await managerOf(from).sync();
    const { before, after } = await thereAndBack(managerOf(to));
    expect(after).toEqual(before);
    await managerOf(from).verify();
  });

  it('keeps what the old definitions take', async () => {
    const bag = (flexible: boolean): SchemaManager =>
      new SchemaManager(bench.db, [
        entityOf('thing', [fieldOf('bag', 'object', { flexible }), fieldOf('list', 'array'), fieldOf('any', 'any')]),
      ]);
    const strict = new SchemaManager(bench.db, [
      entityOf('thing', [
        fieldOf('bag', 'object', { embedded: partOf('bag') }),
        fieldOf('list', 'array<object>', { embedded: partOf('list'), embeddedMany: true }),
        fieldOf('any', 'option<array<int>>'),
        fieldOf('n', 'int', { default: 1 }),
      ]),
    ]);
    await bag(true).sync();
    await bench.run('CREATE thing:1 SET bag = { y: 1 }, list = [{ y: 2 }], any = [3]');
    const before = await bench.describe();
    const { parts } = await strict.script();
    await strict.sync();
    for (const { down } of [...parts].reverse()) await bench.run(`BEGIN; ${down.join(';\n')}; COMMIT`);
    expect(await bench.describe()).toEqual(before);
    await bench.run('UPDATE thing');
  });

  it('leads back from records that no definition takes any more', async () => {
    const managerOf = (fields: readonly FieldMetadata[]): SchemaManager =>
      new SchemaManager(bench.db, [entityOf('thing', fields)]);
    const old = [fieldOf('a', 'array<object>', { embedded: partOf('a'), embeddedMany: true })];
    await managerOf(old).sync();
    await bench.run('CREATE thing:1 SET a = [{ y: 1 }]');
    await thereAndBack(managerOf([fieldOf('a', 'array<string>'), fieldOf('n', 'int', { default: 1 })]));
    await managerOf(old).verify();
  });

  it('takes a default out again that the old type has no room for', async () => {
    const managerOf = (field: FieldMetadata): SchemaManager =>
      new SchemaManager(bench.db, [entityOf('thing', [field])]);
    await managerOf(fieldOf('a', 'option<object>')).sync();
    await bench.run('CREATE thing:1; CREATE thing:2');
    const { before, after } = await thereAndBack(managerOf(fieldOf('a', 'int', { default: 1 })));
    expect(after).toEqual(before);
    await bench.run('UPDATE thing');
  });

  it.each([
    ['less', 'full'],
    ['full', 'less'],
  ] as const)('between SCHEMA%s and SCHEMA%s, with flexible objects', async (from, to) => {
    const managerOf = (schema: 'less' | 'full', ...more: readonly FieldMetadata[]): SchemaManager =>
      new SchemaManager(bench.db, [
        entityOf('thing', [fieldOf('bag', 'object', { flexible: true }), ...more], { schema }),
      ]);
    await managerOf(from).sync();
    await bench.run('CREATE thing:1 SET bag = { any: 1 }');
    const { before, after } = await thereAndBack(managerOf(to, fieldOf('n', 'int', { default: 1 })));
    // A SCHEMALESS table keeps the default that came with the new field.
    const definitions = (told: unknown): unknown =>
      (told as { described: readonly unknown[][] }).described.map(([name, table, contents]) => [name, table, contents]);
    expect(definitions(after)).toEqual(definitions(before));
    expect(await bench.run('SELECT VALUE bag FROM thing')).toEqual([{ any: 1 }]);
    await managerOf(from).verify();
    await bench.run('UPDATE thing');
  });

  it('takes the definitions of new members away before it writes records that have none of them', async () => {
    const managerOf = (field: FieldMetadata, ...more: readonly FieldMetadata[]): SchemaManager =>
      new SchemaManager(bench.db, [entityOf('thing', [field, ...more])]);
    await managerOf(fieldOf('a', 'option<record>')).sync();
    await bench.run('CREATE thing:1 SET a = thing:2; CREATE thing:2');
    const { before, after } = await thereAndBack(
      managerOf(fieldOf('a', 'object', { embedded: partOf('a') }), fieldOf('n', 'int', { default: 1 })),
    );
    expect(after).toEqual(before);
  });

  it('leads back to an object that a link had taken the place of', async () => {
    await bench.sync('safe', Holder);
    await bench.run('CREATE thing:1 SET part = { y: 1 }');
    await thereAndBack(bench.manager(Linker));
    await bench.manager(Holder).verify();
    // The member that the link had no room for is gone, as the plan said; the default came and went.
    expect(await bench.run('SELECT part, n FROM thing')).toEqual([{ part: {} }]);
  });

  describe('builds what is made of records from those that it has left', () => {
    @Table({ name: 'thing', schema: 'less' })
    @Index({ name: 'by_n', fields: ['n'] })
    class Indexed {
      @Id('int') id!: RecordId<'thing', number>;
      @Field('option<int>') n?: number;
      @VectorField({ dimension: 2, distance: 'euclidean', optional: true }) at?: number[];
    }

    @Table({ name: 'thing', schema: 'less' })
    class Worked {
      @Id('int') id!: RecordId<'thing', number>;
      @Computed(surql`'x'`, { type: 'string', stored: true }) n!: string;
      @Computed(surql`1h30m`, { type: 'duration', stored: true }) at!: Duration;
    }

    it('indexes over columns that were worked out meanwhile', async () => {
      await bench.sync('safe', Indexed);
      await bench.run('CREATE thing:1; CREATE thing:2');
      const { before, after } = await thereAndBack(bench.manager(Worked));
      expect(after).toEqual(before);
      await bench.manager(Indexed).verify();
      expect(await bench.run("SELECT VALUE id FROM thing WITH INDEX by_n WHERE n = 'x'")).toEqual([]);
      await bench.run('UPDATE thing:1 SET at = [1, 2]');
      expect(await bench.run('SELECT VALUE id.id() FROM thing WHERE at <|1,40|> [1, 2]')).toEqual([1]);
    });

    @Table({ name: 'thing', schema: 'less' })
    class Listed {
      @Id('int') id!: RecordId<'thing', number>;
      @Field('array<int | string>', { default: [] }) at!: (number | string)[];
    }

    it('a vector index over a column that has got a default which is no vector', async () => {
      await bench.sync('safe', Indexed);
      await bench.run('CREATE thing:1; CREATE thing:2 SET at = [1, 2]');
      const { before, after } = await thereAndBack(bench.manager(Listed));
      expect(after).toEqual(before);
    });

    @Table({ name: 'thing' })
    @Analyzer({ name: 'words', tokenizers: ['blank'], filters: ['lowercase'] })
    @FullText({ name: 'by_text', fields: ['text'], analyzer: 'words' })
    class Lower {
      @Id('int') id!: RecordId<'thing', number>;
      @Field('string') text!: string;
    }

    @Table({ name: 'thing' })
    @Analyzer({ name: 'words', tokenizers: ['blank'] })
    @FullText({ name: 'by_text', fields: ['text'], analyzer: 'words' })
    class AsWritten {
      @Id('int') id!: RecordId<'thing', number>;
      @Field('string') text!: string;
    }

    it('a full text index whose words were cut otherwise', async () => {
      await bench.sync('safe', Lower);
      await bench.run("CREATE thing:1 SET text = 'Red FOX'");
      const found = 'SELECT VALUE id.id() FROM thing WHERE text @@ $word';
      expect(await bench.run(found, { word: 'fox' })).toEqual([1]);
      await thereAndBack(bench.manager(AsWritten));
      expect(await bench.run(found, { word: 'fox' })).toEqual([1]);
    });
  });
});
