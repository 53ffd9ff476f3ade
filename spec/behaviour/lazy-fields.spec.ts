import type { RecordId } from '../../lib/index.js';
import {
  EntityNotFoundError,
  Field,
  Id,
  Relation,
  Subscriber,
  Table,
  ValidationError,
  Version,
  surql,
  type EntityManager,
  type Link,
  type Links,
  type Opt,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

@Table({ name: 'shelf' })
class Shelf {
  @Id() id!: RecordId<'shelf'>;
  @Field('string') name!: string;
  @Relation(() => Paper, { inverse: 'shelf' }) papers!: Links<Paper>;
}

@Table({ name: 'paper' })
class Paper {
  @Id() id!: RecordId<'paper'>;
  @Field('string') title!: string;
  @Field('string', { lazy: true, name: 'full_text' }) body!: string;
  @Field('option<object>', { lazy: true, flexible: true }) notes?: Record<string, unknown>;
  @Field('bool', { default: false }) printed!: Opt<boolean>;
  @Version() readonly version!: number;
  @Relation(() => Shelf, { optional: true }) shelf?: Link<Shelf>;
  @Relation(() => Paper, { optional: true }) answers?: Link<Paper>;
  @Relation(() => [Paper, Shelf], { optional: true }) about?: Link<Paper | Shelf>;
}

@Table({ name: 'media', discriminator: 'kind' })
class Media {
  @Id() id!: RecordId<'media'>;
  @Field('string') name!: string;
}

@Table({ value: 'song' })
class Song extends Media {
  @Field('int') seconds!: number;
  @Field('string', { lazy: true }) lyrics!: string;
}

@Subscriber(Paper)
class Loads {
  static count = 0;
  onLoad(): void {
    Loads.count++;
  }
}

describe.each(backends)('lazy fields on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Shelf, Paper, Media, Song], subscribers: [Loads] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.orm.em.fork().query(surql`DELETE paper; DELETE shelf; DELETE media`);
    em = test.orm.em.fork();
    const shelf = em.create(Shelf, { id: 's', name: 'top' });
    const a = em.create(Paper, { id: 'a', title: 'A', body: 'long a', notes: { n: 1 }, shelf });
    em.create(Paper, { id: 'b', title: 'B', body: 'long b', shelf, answers: a, about: a });
    em.create(Song, { id: 'x', name: 'X', seconds: 7, lyrics: 'la la' });
    await em.flush();
    em = test.orm.em.fork();
    test.clear();
    Loads.count = 0;
  });
  afterEach(() => expectInOrder(test, em));

  const bodies = async () => {
    const papers = await test.orm.em.fork().find(Paper, {}, { select: ['body'], orderBy: { title: 'asc' } });
    return papers.map(({ body }) => body);
  };
  const has = (entity: object, ...names: string[]) => names.map((name) => Object.hasOwn(entity, name));

  it('are left out of every read', async () => {
    const [a] = await em.find(Paper, { body: 'long a' }, { orderBy: { body: 'desc' }, limit: 5 });
    const b = await em.findOneOrFail(Paper, 'b');
    const shelf = await test.orm.em
      .fork()
      .findOneOrFail(Shelf, 's', { fetch: { papers: { orderBy: { body: 'desc' } } } });
    const answering = await test.orm.em.fork().findOneOrFail(Paper, 'b', { fetch: { answers: true } });
    expect(shelf.papers.get().map(({ title }) => title)).toEqual(['B', 'A']);
    for (const paper of [a as Paper, b, ...shelf.papers.get(), answering.answers?.get() as Paper]) {
      expect(has(paper, 'body', 'notes', 'title', 'printed')).toEqual([false, false, true, true]);
      expect(JSON.parse(JSON.stringify(paper))).not.toHaveProperty('body');
    }
    test.clear();
    expect(await em.findOne(Paper, 'a')).toBe(a);
    expect(test.sent()).toEqual([]);
  });

  it('a record without them counts as loaded', async () => {
    await em.find(Paper);
    expect(Loads.count).toBe(2);
    const page = await em.findPage(Paper, {}, { first: 1, orderBy: { body: 'desc' } });
    const next = await em.findPage(Paper, {}, { first: 1, after: page.endCursor as string, orderBy: { body: 'desc' } });
    expect([...page.items, ...next.items].map(({ title }) => title)).toEqual(['B', 'A']);
    expect(has(page.items[0] as Paper, 'body')).toEqual([false]);
  });

  it('load brings them, for many entities in one request, and leaves what was changed', async () => {
    const papers = await em.find(Paper, {}, { orderBy: { title: 'asc' } });
    const [a, b] = papers as [Paper, Paper];
    a.title = 'Changed';
    b.body = 'mine';
    test.clear();
    expect(await em.load(papers, ['body', 'notes'])).toBe(papers);
    expect(test.sent()).toHaveLength(1);
    expect([a.body, a.notes, a.title, b.body]).toEqual(['long a', { n: 1 }, 'Changed', 'mine']);
    await em.load(a, ['body']);
    expect(test.sent()).toHaveLength(1);
    const fresh = em.create(Paper, { title: 'C', body: 'fresh' });
    expect(await em.load(fresh, ['body'])).toBe(fresh);
    expect(test.sent()).toHaveLength(1);
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      `CREATE ONLY ${fresh.id} CONTENT { full_text: 'fresh', title: 'C', version: 1 } RETURN AFTER`,
      "UPDATE ONLY paper:a SET title = 'Changed', version += 1 RETURN AFTER",
      "UPDATE ONLY paper:b SET full_text = 'mine', version += 1 RETURN AFTER",
    ]);
    expect(await bodies()).toEqual(['mine', 'fresh', 'long a']);
  });

  it('load refuses what cannot be read, and tells which record is gone', async () => {
    const paper = await em.findOneOrFail(Paper, 'a');
    await expect(em.load(paper, ['nothing' as 'body'])).rejects.toBeInstanceOf(ValidationError);
    await expect(em.load(paper, ['shelf.name' as 'body'])).rejects.toBeInstanceOf(ValidationError);
    await test.orm.em.fork().deleteWhere(Paper, { id: 'a' });
    await expect(em.load(paper, ['body'])).rejects.toBeInstanceOf(EntityNotFoundError);
    em.clear();
  });

  it('what was not read is neither written nor cleared; what was given is written', async () => {
    const [a, b] = (await em.find(Paper, {}, { orderBy: { title: 'asc' } })) as [Paper, Paper];
    a.title = 'AA';
    b.body = 'given';
    await em.flush();
    expect(test.written()).toEqual([
      "UPDATE ONLY paper:a SET title = 'AA', version += 1 RETURN AFTER",
      "UPDATE ONLY paper:b SET full_text = 'given', version += 1 RETURN AFTER",
    ]);
    expect(await bodies()).toEqual(['long a', 'given']);
    expect([a.version, b.version]).toEqual([2, 2]);
    test.clear();
    await em.transaction(async (tx) => {
      const paper = await tx.findOneOrFail(Paper, 'a');
      paper.body = 'in a block';
    });
    expect(test.written()).toEqual(["UPDATE ONLY paper:a SET full_text = 'in a block', version += 1 RETURN AFTER"]);
    expect(await bodies()).toEqual(['in a block', 'given']);
  });

  it('select names them, refresh reads them, omit leaves them out as well', async () => {
    const [a] = (await em.find(Paper, 'a', { select: ['body'] })) as [Paper];
    expect(has(a, 'body', 'title')).toEqual([true, false]);
    const [b] = (await em.find(Paper, 'b', { omit: ['title'] })) as [Paper];
    expect(has(b, 'body', 'title', 'printed')).toEqual([false, false, true]);
    expect((await em.refresh(b)).body).toBe('long b');
  });

  it('of classes that share a table, and of a link to several', async () => {
    const [song] = (await em.find(Media)) as [Song];
    expect(song).toBeInstanceOf(Song);
    expect([song.seconds, ...has(song, 'lyrics')]).toEqual([7, false]);
    expect((await em.load(song, ['lyrics'])).lyrics).toBe('la la');
    const b = await em.findOneOrFail(Paper, 'b', { fetch: { about: true } });
    expect((b.about?.get() as Paper).title).toBe('A');
  });

  if (backend.stateful)
    it('in an interactive transaction, which sees what it has written', async () => {
      await em.transaction(
        async (tx) => {
          tx.create(Paper, { id: 'c', title: 'C', body: 'long c' });
          await tx.flush();
          await tx.query(surql`UPDATE paper:a SET full_text = 'raw'`);
          tx.clear();
          const [a, c] = [await tx.findOneOrFail(Paper, 'a'), await tx.findOneOrFail(Paper, 'c')];
          expect([...has(a, 'body'), ...has(c, 'body')]).toEqual([false, false]);
          await tx.load([a, c], ['body']);
          expect([a.body, c.body]).toEqual(['raw', 'long c']);
        },
        { mode: 'interactive' },
      );
    });
});
