import { connect, count, surql, ValidationError, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import { Book, Knows, Reader, readingEntities } from '../support/reading-entities.js';
import { Doc, searchEntities } from '../support/search-entities.js';

type Call = (em: EntityManager, options: never) => unknown;

/** What compilers without a type check let through where options are taken. */
const GIVEN: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a number', 5],
  ['a text', 'limit'],
  ['true', true],
  ['a Date', new Date(0)],
  ['a list', [{ limit: 1 }]],
  ['a map', new Map([['limit', 1]])],
  ['a function', () => ({})],
  ['surql', surql`LIMIT 1`],
  ['what was not awaited', Promise.resolve({ limit: 1 })],
];

const drain = async (stream: AsyncIterable<object>): Promise<void> => {
  for await (const each of stream) expect(each).toBeUndefined();
};

const walk = (em: EntityManager) => em.traverse(em.getReference(Reader, 'a')).out(Knows).to(Reader);

/** Every read, walk and search that takes options. */
const CALLS: readonly (readonly [string, Call])[] = [
  ['find', (em, options) => em.find(Book, {}, options)],
  ['findOne', (em, options) => em.findOne(Book, {}, options)],
  ['findOne by id', (em, options) => em.findOne(Book, 1, options)],
  ['findOneOrFail', (em, options) => em.findOneOrFail(Book, 1, options)],
  ['findAndCount', (em, options) => em.findAndCount(Book, {}, options)],
  ['findPage', (em, options) => em.findPage(Book, {}, options)],
  ['stream', (em, options) => drain(em.stream(Book, {}, options))],
  ['count', (em, options) => em.count(Book, {}, options)],
  ['exists', (em, options) => em.exists(Book, {}, options)],
  ['explain', (em, options) => em.explain(Book, {}, options)],
  ['aggregate', (em, options) => em.aggregate(Book, options)],
  ['select().explain', (em, options) => em.select(Book).explain(options)],
  ['traverse().list', (em, options) => walk(em).list(options)],
  ['traverse().paths', (em, options) => walk(em).paths(options)],
  ['traverse().tree', (em, options) => walk(em).tree(options)],
  ['links.find', (em, options) => em.getReference(Reader, 'a').reviews.find({}, options)],
  ['nearest', (em, options) => em.nearest(Doc, 'embedding', [1, 0, 0, 0], options)],
  ['search', (em, options) => em.search(Doc, { title: 'a' }, options)],
  ['hybrid', (em, options) => em.hybrid(Doc, options)],
  ['live', (em, options) => em.live(Book, {}, options)],
  ['liveList', (em, options) => em.liveList(Book, {}, options)],
  ['changes', (em, options) => em.changes(Book, options).next()],
  ['run', (em, options) => em.run(surql`1 + 1`, options)],
  ['call', (em, options) => em.call('math::sqrt', [16], options)],
  ['fork', (em, options) => em.fork(options)],
  ['repository.find', (em, options) => em.getRepository(Book).find({}, options)],
  ['repository.findPage', (em, options) => em.getRepository(Book).findPage({}, options)],
  ['repository.stream', (em, options) => drain(em.getRepository(Book).stream({}, options))],
  ['repository.count', (em, options) => em.getRepository(Book).count({}, options)],
  ['repository.explain', (em, options) => em.getRepository(Book).explain({}, options)],
];

