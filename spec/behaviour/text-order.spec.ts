import {
  asc,
  CapabilityError,
  count,
  desc,
  Field,
  Id,
  Index,
  min,
  Relation,
  surql,
  Table,
  ValidationError,
  type EntityManager,
  type Link,
  type Links,
  type OrderBy,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'shelf' })
class Shelf {
  @Id('int') id!: RecordId<'shelf', number>;
  @Field('string') name!: string;
  @Relation(() => Volume, { inverse: 'shelf' }) volumes!: Links<Volume>;
}

@Table({ name: 'volume' })
@Index({ fields: ['title'] })
class Volume {
  @Id('int') id!: RecordId<'volume', number>;
  @Field('option<string>') title?: string;
  @Field('int') size!: number;
  @Relation(() => Shelf) shelf!: Link<Shelf>;
}

const TITLES = ['Zebra', 'item 10', 'apple', 'item 9', 'Äpfel', undefined, 'Item 2', 'äpfel', 'zebra', 'Apple'];
/** Case and accents decide last. */
const DICTIONARY = [undefined, 'Äpfel', 'äpfel', 'Apple', 'apple', 'item 10', 'Item 2', 'item 9', 'Zebra', 'zebra'];
const COUNTED = [undefined, 'Apple', 'Item 2', 'Zebra', 'apple', 'item 9', 'item 10', 'zebra', 'Äpfel', 'äpfel'];
const BOTH = [undefined, 'Äpfel', 'äpfel', 'Apple', 'apple', 'Item 2', 'item 9', 'item 10', 'Zebra', 'zebra'];
const CODE_POINTS = [undefined, 'Apple', 'Item 2', 'Zebra', 'apple', 'item 10', 'item 9', 'zebra', 'Äpfel', 'äpfel'];
const ORDERS: readonly (readonly [string, OrderBy<Volume>, readonly (string | undefined)[]])[] = [
  ['collate', { title: { collate: true } }, DICTIONARY],
  ['numeric', { title: { numeric: true } }, COUNTED],
  ['both', { title: { numeric: true, collate: true, direction: 'asc' } }, BOTH],
  ['both, descending', { title: { collate: true, numeric: true, direction: 'desc' } }, BOTH.toReversed()],
  ['neither', { title: { collate: false } }, CODE_POINTS],
  ['a direction alone', { title: { direction: 'desc' } }, CODE_POINTS.toReversed()],
  ['an expression', asc(surql`title`, { collate: true }), DICTIONARY],
  ['an expression, descending', desc(surql`title`, { numeric: true }), COUNTED.toReversed()],
];
const titles = (found: readonly Volume[]): unknown[] => found.map(({ title }) => title);

