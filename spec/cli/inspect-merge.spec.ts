import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mergeInto } from '../../lib/cli/inspect/merge.js';
import { ValidationError } from '../../lib/errors/index.js';
import { objectsOf } from '../../lib/functions/objects-of.js';
import { discover } from '../../lib/metadata/index.js';
import { SchemaManager } from '../../lib/schema/index.js';
import { GeneratedFiles } from '../support/generated.js';
import { SchemaBench } from '../support/schema-bench.js';

/** As somebody keeps it: other names, comments, hooks, methods, decorators and fields of its own. */
const PEOPLE = `// Who uses it.
import { AfterCreate, Field as Column, Id, Index, Relation, Table, type Link, type Links, type RecordId } from 'reverie-orm';
import { Place } from './parts/place';
import { Stamped } from './stamped';

function audited<T>(_target: T): void {}

/** A person. Not a user! */
@audited
@Index({ fields: ['mail'], unique: true })
@Index({ name: 'gone', fields: ['name'] })
@Table({
  name: 'users', // since 2019
})
export class Person extends Stamped {
  @Id() id!: RecordId<'users'>;

  @Column('string') name!: string; // what friends say

  @Column('string', { name: 'email' })
  mail!: string;

  @Column(() => Place) address!: Place;
  @Column('int') age!: number;
  @Column('option<string>') shoe?: string;
  @Relation(() => Person, { optional: true }) boss?: Link<Person>;
  @Relation(() => Person, { inverse: 'boss' }) team!: Links<Person>;

  #secret = 'kept';
  nickname = '';

  @AfterCreate()
  greet(): string {
    return \`\${this.name} \${this.#secret}\`;
  }
}

export const helper = (): number => 1;
`;

const FILES: Readonly<Record<string, string>> = {
  'people.ts': PEOPLE,
  'stamped.ts': `import { CreatedAt } from 'reverie-orm';

export abstract class Stamped {
  @CreatedAt() readonly createdAt!: Date;
}
`,
  'parts/place.ts': `import { Field } from 'reverie-orm';
export class Place {
    @Field('string') city!: string;
}
`,
  'database.ts': `import { defineFunction, surql } from 'reverie-orm';

/** By hand. */
export const twice = defineFunction('twice', { args: { n: 'int' }, body: surql\`RETURN $n * 2\` });

export const definitions = [twice];
`,
};

const DATABASE = `
DEFINE ANALYZER words TOKENIZERS blank FILTERS lowercase;
DEFINE TABLE users SCHEMAFULL;
DEFINE FIELD createdAt ON users TYPE datetime DEFAULT time::floor(time::now(), 1ms) READONLY;
DEFINE FIELD name ON users TYPE string;
DEFINE FIELD email ON users TYPE string;
DEFINE FIELD address ON users TYPE object;
DEFINE FIELD address.city ON users TYPE string;
DEFINE FIELD address.zip ON users TYPE option<string>;
DEFINE FIELD age ON users TYPE option<int>;
DEFINE FIELD boss ON users TYPE option<record<users>> REFERENCE ON DELETE IGNORE;
DEFINE FIELD price ON users TYPE option<decimal>;
DEFINE FIELD home ON users TYPE option<object>;
DEFINE FIELD home.at ON users TYPE geometry<point>;
DEFINE FIELD club ON users TYPE option<record<clubs>> REFERENCE ON DELETE UNSET;
DEFINE INDEX email_unique ON users FIELDS email UNIQUE;
DEFINE INDEX by_name ON users FIELDS name FULLTEXT ANALYZER words BM25(1.2, 0.75);
DEFINE EVENT noted ON users WHEN $event = 'CREATE' THEN ({ CREATE log });
DEFINE TABLE clubs SCHEMAFULL;
DEFINE FIELD owner ON clubs TYPE option<record<users>> REFERENCE ON DELETE UNSET;
DEFINE FUNCTION fn::twice($n: int) { RETURN $n * 2 };
DEFINE FUNCTION fn::thrice($n: int) { RETURN $n * 3 };
DEFINE PARAM $limit VALUE 10;`;

