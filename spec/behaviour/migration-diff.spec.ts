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
import { RecordId, type Duration } from '../../lib/values/index.js';
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

@Table({ name: 'note' })
class Note {
  @Id() id!: RecordId<'note'>;
  @Field('record<author>') signer!: RecordId<'author'>;
}

@Table({ name: 'note' })
class SignedNote {
  @Id() id!: RecordId<'note'>;
  @Relation(() => Author, { onDelete: 'reject' }) signer!: Link<Author>;
}

@Table({ name: 'poet', renamedFrom: 'author' })
@Index({ name: 'by_name', fields: ['fullName'] })
class Poet {
  @Id() id!: RecordId<'poet'>;
  @Field('string', { renamedFrom: 'name' }) fullName!: string;
  @Field('int', { default: 3 }) rank!: number;
}

@Table({ name: 'note' })
class PoetNote {
  @Id() id!: RecordId<'note'>;
  @Relation(() => Poet, { onDelete: 'reject' }) signer!: Link<Poet>;
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

  it.each(['surql', 'ts'] as const)('as .%s: what loses data is said at the head', async (type) => {
    const first = await bench.orm(Writer);
    await first.schema.sync();
    await first.driver.query(`CREATE author:a SET fullName = 'Ann'`);
    const { files } = await (await bench.orm(Author)).migrator.diff({ name: 'less', type });
    const source = await readFile(files[0] as string, 'utf8');
    const lines = source.split('\n').map((line) => line.trim());
    const mark = type === 'ts' ? '//' : '--';
    expect(lines.filter((line) => line.startsWith(`${mark} `) && line.includes('where this'))).toEqual([
      `${mark} loses data: REMOVE FIELD IF EXISTS fullName ON TABLE author (1 record where this was written)`,
      `${mark} loses data: REMOVE FIELD IF EXISTS rank ON TABLE author (1 record where this was written)`,
      `${mark} takes less than before: DEFINE FIELD OVERWRITE name ON TABLE author TYPE string (1 record where this was written)`,
    ]);
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

  it.each(['surql', 'ts'] as const)('as .%s: links that stood there before are noted as references', async (type) => {
    const first = await bench.orm(Author, Note);
    await first.schema.sync();
    await first.driver.query(`CREATE author:a SET name = 'Ann'; CREATE note:1 SET signer = author:a`);
    const orm = await bench.orm(Author, SignedNote);
    await orm.migrator.diff({ name: 'signed', type });
    await orm.migrator.up();
    await orm.schema.verify();
    const [notes] = await orm.driver.query<[unknown[]]>('RETURN author:a<~note');
    expect(notes).toHaveLength(1);
  });

  it.each(['surql', 'ts'] as const)(
    'as .%s: a renamed table is copied on the way up, also where this database has no records, and links are led there and back',
    async (type) => {
      const first = await bench.orm(Author, SignedNote);
      await first.schema.sync();
      const before = await describeDatabase();
      const orm = await bench.orm(Poet, PoetNote);
      const { plan } = await orm.migrator.diff({ name: 'poets', type });
      expect(plan.steps.find(({ kind }) => kind === 'copyTable')).toMatchObject({ table: 'poet', affected: 0 });
      const insert = `CREATE author:a SET name = 'Ann'; CREATE note:1 SET signer = author:a`;
      await orm.driver.query(insert);
      await orm.migrator.up();
      await orm.schema.verify();
      const read = 'SELECT * FROM poet; SELECT VALUE signer FROM note; RETURN poet:a<~note; SELECT * FROM author';
      expect(await orm.driver.query(read)).toMatchObject([
        [{ id: new RecordId('poet', 'a'), fullName: 'Ann', rank: 3 }],
        [new RecordId('poet', 'a')],
        [new RecordId('note', 1)],
        [{ id: new RecordId('author', 'a'), name: 'Ann' }],
      ]);
      await orm.migrator.down({ all: true });
      expect(await describeDatabase()).toEqual(before);
      const back = 'SELECT VALUE signer FROM note; RETURN author:a<~note';
      expect(await orm.driver.query(back)).toMatchObject([[new RecordId('author', 'a')], [new RecordId('note', 1)]]);
      await orm.driver.query('UPDATE author; UPDATE note');
      await orm.migrator.up();
      await orm.schema.verify();
      await orm.migrator.diff({ name: 'without authors', type, contract: true });
      await orm.migrator.up();
      expect((await orm.schema.plan({ contract: true })).steps).toEqual([]);
      await orm.migrator.down();
      await orm.schema.verify();
      await expect(orm.driver.query('DELETE poet')).rejects.toThrow();
    },
  );

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