describe.each(backends)('the order of texts on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Shelf, Volume] });
    const seed = test.orm.em.fork();
    const shelves = ['room 10', 'room 9'].map((name, id) => seed.create(Shelf, { id, name }));
    for (const [id, title] of TITLES.entries())
      seed.create(Volume, { id, size: id, shelf: shelves[id % 2] as Shelf, ...(title !== undefined && { title }) });
    await seed.flush();
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
    test.clear();
  });

  it.each(ORDERS)('%s', async (_title, orderBy, wanted) => {
    expect(titles(await em.find(Volume, {}, { orderBy }))).toEqual(wanted);
    expect(titles(await em.find(Volume, {}, { orderBy, limit: 4, offset: 3 }))).toEqual(wanted.slice(3, 7));
    const some = wanted.filter((title) => title !== undefined && title >= 'a');
    expect(titles(await em.find(Volume, { title: { $gte: 'a' } }, { orderBy, limit: 5 }))).toEqual(some.slice(0, 5));
    expect(titles(await em.select(Volume).orderBy(orderBy).list())).toEqual(wanted);
    expect(titles(await em.find(Volume, { id: { $in: TITLES.map((_, id) => id) } }, { orderBy }))).toEqual(wanted);
  });

  it.each(ORDERS)('%s, in a fetched list', async (_title, orderBy, wanted) => {
    const shelves = await em.find(Shelf, {}, { orderBy: { id: 'asc' }, fetch: { volumes: { orderBy, limit: 3 } } });
    for (const [at, shelf] of shelves.entries()) {
      const own = wanted.filter((title) => TITLES.indexOf(title) % 2 === at);
      expect(titles([...shelf.volumes])).toEqual(own.slice(0, 3));
    }
  });

  it('of groups, by their keys and by what was made of them', async () => {
    const of = async (orderBy: object) =>
      (await em.aggregate(Volume, { groupBy: ['title'], select: { least: min('title') }, orderBy } as never)) as never;
    const by = (rows: readonly { title: string | null }[]) => rows.map(({ title }) => title ?? undefined);
    expect(by(await of({ title: { collate: true } }))).toEqual(DICTIONARY);
    expect(by(await of({ title: { numeric: true, collate: true, direction: 'desc' } }))).toEqual(BOTH.toReversed());
    expect(by(await of([{ least: { collate: true, numeric: true } }]))).toEqual(BOTH);
    test.clear();
    const counted = (orderBy: object) =>
      em.aggregate(Volume, { groupBy: ['title', 'size'], select: { n: count() }, orderBy } as never);
    for (const orderBy of [{ n: { collate: true } }, { size: { numeric: true } }, { title: { collate: 'de' } }])
      await expect(counted(orderBy)).rejects.toBeInstanceOf(ValidationError);
    await expect(counted({ title: { numeric: true, direction: 'up' } })).rejects.toThrow(/'asc' or 'desc'/);
    expect(test.sent()).toEqual([]);
  });

  it('behind a link, beside other keys', async () => {
    const orderBy: OrderBy<Volume> = { shelf: { name: { numeric: true } }, size: 'desc' };
    const found = await em.find(Volume, {}, { orderBy });
    expect(found.map(({ size }) => size)).toEqual([9, 7, 5, 3, 1, 8, 6, 4, 2, 0]);
  });

  it('is refused where a place in it could not be stated, before anything is sent', async () => {
    const orderBy: OrderBy<Volume> = { title: { collate: true } };
    await expect(em.findPage(Volume, {}, { first: 2, orderBy })).rejects.toThrow(CapabilityError);
    await expect(em.findPage(Volume, {}, { first: 2, orderBy })).rejects.toThrow(/compares texts by code points alone/);
    expect(() => em.stream(Volume, {}, { orderBy: asc(surql`title`, { numeric: true }) })).toThrow(CapabilityError);
    await expect(em.liveList(Volume, {}, { orderBy })).rejects.toThrow(CapabilityError);
    expect(test.sent()).toEqual([]);
    const { items } = await em.findPage(Volume, {}, { first: 2, orderBy: { title: { collate: false } } });
    expect(titles(items)).toEqual(CODE_POINTS.slice(0, 2));
  });

  it.each([
    ['a number', { size: { collate: true } }, /Volume\.size .*it holds none/s],
    ['no flag', { title: { collate: 'de' } }, /Volume\.title .*collate: "de"/s],
    ['an unknown member', { title: { collate: true, locale: 'de' } }, /locale/],
    ['an unknown direction', { title: { numeric: true, direction: 'up' } }, /"up"/],
    ['a comparison of an expression', asc(surql`title`, { numerc: true } as object), /numerc/],
  ])('says what is wrong: %s', async (_title, orderBy, message) => {
    const asked = em.find(Volume, {}, { orderBy: orderBy as OrderBy<Volume> });
    await expect(asked).rejects.toThrow(ValidationError);
    await expect(em.find(Volume, {}, { orderBy: orderBy as OrderBy<Volume> })).rejects.toThrow(message);
    expect(test.sent()).toEqual([]);
  });
});