describe('merging a database into classes that are there', () => {
  let bench: SchemaBench;
  let folder: string;
  let made: GeneratedFiles[] = [];
  beforeEach(async () => {
    bench = await SchemaBench.open();
    await bench.run(DATABASE);
    made = [new GeneratedFiles([])];
    folder = made[0]?.folder as string;
    write(FILES);
  });
  afterEach(async () => {
    for (const each of made) each.remove();
    await bench.close();
  });

  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  };
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const everything = (): Record<string, string> =>
    Object.fromEntries(
      readdirSync(folder, { recursive: true })
        .map(String)
        .filter((name) => statSync(join(folder, name)).isFile())
        .sort()
        .map((name) => [name, read(name)]),
    );
  const merge = (dryRun = false) =>
    mergeInto({ folder, dryRun, introspect: (code) => bench.manager().introspectParts(code) });
  /** The text without what was inserted: every line of before is there, in its order. */
  const keepsLines = (before: string, after: string): void => {
    const lines = after.split('\n');
    let at = 0;
    for (const line of before.split('\n')) {
      if (/^import \{|definitions = \[/.test(line)) continue;
      at = lines.indexOf(line, at) + 1;
      expect({ line, kept: at > 0 }).toEqual({ line, kept: true });
    }
  };

  it('adds what is new, keeps what is written by hand, tells what is gone, and does nothing a second time', async () => {
    const shown = (text: string) => text.replaceAll(/\(.*\/(\w+\.ts)/g, '($1');
    const dry = await merge(true);
    expect(everything()).toEqual(Object.fromEntries(Object.entries(FILES).sort(([a], [b]) => (a < b ? -1 : 1))));
    const report = await merge();
    expect(dry).toEqual({ ...report, removed: dry.removed, changed: dry.changed });
    expect(dry.removed.map(shown)).toEqual(['Person.shoe (people.ts:25)', '@Index gone of Person (people.ts:11)']);
    expect(report).toMatchObject({ written: ['clubs.entity.ts'], notes: [], remainder: [] });
    expect(report.kept.map(shown)).toEqual([expect.stringMatching(/stamped\.ts$/)]);
    expect(
      report.merged.map(({ file, added }) => [file.replace(/.*\/generated-[^/]+\//, ''), [...added].sort()]),
    ).toEqual([
      ['database.ts', ['function thrice', 'param limit']],
      ['parts/place.ts', ['address.zip']],
      ['people.ts', ['@Analyzer words', '@Event noted', '@FullText by_name', 'club', 'clubs', 'home', 'price']],
    ]);
    // Where they stand now.
    expect(report.removed.map(shown)).toEqual(['Person.shoe (people.ts:34)', '@Index gone of Person (people.ts:17)']);
    expect(report.changed.map(shown)).toEqual(['Person.age is int here, none | int in the database (people.ts:33)']);

    for (const [name, text] of Object.entries(FILES)) keepsLines(text, read(name));
    const people = read('people.ts');
    expect(people).toContain(`  @Column('option<decimal>')\n  price?: Decimal;`);
    expect(people).toContain(`  @Relation(() => Club, { optional: true, onDelete: 'unset' })\n  club?: Link<Club>;`);
    expect(people).toContain(
      `export class PersonHome {\n  @Column('geometry<point>')\n  at!: Point;\n}\n\n/** A person.`,
    );
    expect(people).toContain(`  @Relation(() => Club, { inverse: 'owner' })\n  clubs!: Links<Club>;`);
    expect(people).toContain(`import { Club } from './clubs.entity';`);
    expect(read('parts/place.ts')).toContain(
      `    @Field('string') city!: string;\n\n    @Field('option<string>')\n    zip?: string;`,
    );
    expect(read('clubs.entity.ts')).toContain(`import { Person } from './people';`);
    expect(read('database.ts')).toContain('export const definitions = [twice, thrice, limit];');

    const after = everything();
    expect(await merge()).toMatchObject({ written: [], merged: [], removed: report.removed, changed: report.changed });
    expect(everything()).toEqual(after);
  });

  it('compiles under strict in both dialects, and syncs to an empty plan', async () => {
    write({
      'people.ts': PEOPLE.replace(/.*(shoe|'gone').*\n/g, '').replace(
        `@Column('int') age!`,
        `@Column('option<int>') age?`,
      ),
    });
    await merge();
    const merged = new GeneratedFiles(Object.entries(everything()).map(([name, source]) => ({ name, source })));
    made.push(merged);
    for (const dialect of ['legacy', 'standard'] as const) expect(merged.errors(dialect)).toEqual([]);
    const manager = new SchemaManager(bench.db, discover(merged.load()).entities, {
      objects: objectsOf(merged.definitions()),
    });
    expect((await manager.plan()).steps).toEqual([]);
  }, 180_000);

  it('a file with errors of syntax is refused, and nothing is written', async () => {
    write({ 'broken.ts': 'export class {' });
    const before = everything();
    const error: unknown = await merge().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ValidationError);
    expect((error as Error).message).toMatch(/broken\.ts:1 is no TypeScript/);
    expect(everything()).toEqual(before);
  });

  it('names that the file uses for something else are not taken; line ends stay as they are', async () => {
    write({
      'people.ts':
        `import { Field, Id, Table, type RecordId } from 'reverie-orm';\nexport type Decimal = string;\nexport class Point {}\n@Table({ name: 'users' })\nexport class Person {\n\t@Id() id!: RecordId<'users'>;\n\t@Field('string') name!: string;\n}\n`.replaceAll(
          '\n',
          '\r\n',
        ),
    });
    await merge();
    const people = read('people.ts');
    expect(people.replaceAll('\r\n', '')).not.toContain('\n');
    expect(people).toContain('type Decimal as ReverieDecimal');
    expect(people).toContain('\tprice?: ReverieDecimal;');
    expect(people).toContain('  at!: ReveriePoint;');
    rmSync(join(folder, 'stamped.ts'));
    const merged = new GeneratedFiles(Object.entries(everything()).map(([name, source]) => ({ name, source })));
    made.push(merged);
    expect(merged.errors()).toEqual([]);
  }, 180_000);

  it('a column that renamedFrom names is none that is new', async () => {
    await bench.run(
      `DEFINE FIELD nick ON users TYPE option<string>; DEFINE FIELD address.town ON users TYPE option<string>`,
    );
    write({
      'people.ts': PEOPLE.replace(`@Column('string') name!`, `@Column('string', { renamedFrom: 'nick' }) name!`),
      'parts/place.ts': `import { Field } from 'reverie-orm';
export class Place {
    @Field('string', { renamedFrom: 'town' }) city!: string;
}
`,
    });
    await merge();
    expect(read('people.ts')).not.toMatch(/nick\?:/);
    expect(read('parts/place.ts')).not.toMatch(/town\?:/);
    expect(read('parts/place.ts')).toMatch(/zip\?:/);
  });

  it('a class with no fields, several classes in a file, a class that shares its table, and one of defineTable', async () => {
    await bench.run(`DEFINE TABLE animal SCHEMAFULL; DEFINE FIELD kind ON animal TYPE string; DEFINE FIELD bark ON animal TYPE option<int>;
      DEFINE FIELD name ON animal TYPE string; DEFINE TABLE empty SCHEMAFULL; DEFINE FIELD a ON empty TYPE int;
      DEFINE TABLE plain SCHEMAFULL; DEFINE FIELD b ON plain TYPE int`);
    write({
      'all.ts': `import { defineTable, Field, Id, Table, type RecordId } from 'reverie-orm';

@Table({ name: 'animal', discriminator: 'kind' })
export class Animal {
  @Id() id!: RecordId<'animal'>;
  @Field('string') kind!: string;
}

@Table({ value: 'dog' })
export class Dog extends Animal {
  @Field('option<int>') bark?: number;
}

@Table({ name: 'empty' })
export class Empty {}

export class Plain {
  id!: RecordId<'plain'>;
}
defineTable({ class: Plain, name: 'plain', properties: { id: Id() } });
`,
    });
    const { notes, written } = await merge();
    expect(written).toEqual(['clubs.entity.ts']);
    expect(notes).toEqual([expect.stringMatching(/^Plain is declared with defineTable, which is not merged into/)]);
    const all = read('all.ts');
    expect(all.match(/bark/g)).toHaveLength(1);
    expect(all).toContain(`  @Field('string') kind!: string;\n  @Field('string')\n  name!: string;\n}`);
    expect(all).toContain(`export class Empty {\n  @Id() id!: RecordId<'empty'>;\n\n  @Field('int')\n  a!: number;\n}`);
    const after = everything();
    await merge();
    expect(everything()).toEqual(after);
  });
});
