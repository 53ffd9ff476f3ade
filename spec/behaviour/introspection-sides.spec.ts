import { GeneratedFiles } from '../support/generated.js';
import { SchemaBench } from '../support/schema-bench.js';

const BLOG = `
DEFINE TABLE person SCHEMAFULL;
DEFINE FIELD name ON person TYPE string;
DEFINE FIELD boss ON person TYPE option<record<person>> REFERENCE;
DEFINE FIELD categories ON person TYPE int;
DEFINE TABLE story SCHEMAFULL;
DEFINE FIELD author ON story TYPE record<person> REFERENCE;
DEFINE FIELD editor ON story TYPE option<record<person>> REFERENCE;
DEFINE FIELD likesBy ON story TYPE int;
DEFINE FIELD plain ON story TYPE option<record<person>>;
DEFINE TABLE category SCHEMAFULL;
DEFINE FIELD owner ON category TYPE record<person> REFERENCE ON DELETE CASCADE;
DEFINE FIELD subjects ON category TYPE array<record<person | story>> REFERENCE;
DEFINE TABLE follows TYPE RELATION IN person OUT person SCHEMAFULL;
DEFINE TABLE likes TYPE RELATION IN person OUT story SCHEMAFULL;
DEFINE FIELD weight ON likes TYPE float DEFAULT 1f;
DEFINE TABLE tagged TYPE RELATION IN person | story OUT category SCHEMAFULL;
DEFINE TABLE shown AS SELECT count() AS n, author FROM story GROUP BY author;`;

describe('what inspect writes of the sides that the database does not store', () => {
  let bench: SchemaBench;
  let generated: GeneratedFiles;
  let files: Readonly<Record<string, string>>;
  beforeAll(async () => {
    bench = await SchemaBench.open();
    await bench.run(BLOG);
    const result = await bench.manager().introspect();
    generated = new GeneratedFiles(result.files);
    files = Object.fromEntries(result.files.map(({ name, source }) => [name, source]));
    expect(result.remainder).toEqual([]);
  }, 60_000);
  afterAll(async () => {
    generated.remove();
    await bench.close();
  });

  it('an inverse for each link, named after the link where there are several', () => {
    for (const side of [
      `@Relation(() => Person, { inverse: 'boss' })\n  personsByBoss!: Links<Person>;`,
      `@Relation(() => Story, { inverse: 'author' })\n  storiesByAuthor!: Links<Story>;`,
      `@Relation(() => Story, { inverse: 'editor' })\n  storiesByEditor!: Links<Story>;`,
    ])
      expect(files['person.entity.ts']).toContain(side);
    expect(files['person.entity.ts']).not.toContain(`inverse: 'plain'`);
    expect(files['story.entity.ts']).toContain(
      `@Relation(() => Category, { inverse: 'subjects' })\n  categories!: Links<Category>;`,
    );
  });

  it('never under the name of a column', () => {
    expect(files['story.entity.ts']).toContain('likesBy!: number;');
    expect(files['person.entity.ts']).toContain(`@Field('int')\n  categories!: number;`);
    expect(files['person.entity.ts']).toContain('categoriesByOwner!: Links<Category>;');
    expect(files['person.entity.ts']).toContain('categoriesBySubjects!: Links<Category>;');
  });

  it('both ways over an edge between two tables', () => {
    for (const side of [
      `@Relation(() => Story, { edge: () => Like, direction: 'out' })\n  likes!: Links<Story, Like>;`,
      `@Relation(() => Person, { edge: () => Follow, direction: 'out' })\n  follows!: Links<Person, Follow>;`,
      `@Relation(() => Person, { edge: () => Follow, direction: 'in' })\n  followsBy!: Links<Person, Follow>;`,
    ])
      expect(files['person.entity.ts']).toContain(side);
    expect(files['story.entity.ts']).toContain(
      `@Relation(() => Person, { edge: () => Like, direction: 'in' })\n  likesBy2!: Links<Person, Like>;`,
    );
    expect(Object.values(files).join('')).not.toContain('edge: () => Tagged');
  });

  it('compiles under strict in both dialects and syncs to an empty plan', async () => {
    for (const dialect of ['legacy', 'standard'] as const) expect(generated.errors(dialect)).toEqual([]);
    expect((await bench.manager(...generated.load()).plan()).steps).toEqual([]);
  }, 180_000);
});
