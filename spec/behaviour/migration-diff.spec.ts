import { readFile } from 'node:fs/promises';
import {
  Analyzer,
  Computed,
  Event,
  Field,
  FullText,
  Id,
  Index,
  Relation,
  Table,
  VectorField,
  View,
} from '../../lib/decorators/index.js';
import type { EntityClass } from '../../lib/metadata/index.js';
import { surql } from '../../lib/surrealql/surql.js';
import type { Link } from '../../lib/types/index.js';
import type { Duration, RecordId } from '../../lib/values/index.js';
import { backend } from '../support/backends.js';
import { MigrationBench } from '../support/migration-bench.js';

@Table({ name: 'author' })
class Author {
  @Id() id!: RecordId<'author'>;
  @Field('string') name!: string;
}

@Table({ name: 'author' })
class Writer {
  @Id() id!: RecordId<'author'>;
  @Field('string', { renamedFrom: 'name' }) fullName!: string;
  @Field('int', { default: 3 }) rank!: number;
}

@Table({ name: 'book', comment: 'the first' })
@Index({ name: 'by_title', fields: ['title'], unique: true })
@Event({ name: 'noted', when: surql`$event = 'CREATE'`, then: surql`CREATE note SET at = time::now()` })
class Book {
  @Id() id!: RecordId<'book'>;
  @Field('string', { assert: surql`$value != ''` }) title!: string;
  @Field('array<string>') tags!: string[];
  @Field('option<object>', { flexible: true }) more?: object;
  @Relation(() => Author, { onDelete: 'cascade' }) author!: Link<Author>;
  @VectorField({ dimension: 3, distance: 'cosine' }) embedding!: number[];
}

@Table({ name: 'book', comment: 'the second' })
@Analyzer({ name: 'words', tokenizers: ['blank'], filters: ['lowercase'] })
@Index({ name: 'by_title', fields: ['title', 'pages'] })
@FullText({ name: 'by_text', fields: ['text'], analyzer: 'words' })
class NextBook {
  @Id() id!: RecordId<'book'>;
  @Field('string') title!: string;
  @Field('array<string | int>') tags!: (string | number)[];
  @Field('int', { default: 1 }) pages!: number;
  @Field('option<string>', { comment: "it's text with \\ and `ticks` and ${holes}" }) text?: string;
  @Relation(() => Author, { onDelete: 'unset' }) author?: Link<Author>;
}

@Table({ name: 'note' })
class Noted {
  @Id() id!: RecordId<'note'>;
  @Relation(() => Author, { onDelete: 'reject', optional: true }) signer?: Link<Author>;
}
class Signature {
  @Field('string', { default: 'nobody' }) name!: string;
}
@Table({ name: 'note' })
class Signed {
  @Id() id!: RecordId<'note'>;
  @Field(() => Signature, { optional: true }) signer?: Signature;
}

/** The column of the vectors holds something else by now. */
@Table({ name: 'book', schema: 'less' })
class Timed {
  @Id() id!: RecordId<'book'>;
  @Field('string') title!: string;
  @Computed(surql`1h30m`, { type: 'duration', stored: true }) embedding!: Duration;
}

@View({ name: 'shelf', as: surql`SELECT count() AS n, author FROM book GROUP BY author` })
class Shelf {
  @Id('any') id!: RecordId<'shelf'>;
  @Field('int') n!: number;
}

