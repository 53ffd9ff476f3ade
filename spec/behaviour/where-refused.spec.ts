import {
  EntityNotFoundError,
  Point,
  RecordId,
  ValidationError,
  surql,
  type EntityManager,
  type FindOptions,
  type Where,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import type { Status } from '../support/reading-entities.js';
import {
  Book,
  ByAny,
  ByInt,
  ByList,
  ByObject,
  ByText,
  ByUlid,
  ByUuid,
  Knows,
  Read,
  Reader,
  readingEntities,
  seedReading,
} from '../support/reading-entities.js';

type Refusal = readonly [title: string, where: unknown, path: string, rule: string, message: RegExp];

const UNDEFINED: readonly Refusal[] = [
  ['undefined', { rank: undefined }, 'Book.rank', 'undefined', /Book\.rank is undefined/],
  ['undefined in an operator', { rank: { $gt: undefined } }, 'Book.rank.$gt', 'undefined', /undefined/],
  ['undefined in a list', { rank: { $in: [1, undefined] } }, 'Book.rank.$in', 'undefined', /undefined/],
  ['undefined in $between', { rank: { $between: [1, undefined] } }, 'Book.rank.$between', 'undefined', /undefined/],
  [
    'undefined in a list operator',
    { words: { $containsAny: ['a', undefined] } },
    'Book.words.$containsAny',
    'undefined',
    /undefined/,
  ],
  ['undefined below', { size: { pages: undefined } }, 'Book.size.pages', 'undefined', /Book\.size\.pages/],
  ['undefined behind a link', { press: { name: undefined } }, 'Book.press.name', 'undefined', /Book\.press\.name/],
  [
    'undefined behind many',
    { reviews: { stars: undefined } },
    'Book.reviews.stars',
    'undefined',
    /Book\.reviews\.stars/,
  ],
  ['undefined in an object', { extra: { theme: undefined } }, 'Book.extra.theme', 'undefined', /Book\.extra\.theme/],
  ['an undefined id', { id: undefined }, 'Book.id', 'undefined', /Book\.id/],
  ['undefined as a term', { $or: [undefined] }, 'Book.$or', 'undefined', /Book\.\$or/],
  ['undefined within a term', { $or: [{ rank: undefined }] }, 'Book.rank', 'undefined', /Book\.rank/],
  ['$not undefined', { $not: undefined }, 'Book.$not', 'undefined', /Book\.\$not/],
];

const UNKNOWN: readonly Refusal[] = [
  ['a field', { titel: 'x' }, 'Book.titel', 'unknown', /no field "titel".*Did you mean "title"/],
  ['a column instead of a property', { isbn_code: 'x' }, 'Book.isbn_code', 'unknown', /no field "isbn_code"/],
  ['a field below', { size: { page: 1 } }, 'Book.size.page', 'unknown', /Did you mean "pages"/],
  ['a field of an element', { editions: { yaer: 1 } }, 'Book.editions.yaer', 'unknown', /Did you mean "year"/],
  ['a field behind a link', { press: { nmae: 'x' } }, 'Book.press.nmae', 'unknown', /Did you mean "name"/],
  [
    'a field behind two links',
    { press: { city: { poeple: 1 } } },
    'Book.press.city.poeple',
    'unknown',
    /Did you mean "people"/,
  ],
  ['a field behind many', { reviews: { $some: { star: 1 } } }, 'Book.reviews.star', 'unknown', /Did you mean "stars"/],
  ['a field in $or', { $or: [{ rnak: 1 }] }, 'Book.rnak', 'unknown', /Did you mean "rank"/],
  ['a prototype key', { constructor: 1 }, 'Book.constructor', 'unknown', /no field "constructor"/],
  ['an operator', { rank: { $gtt: 1 } }, 'Book.rank.$gtt', 'operator', /Did you mean "\$gt/],
  ['an operator of Mongo', { rank: { $regexp: 'x' } }, 'Book.rank.$regexp', 'operator', /Did you mean "\$regex"/],
  ['a junction', { $nor: [] }, 'Book.$nor', 'operator', /\$nor is no operator/],
  ['an operator on a link', { press: { $inn: ['p1'] } }, 'Book.press.$inn', 'operator', /Did you mean "\$in"/],
  ['an operator on many', { reviews: { $any: {} } }, 'Book.reviews.$any', 'operator', /\$any is no operator/],
  ['an inherited name as operator', { rank: { $toString: 1 } }, 'Book.rank.$toString', 'operator', /no operator/],
];

const TYPES: readonly Refusal[] = [
  ['text for an int', { rank: '7' }, 'Book.rank', 'type', /cannot be compared with "7".*int/],
  ['a fraction for an int', { rank: 1.5 }, 'Book.rank', 'type', /1\.5/],
  ['text as a bound', { rank: { $gt: '7' } }, 'Book.rank', 'type', /"7"/],
  ['an item of a list', { rank: { $in: [1, 'x'] } }, 'Book.rank', 'type', /"x"/],
  ['a number for text', { title: 7 }, 'Book.title', 'type', /7.*string/],
  ['no value of the enum', { status: 'opne' as Status }, 'Book.status', 'type', /"opne".*open/],
  ['an element', { words: { $contains: 7 } }, 'Book.words', 'type', /7/],
  ['text for a date', { published: '2001-01-01' }, 'Book.published', 'type', /datetime/],
  ['text for a DateTime', { scanned: '2001-01-01' }, 'Book.scanned', 'type', /datetime/],
  ['a text operator on a number', { rank: { $like: '7%' } }, 'Book.rank.$like', 'operator', /holds int/],
  ['a list operator on a number', { rank: { $containsAny: [7] } }, 'Book.rank.$containsAny', 'operator', /holds int/],
  ['$size of a number', { rank: { $size: 1 } }, 'Book.rank.$size', 'operator', /holds int/],
  [
    'a place operator on text',
    { title: { $within: { center: new Point([1, 1]), meters: 1 } } },
    'Book.title.$within',
    'operator',
    /geometry/,
  ],
  [
    'a circle without a radius',
    { place: { $within: { center: new Point([1, 1]) } } },
    'Book.place.$within',
    'type',
    /circle/,
  ],
  ['a regex as text', { title: { $regex: '^a' } }, 'Book.title.$regex', 'type', /RegExp/],
  ['$in without a list', { rank: { $in: 1 } }, 'Book.rank.$in', 'type', /list/],
  ['$between with one bound', { rank: { $between: [1] } }, 'Book.rank.$between', 'type', /two bounds/],
  ['null as a bound', { rank: { $gt: null } }, 'Book.rank.$gt', 'type', /null/],
  ['$exists with text', { code: { $exists: 'yes' } }, 'Book.code.$exists', 'type', /true or false/],
  ['$size with a fraction', { words: { $size: 1.5 } }, 'Book.words.$size', 'type', /whole number/],
  ['a condition that asks nothing', { rank: {} }, 'Book.rank', 'operator', /no condition/],
  ['an embedded object of which nothing is asked', { size: {} }, 'Book.size', 'operator', /no condition/],
  ['… in a list of conditions', { $or: [{ size: {} }] }, 'Book.size', 'operator', /no condition/],
  ['an object of which nothing is asked', { extra: {} }, 'Book.extra', 'operator', /no condition/],
  ['… below', { extra: { a: {} } }, 'Book.extra.a', 'operator', /no condition/],
  ['an empty $not', { $not: {} }, 'Book.$not', 'operator', /empty/],
  ['an empty $not on a field', { rank: { $not: {} } }, 'Book.rank.$not', 'operator', /empty/],
  ['an empty $not below', { size: { $not: {} } }, 'Book.size.$not', 'operator', /empty/],
  ['a junction without a list', { $or: { rank: 1 } }, 'Book.$or', 'type', /list/],
  ['an object for a scalar', { rank: { a: 1 } }, 'Book.rank', 'type', /object with a/],
  ['a value for many', { reviews: 'v00' }, 'Book.reviews', 'operator', /leads to many/],
  ['a record id for many', { reviews: new RecordId('review', 'v00') }, 'Book.reviews', 'operator', /leads to many/],
  ['null', null, 'Book', 'type', /is null/],
  ['a boolean', true, 'Book.id', 'key', /no id of Book/],
  ['a function', () => 1, 'Book.id', 'key', /no id of Book/],
];

const TABLES: readonly Refusal[] = [
  ['an id of another table', new RecordId('reader', 'ann'), 'Book.id', 'table', /reader:ann.*table book/],
  ['text of another table', 'reader:ann', 'Book.id', 'table', /reader is the table of Reader/],
  ['an id of another table inside', { id: new RecordId('reader', 'ann') }, 'Book.id', 'table', /reader:ann/],
  [
    'an id of another table in a list',
    { id: { $in: [1, new RecordId('reader', 'ann')] } },
    'Book.id',
    'table',
    /reader:ann/,
  ],
  [
    'a link to another table',
    { press: new RecordId('city', 'rome') },
    'Book.press',
    'table',
    /^Book\.press: city:rome/,
  ],
  [
    'a member of another table',
    { genres: { $contains: new RecordId('city', 'rome') } },
    'Book.genres',
    'table',
    /city:rome/,
  ],
  ['a key of another type', 'abc', 'Book.id', 'key', /"abc".*type int/],
  ['a key of another type inside', { id: 'abc' }, 'Book.id', 'key', /"abc"/],
];

describe.each(backends)('refused wheres on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: readingEntities });
    await seedReading(test);
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(() => expect(test.sent()).toEqual([]));

  const refusalOf = async (work: () => Promise<unknown>): Promise<ValidationError> => {
    const error: unknown = await work().then(
      (found) => ({ found }),
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ValidationError);
    return error as ValidationError;
  };

  describe.each(Object.entries({ UNDEFINED, UNKNOWN, TYPES, TABLES }))('%s', (_group, refusals) => {
    it.each(refusals)('%s', async (_title, where, path, rule, message) => {
      const condition = where as Where<Book>;
      for (const read of [
        () => em.find(Book, condition),
        () => em.findOne(Book, condition),
        () => em.findOneOrFail(Book, condition),
        () => em.count(Book, condition),
        () => em.exists(Book, condition),
        () => em.findAndCount(Book, condition),
      ]) {
        const error = await refusalOf(read);
        expect(error.errors).toEqual([{ path, rule, message: expect.stringMatching(message) as string }]);
        expect(error.message).toMatch(message);
      }
    });
  });

  it('an id of another table says how a key is told from an id', async () => {
    expect((await refusalOf(() => em.findOne(Book, 'reader:ann'))).message).toMatch(/em\.id\(Book, "reader:ann"\)/);
  });

  it('findOne needs a where', async () => {
    for (const read of [() => em.findOne(Book, undefined as never), () => em.findOneOrFail(Book, undefined as never)])
      expect((await refusalOf(read)).errors).toMatchObject([{ path: 'Book', rule: 'undefined' }]);
  });

  const OPTIONS: readonly (readonly [string, unknown, RegExp])[] = [
    ['an unknown option', { orderby: { rank: 'asc' } }, /orderby.*Did you mean "orderBy"/s],
    ['an option of another ORM', { relations: ['press'] }, /relations/],
    ['a time that answers cannot be kept', { cache: -1 }, /cache/],
    ['a field to order by', { orderBy: { rnak: 'asc' } }, /Did you mean "rank"/],
    ['a direction', { orderBy: { rank: 'up' } }, /'asc' or 'desc'/],
    ['an undefined direction', { orderBy: { rank: undefined } }, /undefined/],
    ['an order by many', { orderBy: { reviews: 'asc' } }, /many/],
    ['an order by a list of texts', { orderBy: 'rank' }, /order/i],
    ['a selected field', { select: ['titel'] }, /Did you mean "title"/],
    ['a selected relation', { select: ['reviews'] }, /fetch it/],
    ['an omitted field', { omit: ['titel'] }, /Did you mean "title"/],
    ['a fetched relation', { fetch: { pres: true } }, /Did you mean "press"/],
    ['a fetched field', { fetch: { title: true } }, /no relation/],
    ['a fetch that is a list', { fetch: ['press'] }, /an object of relations/],
    ['a nested fetch', { fetch: { reviews: { fetch: { bye: true } } } }, /Did you mean "by"/],
    ['a nested where', { fetch: { reviews: { where: { star: 1 } } } }, /Did you mean "stars"/],
    ['undefined in a nested where', { fetch: { reviews: { where: { stars: undefined } } } }, /undefined/],
    ['a nested option', { fetch: { reviews: { wher: { stars: 1 } } } }, /wher.*Did you mean "where"/s],
    ['a negative limit', { limit: -1 }, /whole number/],
    ['a fractional limit', { limit: 1.5 }, /whole number/],
    ['text as a limit', { limit: '3' }, /whole number/],
    ['a negative offset', { offset: -1 }, /whole number/],
    ['NaN as an offset', { offset: NaN }, /whole number/],
  ];
  it.each(OPTIONS)('options: %s', async (_title, options, message) => {
    for (const read of [
      () => em.find(Book, {}, options as FindOptions<Book>),
      () => em.find(Book, {}, { managed: false, ...(options as FindOptions<Book>) }),
      // Of one there is no page: findOne sets the limit itself.
      ...('limit' in (options as object) ? [] : [() => em.findOne(Book, 1, options as FindOptions<Book>)]),
    ]) {
      const error = await refusalOf(read);
      expect(error.message).toMatch(message);
      expect(error.errors[0]?.path).toEqual(expect.any(String));
    }
  });

  it('a class that is no entity of this ORM', async () => {
    class Stranger {
      id!: RecordId;
    }
    await expect(em.find(Stranger)).rejects.toThrow(/Stranger/);
    await expect(em.findOne(Stranger, 'x')).rejects.toThrow(/Stranger/);
  });

  it('keys of every declared type', async () => {
    const wrong: readonly (readonly [abstract new () => object, unknown])[] = [
      [ByText, 7],
      [ByText, ['a']],
      [ByInt, 'a'],
      [ByInt, 1.5],
      [ByInt, 2n ** 70n],
      [ByUuid, 'a'],
      [ByUuid, 7],
      [ByUlid, 'a'],
      [ByList, ['a']],
      [ByList, ['a', 'b']],
      [ByList, 'a'],
      [ByObject, 'a'],
      [ByAny, true],
    ];
    for (const [entity, key] of wrong) {
      const error = await refusalOf(() => em.findOne(entity, key as never));
      expect([entity.name, key, error.errors]).toMatchObject([entity.name, key, [{ rule: 'key' }]]);
      expect(error.message).toContain(entity.name);
      const batch = await refusalOf(() => em.findByIds(entity, [key as never]));
      expect(batch.errors).toMatchObject([{ rule: 'key' }]);
    }
  });

  it('traversals', async () => {
    const ann = new RecordId('reader', 'ann');
    expect((await refusalOf(async () => em.traverse(ann).out(Knows, { snice: 1 } as never))).message).toMatch(
      /Did you mean "since"/,
    );
    expect(
      (
        await refusalOf(async () =>
          em
            .traverse(ann)
            .out(Knows)
            .to(Reader, { age: undefined } as never),
        )
      ).errors,
    ).toMatchObject([{ rule: 'undefined' }]);
    expect((await refusalOf(async () => em.traverse(ann).out(Reader as never))).message).toMatch(
      /Reader is not an edge/,
    );
    expect((await refusalOf(async () => em.traverse(ann).to(Reader))).message).toMatch(/\.to\(\) follows/);
    expect(
      (
        await refusalOf(async () =>
          em
            .traverse(ann)
            .out(Knows)
            .to(Book as never),
        )
      ).message,
    ).toMatch(/Knows does not lead to Book.*Reader/s);
    expect((await refusalOf(async () => em.traverse(ann).in(Read))).message).toMatch(
      /Read does not start at Reader this way.*Book/s,
    );
    expect(
      (
        await refusalOf(async () =>
          em
            .traverse(ann)
            .out(Knows)
            .out(Knows as never),
        )
      ).message,
    ).toMatch(/\.to\(/);
    expect(
      (
        await refusalOf(async () =>
          em
            .traverse(ann)
            .out(Knows)
            .to(Reader)
            .list({ ordreBy: {} } as never),
        )
      ).message,
    ).toMatch(/orderBy/);
    expect(
      (
        await refusalOf(async () =>
          em
            .traverse('ann' as never)
            .out(Knows)
            .to(Reader)
            .list(),
        )
      ).message,
    ).toMatch(/starts at/);
    expect((await refusalOf(async () => em.traverse(ann).list())).message).toMatch(/traverse/);
  });

  it('what is not there is named', async () => {
    const failing = em.findOneOrFail(Book, { rank: 99, title: surql`${'x'}` });
    await expect(failing).rejects.toBeInstanceOf(EntityNotFoundError);
    await expect(failing).rejects.toThrow(/No Book matches \{"rank":99/);
    await expect(em.findOneOrFail(Book, 999)).rejects.toMatchObject({
      entity: 'Book',
      message: expect.stringContaining('999') as string,
    });
    await expect(em.findOneOrFail(Book, new RecordId('book', 999))).rejects.toThrow(/book:999/);
    test.clear();
  });
});
