import { Analyzer, Field, FullText, Id, MetadataError, Table, surql, type RecordId } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm } from '../support/open-orm.js';

@Table({ name: 'note' })
@Analyzer({ name: 'english', tokenizers: ['class'], filters: ['lowercase'] })
@FullText({ fields: ['text'], analyzer: 'englsh' })
class Note {
  @Id() id!: RecordId<'note'>;
  @Field('string') text!: string;
}

@Table({ name: 'letter' })
@FullText({ name: 'by_text', fields: ['text'], analyzer: 'words' })
class Letter {
  @Id() id!: RecordId<'letter'>;
  @Field('string') text!: string;
}

@Analyzer({ name: 'words', tokenizers: ['class'], filters: ['lowercase'] })
class Analyzers {}

describe.each(backends)('a full-text index over an analyzer that there is not, on $name', (backend) => {
  it('is refused with its name and the nearest one, and nothing is defined', async () => {
    const { orm, close } = await openOrm(backend, { entities: [Note, Letter], sync: 'off' });
    for (const act of [() => orm.schema.plan(), () => orm.schema.sync(), () => orm.schema.verify()]) {
      const error = (await act().catch((thrown: unknown) => thrown)) as MetadataError;
      expect(error).toBeInstanceOf(MetadataError);
      expect(error.problems).toEqual([
        'the index "text_fulltext" of note names the analyzer "englsh". Did you mean "english"?',
        'the index "by_text" of letter names the analyzer "words"; there are english',
      ]);
      expect(error.message).toMatch(/@Analyzer\(\{ name: /);
    }
    const [tables] = await orm.driver.query<[object]>('RETURN (INFO FOR DB).tables');
    expect(tables).toEqual({});
    await close();
  });

  it('may be over one that the database has', async () => {
    const { orm, sent, clear, close } = await openOrm(backend, { entities: [Letter], sync: 'off' });
    const em = orm.em.fork();
    await em.query(surql`DEFINE ANALYZER words TOKENIZERS class`);
    await orm.schema.sync();
    expect((await orm.schema.plan()).isEmpty).toBe(true);
    em.create(Letter, { text: 'Dear Ann' });
    await em.flush();
    expect(await em.search(Letter, { text: 'Ann' })).toHaveLength(1);
    clear();
    await em.flush();
    expect(sent()).toEqual([]);
    await close();
  });

  it('may be over one of a class that carries analyzers and nothing else', async () => {
    const { orm, sent, clear, close } = await openOrm(backend, { entities: [Analyzers, Letter], sync: 'safe' });
    const [info] = await orm.driver.query<[object]>('RETURN (INFO FOR DB).analyzers');
    expect(info).toEqual({ words: expect.stringContaining('TOKENIZERS CLASS FILTERS LOWERCASE') as string });
    expect((await orm.schema.plan()).isEmpty).toBe(true);
    const em = orm.em.fork();
    em.create(Letter, { text: 'Dear Ann' });
    await em.flush();
    expect(await em.search(Letter, { text: 'ann' })).toHaveLength(1);
    clear();
    await em.flush();
    expect(sent()).toEqual([]);
    await close();
  });
});
