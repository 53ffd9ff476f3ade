import 'reflect-metadata';
import {
  CreatedAt,
  Field,
  Id,
  In,
  Index,
  OptimisticLockError,
  Out,
  RecordId,
  Relation,
  Table,
  UniqueConstraintError,
  ValidationError,
  Version,
  surql,
  type EntityManager,
  type Immutable,
  type Link,
  type Links,
  type Opt,
  type QueryEvent,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'author' })
@Index({ fields: ['email'], unique: true })
class Author {
  @Id() id!: RecordId<'author'>;
  @Field('string') name!: string;
  @Field('option<string>') email?: string;
  @Field('int', { default: 7 }) rank!: Opt<number>;
  @Field('string', { default: surql`string::uppercase('x')` }) mark!: Opt<string>;
  @Field('option<string>', { readonly: true }) sku?: Immutable<string>;
  @Relation(() => Book, { inverse: 'author' }) books!: Links<Book>;
  @Relation(() => Author, { edge: () => Knows, direction: 'out' }) knows!: Links<Author, Knows>;
  @CreatedAt() readonly createdAt!: Date;
  @Version() readonly version!: number;
}

@Table({ name: 'book' })
class Book {
  @Id() id!: RecordId<'book'>;
  @Field('string') title!: string;
  @Relation(() => Author, { onDelete: 'cascade' }) author!: Link<Author>;
  @Relation(() => Author, { onDelete: 'unset' }) editor?: Link<Author>;
  @Relation(() => Author, { onDelete: 'ignore', optional: true }) reader?: Link<Author>;
  @Relation(() => Author, { many: true, onDelete: 'unset' }) helpers!: Links<Author>;
  @Relation(() => Note, { inverse: 'book', owns: true }) notes!: Links<Note>;
}

@Table({ name: 'note' })
class Note {
  @Id() id!: RecordId<'note'>;
  @Field('string') text!: string;
  @Relation(() => Book, { onDelete: 'cascade' }) book!: Link<Book>;
}

@Table({ name: 'acquainted', type: 'relation', in: () => Author, out: () => Author })
class Knows {
  @Id() id!: RecordId<'acquainted'>;
  @In() in!: Link<Author>;
  @Out() out!: Link<Author>;
  @Field('option<int>') years?: number;
}