/** Arguments that are no options. */
const ARGUMENTS: readonly (readonly [string, (em: EntityManager) => unknown])[] = [
  [
    'fields(null)',
    (em) =>
      em
        .select(Book)
        .fields(null as never)
        .list(),
  ],
  [
    'fields(undefined)',
    (em) =>
      em
        .select(Book)
        .fields(undefined as never)
        .list(),
  ],
  [
    'fields(5)',
    (em) =>
      em
        .select(Book)
        .fields(5 as never)
        .list(),
  ],
  ['aggregate without options', (em) => em.aggregate(Book, undefined as never)],
  ['hybrid without options', (em) => em.hybrid(Doc, undefined as never)],
  ['aggregate: limit -1', (em) => em.aggregate(Book, { groupBy: ['rank'], select: { n: count() }, limit: -1 })],
  ['call with an argument', (em) => em.call('f', 5 as never)],
  ['call with null', (em) => em.call('f', null as never)],
  ['call without a name', (em) => em.call(undefined as never)],
  ['run without an expression', (em) => em.run(undefined as never)],
  ['paths: limit -1', (em) => walk(em).paths({ limit: -1 })],
  ['paths: limit 1.5', (em) => walk(em).paths({ limit: 1.5 })],
  ['paths: limit as text', (em) => walk(em).paths({ limit: '3' as never })],
  ['paths: limit NaN', (em) => walk(em).paths({ limit: NaN })],
  ['paths: a typo', (em) => walk(em).paths({ limt: 3 } as never)],
  ['tree: limit -1', (em) => walk(em).tree({ limit: -1 })],
  ['select().limit(-1)', (em) => em.select(Book).limit(-1).list()],
  [
    'select().limit(null)',
    (em) =>
      em
        .select(Book)
        .limit(null as never)
        .list(),
  ],
  [
    'select().value(null)',
    (em) =>
      em
        .select(Book)
        .value(null as never)
        .execute(),
  ],
  [
    'select().split(null)',
    (em) =>
      em
        .select(Book)
        .split(null as never)
        .list(),
  ],
  [
    'select().groupBy(null)',
    (em) =>
      em
        .select(Book)
        .groupBy(null as never, { n: count() })
        .list(),
  ],
  ['find: limit null', (em) => em.find(Book, {}, { limit: null as never })],
  ['find: orderBy null', (em) => em.find(Book, {}, { orderBy: null as never })],
  ['find: fetch 5', (em) => em.find(Book, {}, { fetch: 5 as never })],
  ['find: select null', (em) => em.find(Book, {}, { select: null as never })],
  ['find: filters 5', (em) => em.find(Book, {}, { filters: 5 as never })],
  ['find: timeout text', (em) => em.find(Book, {}, { timeout: 'soon' as never })],
  ['findPage: first text', (em) => em.findPage(Book, {}, { first: '3' as never })],
  ['findPage: after number', (em) => em.findPage(Book, {}, { after: 5 as never })],
  ['stream: batch null', (em) => drain(em.stream(Book, {}, { batch: null as never }))],
  ['countBy(null)', (em) => em.countBy(Book, null as never)],
  ['explain: limit -1', (em) => em.explain(Book, {}, { limit: -1 })],
  ['related: a direction', (em) => em.related('reader:a' as never, Knows, 'sideways' as never)],
  ['related: no node', (em) => em.related(null as never, Knows)],
  ['traverse(null)', (em) => em.traverse(null as never)],
  ['repeat(-1, 2)', (em) => em.traverse(em.getReference(Reader, 'a')).out(Knows).to(Reader).repeat(-1, 2)],
  [
    'shortestPathTo(null)',
    (em) =>
      walk(em)
        .repeat(1, 3)
        .shortestPathTo(null as never),
  ],
  ['nearest: no vector', (em) => em.nearest(Doc, 'embedding', null as never)],
  ['nearest: k -1', (em) => em.nearest(Doc, 'embedding', [1, 0, 0, 0], { k: -1 })],
  ['search: null', (em) => em.search(Doc, null as never)],
  ['search: limit text', (em) => em.search(Doc, { title: 'a' }, { limit: '5' as never })],
  ['map(null)', (em) => em.map(Book, null)],
  ['verify: no secrets', (em) => em.verify(Reader, { name: 'a' } as never, null as never)],
  ['load: no fields', (em) => em.load(em.getReference(Book, 1), null as never)],
  ['isUnique(null)', (em) => em.isUnique(null as never)],
  ['query(null)', (em) => em.query(null as never)],
];

describe.each(backends.filter(({ name }) => name === 'embedded'))('wrong options', (backend) => {
  let test: TestOrm;
  let em: EntityManager;
  beforeAll(async () => {
    test = await openOrm(backend, { entities: [...readingEntities, ...searchEntities] });
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
    test.clear();
  });

  const refused = async (act: () => unknown): Promise<ValidationError> => {
    const error = await (async () => act())().catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ValidationError);
    expect(test.sent()).toEqual([]);
    return error as ValidationError;
  };

  describe.each(CALLS)('%s', (_call, act) => {
    it.each(GIVEN)('given %s', async (_title, options) => {
      const { message, errors } = await refused(() => act(em, options as never));
      expect(message).toMatch(/^The options of .* are an object: it was given /);
      expect(errors).toMatchObject([{ path: 'options', rule: 'option' }]);
    });
  });

  it.each(ARGUMENTS)('%s', async (_title, act) => {
    await refused(() => act(em));
  });

  it('an object of a class may hold options', async () => {
    class Paging {
      limit = 1;
    }
    expect(await em.find(Book, {}, new Paging())).toEqual([]);
  });

  it.each([[undefined], [null], [5], ['acme'], [{ auth: 'anonymous' }], [{ namepsace: 'acme' }]])(
    'orm.at(%j)',
    (place) => {
      expect(() => test.orm.at(place as never)).toThrow(ValidationError);
    },
  );

  it.each([[''], ['$tenant'], [undefined], [null], [5]])('let(%j) of a connection', async (name) => {
    const db = await connect('mem://', { namespace: 'a', database: 'a' });
    await expect(db.let(name as never, 1)).rejects.toBeInstanceOf(ValidationError);
    await expect(db.unset(name as never)).rejects.toBeInstanceOf(ValidationError);
    await db.let('tenant', 7);
    expect(await db.query('RETURN $tenant')).toEqual([7]);
    await db.close();
  });
});
