import { RecordId, surql, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { Post, Role, User } from '../support/entities.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import { Book, Knows, Reader, Review, readingEntities, seedReading } from '../support/reading-entities.js';

const keys = (found: readonly { readonly id: RecordId }[]): unknown[] => found.map(({ id }) => id.key).sort();
const ROLLED_BACK = new Error('rolled back');

/** The server leaves out `id` when an interactive transaction reads its own writes by id or through an index. */
describe.each(backends.filter(({ stateful }) => stateful))(
  'an interactive transaction reads its own writes on $name',
  (backend) => {
    let test: TestOrm;

    beforeAll(async () => {
      test = await openOrm(backend, { entities: readingEntities });
      await seedReading(test);
    });
    afterAll(() => test.close());

    async function inTransaction(read: (tx: EntityManager) => Promise<void>): Promise<void> {
      const block = test.orm.em.fork().transaction(
        async (tx) => {
          await tx.query(
            surql`CREATE reader:new SET name = 'New', age = 20, home = city:rome; RELATE reader:new->knows:nn->reader:ann SET since = 1;
            CREATE review:nn SET text = 'n', stars = 1, hidden = false, book = book:1, by = reader:new; UPDATE reader:bob SET age = 20`,
          );
          await read(tx);
          throw ROLLED_BACK;
        },
        { mode: 'interactive' },
      );
      await expect(block).rejects.toBe(ROLLED_BACK);
    }

    it('by id, by ids, by an indexed field, sorted and cut', () =>
      inTransaction(async (tx) => {
        expect((await tx.findOneOrFail(Reader, 'new')).adult).toBe(true);
        expect(keys(await tx.find(Reader, { id: { $in: ['new', 'ann', 'nobody'] } }))).toEqual(['ann', 'new']);
        expect(
          (await tx.find(Reader, { id: { $in: ['new', 'ann'] } }, { orderBy: { age: 'desc' } })).map(
            ({ name }) => name,
          ),
        ).toEqual(['Ann', 'New']);
        expect(keys(await tx.find(Reader, { age: 20 }))).toEqual(['bob', 'new']);
        expect(keys(await tx.find(Reader, { age: 20 }, { orderBy: { id: 'desc' }, limit: 1 }))).toEqual(['new']);
        expect(keys(await tx.find(Reader, { age: 20, adult: true }))).toEqual(['bob', 'new']);
        expect(await tx.count(Reader, { age: 20 })).toBe(2);
        expect(await tx.exists(Reader, 'new')).toBe(true);
      }));

    it('through fetches, links and their verbs', () =>
      inTransaction(async (tx) => {
        const fetched = await tx.findOneOrFail(Reader, 'new', {
          fetch: { home: true, knows: { count: true }, reviews: true },
        });
        expect(fetched.home?.get().name).toBe('Rome');
        expect([keys(fetched.knows.get()), keys(fetched.knows.edges()), fetched.knows.total]).toEqual([
          ['ann'],
          ['nn'],
          1,
        ]);
        expect(keys(fetched.reviews.get())).toEqual(['nn']);
        const review = await tx.findOneOrFail(Review, { text: 'n' }, { fetch: { by: true } });
        expect(review.by.get()).toBe(fetched);
        const book = await tx.findOneOrFail(Book, 1, { fetch: { reviews: { where: { text: 'n' }, limit: 2 } } });
        expect(keys(book.reviews.get())).toEqual(['nn']);
        tx.clear();
        const loaded = await tx.findOneOrFail(Reader, 'new');
        expect([
          keys(await loaded.knows.load()),
          keys(await loaded.reviews.load()),
          keys(await loaded.reviews.find({ stars: 1 })),
        ]).toEqual([['ann'], ['nn'], ['nn']]);
      }));

    it('through a walk, and when read again', () =>
      inTransaction(async (tx) => {
        expect(
          keys(
            await tx
              .traverse(new RecordId('reader', 'ann'))
              .in(Knows)
              .to(Reader)
              .list({ orderBy: { name: 'asc' } }),
          ),
        ).toEqual(['dan', 'new']);
        const fresh = await tx.findOneOrFail(Reader, 'new');
        await tx.query(surql`UPDATE reader:new SET age = 21`);
        await tx.refresh(fresh);
        expect(fresh).toMatchObject({ age: 21, name: 'New' });
        expect(fresh.id.key).toBe('new');
      }));
  },
);

describe.each(backends.filter(({ stateful }) => stateful))(
  'an interactive transaction writes again what it has written on $name',
  (backend) => {
    it('a record with a version is made, changed and removed in three flushes', async () => {
      const test = await openOrm(backend);
      const em = test.orm.em.fork();
      await em.transaction(
        async (tx) => {
          const author = tx.create(User, { name: 'Ann', age: 1, role: Role.Reader });
          const [kept, gone] = [tx.create(Post, { title: 'a', author }), tx.create(Post, { title: 'b', author })];
          await tx.flush();
          kept.title = 'c';
          gone.title = 'd';
          await tx.flush();
          expect(kept.version).toBe(2);
          tx.remove(gone);
        },
        { mode: 'interactive' },
      );
      expect((await test.orm.em.fork().find(Post)).map(({ title }) => title)).toEqual(['c']);
      test.clear();
      await em.flush();
      expect(test.sent()).toEqual([]);
      await test.close();
    });
  },
);