describe.each(backends)('removal on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;
  let ann: Author;
  let bob: Author;
  let whileSending: () => void;

  beforeAll(async () => {
    const instance = {
      beforeQuery: ({ purpose }: QueryEvent) => {
        if (purpose !== 'flush') return;
        const once = whileSending;
        whileSending = () => undefined;
        once();
      },
    };
    test = await openOrm(backend, { entities: [Author, Book, Note, Knows], subscribers: [{ instance }] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    whileSending = () => undefined;
    await test.orm.em.fork().query(surql`DELETE acquainted; DELETE note; DELETE book; DELETE author`);
    em = test.orm.em.fork();
    ann = em.create(Author, { id: 'ann', name: 'Ann', email: 'ann@x.io', sku: 'A' });
    bob = em.create(Author, { id: 'bob', name: 'Bob', rank: 1, mark: 'm' });
    ann.knows.add(bob, { years: 3 });
    await em.flush();
    test.clear();
  });
  /** The invariant: what has been flushed is not flushed again. */
  afterEach(() => sendsNothing());

  async function sendsNothing(): Promise<void> {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  }

  async function flushed(): Promise<void> {
    test.clear();
    await em.flush();
    expect(test.sent()).toHaveLength(1);
  }

  async function rows(table: string): Promise<Record<string, unknown>[]> {
    const [found] = await test.orm.em
      .fork()
      .query<[Record<string, unknown>[]]>(surql`SELECT * FROM ${surql.id(table)} ORDER BY id`);
    return found;
  }

  it('remove and persist take each other back', async () => {
    em.remove(bob);
    em.persist(bob);
    await sendsNothing();
    bob.rank = 2;
    em.remove(bob);
    em.persist(bob);
    await flushed();
    expect(await rows('author')).toHaveLength(2);
    const cat = em.create(Author, { name: 'Cat' });
    em.remove(cat);
    em.persist(cat);
    await flushed();
    expect(await rows('author')).toHaveLength(3);
  });

  it('what has been removed can be made anew', async () => {
    em.remove(bob);
    await flushed();
    expect(em.contains(bob)).toBe(false);
    expect(await em.findOne(Author, 'bob')).toBeNull();
    expect(() => em.remove(bob)).toThrow(/not tracked any more/);
    em.persist(bob);
    await flushed();
    expect(await em.findOne(Author, 'bob')).toBe(bob);
    expect(await rows('author')).toMatchObject([{ name: 'Ann' }, { name: 'Bob', rank: 1, mark: 'm' }]);
  });

  it('removed and created under one id: the record is replaced in place, its edges and referrers stay', async () => {
    const book = em.create(Book, { title: 'B', author: ann });
    await em.flush();
    const { createdAt } = ann;
    em.remove(ann);
    const other = em.create(Author, { id: 'ann', name: 'Other', mark: 'own' });
    await flushed();
    expect(em.contains(ann)).toBe(false);
    expect(await em.findOne(Author, 'ann')).toBe(other);
    expect(other).toMatchObject({ name: 'Other', rank: 7, mark: 'own', version: 2, createdAt });
    expect((await rows('author'))[0]).not.toHaveProperty('email');
    expect(await rows('acquainted')).toMatchObject([{ years: 3 }]);
    expect(await rows('book')).toHaveLength(1);
    em.remove(other);
    const third = em.create(Author, { id: 'ann', name: 'Third', rank: 3 });
    await flushed();
    expect(third).toMatchObject({ rank: 3, mark: 'X', version: 3 });
    expect(em.contains(book)).toBe(true);
  });

  it('the replacement is taken back with the removal', async () => {
    em.remove(ann);
    const other = em.create(Author, { id: 'ann', name: 'Other' });
    expect(() => em.persist(ann)).toThrow(/tracked already/);
    em.remove(other);
    await flushed();
    expect((await rows('author')).map((row) => row['name'])).toEqual(['Bob']);
  });

  it('a replacement is locked like any write, and keeps what is READONLY', async () => {
    em.remove(ann);
    em.create(Author, { id: 'ann', name: 'Other', sku: 'B' });
    await expect(em.flush()).rejects.toThrow(/Author.sku/);
    em.clear();
    const mine = await em.findOneOrFail(Author, 'ann');
    const rival = test.orm.em.fork();
    (await rival.findOneOrFail(Author, 'ann')).rank = 9;
    await rival.flush();
    em.remove(mine);
    em.create(Author, { id: 'ann', name: 'Other' });
    await expect(em.flush()).rejects.toBeInstanceOf(OptimisticLockError);
    em.clear();
    expect(await rows('author')).toMatchObject([{ name: 'Ann', rank: 9 }, {}]);
  });

  it('an edge is replaced too', async () => {
    const [edge] = await em.find(Knows, {});
    const { id } = edge as Knows;
    em.remove(edge as Knows);
    em.create(Knows, { id, in: 'bob', out: 'ann' });
    await flushed();
    const [row] = await rows('acquainted');
    expect([String(row?.['in']), String(row?.['out']), row?.['years']]).toEqual([
      'author:bob',
      'author:ann',
      undefined,
    ]);
  });

  it('a new record whose unique value is taken by one that is not removed is refused', async () => {
    em.remove(bob);
    const other = em.create(Author, { id: 'bob', name: 'Other', email: 'ann@x.io' });
    await expect(em.flush()).rejects.toBeInstanceOf(UniqueConstraintError);
    expect(await rows('author')).toMatchObject([{}, { name: 'Bob' }]);
    other.email = undefined;
    await flushed();
    expect(await rows('author')).toMatchObject([{}, { name: 'Other' }]);
  });

  it('with a node go its edges; tracked ones are let go, their own removal is done', async () => {
    const [edge] = await em.find(Knows, {});
    await bob.knows.load();
    em.remove(bob);
    await flushed();
    expect(em.contains(edge as Knows)).toBe(false);
    expect([...(ann.knows as unknown as Iterable<Author>)]).toEqual([]);
    await sendsNothing();
    ann.knows.add(em.create(Author, { name: 'Cat' }));
    await flushed();
    const [second] = await em.find(Knows, {});
    (second as Knows).years = 9;
    em.remove(second as Knows);
    em.remove(ann);
    await flushed();
    expect(await rows('acquainted')).toEqual([]);
  });

  it('what the server cascades to is let go, what it unsets is unset in memory', async () => {
    const mine = em.create(Book, { title: 'mine', author: ann, editor: bob });
    const theirs = em.create(Book, { title: 'theirs', author: bob, editor: ann, reader: ann, helpers: [ann, bob] });
    const note = em.create(Note, { text: 'n', book: mine });
    await em.flush();
    em.remove(ann);
    await flushed();
    expect([mine, theirs, note].map((entity) => em.contains(entity))).toEqual([false, true, false]);
    expect(theirs.editor).toBeUndefined();
    expect(String(theirs.reader?.id)).toBe('author:ann');
    expect(theirs.helpers.ids.map(String)).toEqual(['author:bob']);
    await sendsNothing();
    theirs.title = 'changed';
    await flushed();
    const [row] = await rows('book');
    expect(row).toMatchObject({ title: 'changed' });
    expect(row).not.toHaveProperty('editor');
    expect(await rows('note')).toEqual([]);
  });

  it('an owner takes along what it owns as far as it is loaded', async () => {
    const book = em.create(Book, { title: 'b', author: ann, notes: [{ text: '1' } as never, { text: '2' } as never] });
    await em.flush();
    expect(await rows('note')).toHaveLength(2);
    em.remove(book);
    await flushed();
    expect(await rows('note')).toEqual([]);
  });

  it('a member of an owned collection that is taken out is removed', async () => {
    const book = em.create(Book, { title: 'b', author: ann, notes: [{ text: '1' } as never, { text: '2' } as never] });
    await em.flush();
    const [first] = await book.notes.load();
    book.notes.remove(first as Note);
    await flushed();
    expect(await rows('note')).toHaveLength(1);
    expect(await book.notes.count()).toBe(1);
  });

  it('a link to a record that the same flush removes is refused', async () => {
    const book = em.create(Book, { title: 'b', author: ann });
    await em.flush();
    em.remove(bob);
    book.editor = bob as never;
    book.helpers.add(bob);
    test.clear();
    const error = (await em.flush().catch((e: unknown) => e)) as ValidationError;
    expect(error.errors.map(({ path, rule }) => [path, rule])).toEqual([
      ['Book.editor', 'removed'],
      ['Book.helpers', 'removed'],
    ]);
    expect(test.sent()).toEqual([]);
    em.persist(bob);
    await flushed();
    expect(book.editor?.id.equals(bob.id)).toBe(true);
  });

  it('removed while its insert is under way: it goes with the next flush', async () => {
    const cat = em.create(Author, { id: 'cat', name: 'Cat' });
    whileSending = () => void em.remove(cat);
    await em.flush();
    expect(await rows('author')).toHaveLength(3);
    await flushed();
    expect(await rows('author')).toHaveLength(2);
    const twin = em.create(Author, { id: 'dan', name: 'Dan', email: 'ann@x.io' });
    whileSending = () => void em.remove(twin);
    await expect(em.flush()).rejects.toBeInstanceOf(UniqueConstraintError);
    await sendsNothing();
  });

  it('persisted again while its removal is under way: it is written anew', async () => {
    em.remove(bob);
    whileSending = () => void em.persist(bob);
    await em.flush();
    expect(await rows('author')).toHaveLength(1);
    await flushed();
    expect(await rows('author')).toMatchObject([{}, { name: 'Bob' }]);
  });

  it('cleared while a flush is under way: nothing comes back', async () => {
    const cat = em.create(Author, { id: 'cat', name: 'Cat' });
    ann.rank = 50;
    whileSending = () => em.clear();
    await em.flush();
    expect([cat, ann].map((entity) => em.contains(entity))).toEqual([false, false]);
    expect(await em.findOne(Author, 'cat')).not.toBe(cat);
    expect(await rows('author')).toMatchObject([{ rank: 50 }, {}, { name: 'Cat' }]);
  });

  it('clear forgets everything; what it forgot can be attached again', async () => {
    const cat = em.create(Author, { name: 'Cat' });
    ann.rank = 50;
    em.clear();
    await sendsNothing();
    expect(() => em.assign(ann, { rank: 3 })).toThrow(/merge/);
    expect(() => em.remove(ann)).toThrow(/merge/);
    await expect(em.refresh(ann)).rejects.toThrow(/merge/);
    em.merge(ann);
    em.persist(cat);
    await flushed();
    expect(await rows('author')).toHaveLength(3);
    expect((await rows('author'))[0]).toMatchObject({ rank: 50 });
  });

  it('a delete of a record that is gone is an error, and nothing of the flush is kept', async () => {
    await test.orm.em.fork().query(surql`DELETE author:bob`);
    em.remove(bob);
    ann.rank = 2;
    await expect(em.flush()).rejects.toMatchObject({ code: 'OPTIMISTIC_LOCK', entity: 'Author', id: bob.id });
    expect((await rows('author'))[0]).toMatchObject({ rank: 7 });
    em.persist(bob);
    em.clear();
  });
});