describe('migrator.diff', () => {
  let bench: MigrationBench;
  beforeEach(async () => {
    bench = await MigrationBench.on(backend('ws'));
  });
  afterEach(() => bench.close());

  const describeDatabase = async (...entities: readonly EntityClass[]) => {
    const orm = await bench.orm(...entities);
    const [db] = await orm.driver.query<[{ tables: Record<string, string>; analyzers: object }]>('INFO FOR DB');
    const names = Object.keys(db.tables).filter((name) => !name.startsWith('reverie_'));
    const tables = await Promise.all(names.map((name) => orm.driver.query(`INFO FOR TABLE ${name}`)));
    const definitions = names.map((name) => db.tables[name]);
    return {
      analyzers: db.analyzers,
      definitions,
      tables: tables.map(([info]) => ({ ...(info as object), lives: {} })),
    };
  };

  it('writes nothing where nothing differs', async () => {
    const orm = await bench.orm(Author);
    await orm.schema.sync();
    expect(await orm.migrator.diff({ name: 'nothing' })).toEqual({
      isEmpty: true,
      files: [],
      plan: { isEmpty: true, steps: [] },
    });
    expect(await orm.migrator.status()).toEqual([]);
  });

  it.each(['surql', 'ts'] as const)('a new schema as .%s: up makes it, down takes it away', async (type) => {
    const orm = await bench.orm(Author, Book);
    const { isEmpty, files } = await orm.migrator.diff({ name: 'First schema!', type });
    expect(isEmpty).toBe(false);
    expect(files).toEqual([expect.stringMatching(new RegExp(`/\\d{14}_first_schema\\.${type}$`))]);
    expect((await describeDatabase()).tables).toEqual([]);
    await orm.migrator.up();
    await orm.schema.verify();
    expect((await orm.migrator.diff({ name: 'more' })).isEmpty).toBe(true);
    await orm.migrator.down();
    expect(await describeDatabase()).toEqual({ analyzers: {}, definitions: [], tables: [] });
  });

  it('a link that becomes an object with defaults of its own', async () => {
    const first = await bench.orm(Author, Noted);
    await first.schema.sync();
    await first.driver.query('CREATE note:a');
    const orm = await bench.orm(Author, Signed);
    await orm.migrator.diff({ name: 'signed' });
    await orm.migrator.up();
    await orm.schema.verify();
    const [[made]] = await orm.driver.query<[unknown[]]>('CREATE note:b SET signer = {} RETURN signer');
    expect(made).toEqual({ signer: { name: 'nobody' } });
    await orm.migrator.down();
    await first.schema.verify();
  });

  it.each(['surql', 'ts'] as const)(
    'a changed schema as .%s: down gives the definitions back as they were',
    async (type) => {
      const first = await bench.orm(Author, Book);
      await first.schema.sync();
      const before = await describeDatabase();
      const orm = await bench.orm(Author, NextBook, Shelf);
      await orm.migrator.diff({ name: 'second', type });
      await orm.migrator.up();
      await orm.schema.verify();
      await orm.migrator.down({ all: true });
      expect(await describeDatabase()).toEqual(before);
      await first.schema.verify();
      await orm.migrator.up();
      await orm.schema.verify();
    },
  );

  it('over records: what is missing is filled in, and an index over what is written follows in a file of its own, on either way', async () => {
    const first = await bench.orm(Author, Book);
    await first.schema.sync();
    await first.driver.query(`
      CREATE author:a SET name = 'Ann';
      CREATE book:1 SET title = 'One', tags = ['x', 'y'], author = author:a, embedding = [1, 2, 3];
      CREATE book:2 SET title = 'Two', tags = [], author = author:a, embedding = [1, 2, 3]`);
    const before = await describeDatabase();
    const orm = await bench.orm(Author, NextBook);
    const { files } = await orm.migrator.diff({ name: 'second' });
    expect(files).toHaveLength(3);
    const last = await readFile(files[0] as string, 'utf8');
    expect(last).toMatch(/^-- up\n-- nothing: .*\n\n-- down\nDEFINE INDEX OVERWRITE/);
    await orm.migrator.up();
    await orm.schema.verify();
    const [rows] = await orm.driver.query<[{ pages: number; tags: unknown }[]]>(
      'SELECT pages, tags FROM book ORDER BY pages; UPDATE book',
    );
    expect(rows).toEqual([
      { pages: 1, tags: ['x', 'y'] },
      { pages: 1, tags: [] },
    ]);
    const [found] = await orm.driver.query<[unknown[]]>(`SELECT * FROM book WHERE title = 'One' AND pages = 1`);
    expect(found).toHaveLength(1);
    await orm.migrator.down({ all: true });
    expect(await describeDatabase()).toEqual(before);
    const [again] = await orm.driver.query<[unknown[]]>(`SELECT * FROM book WITH INDEX by_title WHERE title = 'One'`);
    expect(again).toHaveLength(1);
  });

  it('from a database without records: the file writes what the records of another one need', async () => {
    const first = await bench.orm(Author);
    await first.schema.sync();
    const orm = await bench.orm(Writer);
    await orm.migrator.diff({ name: 'renamed' });
    await orm.driver.query(`CREATE author:a SET name = 'Ann'`);
    await orm.migrator.up();
    await orm.schema.verify();
    const [rows] = await orm.driver.query<[unknown[]]>('SELECT fullName, rank FROM author; UPDATE author');
    expect(rows).toEqual([{ fullName: 'Ann', rank: 3 }]);
  });

  it.each(['surql', 'ts'] as const)(
    'as .%s: a vector index comes back when its column is empty again',
    async (type) => {
      const first = await bench.orm(Author, Book);
      await first.schema.sync();
      await first.driver.query(`
      CREATE author:a SET name = 'Ann';
      CREATE book:1 SET title = 'One', tags = [], author = author:a, embedding = [1, 2, 3]`);
      const before = await describeDatabase();
      const orm = await bench.orm(Author, Timed);
      await orm.migrator.diff({ name: 'timed', type });
      await orm.migrator.up();
      await orm.schema.verify();
      await orm.migrator.down({ all: true });
      expect(await describeDatabase()).toEqual(before);
    },
  );
});
