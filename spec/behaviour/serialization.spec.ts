import {
  DateTime,
  Decimal,
  Duration,
  Point,
  RecordId,
  Uuid,
  ValidationError,
  type EntityManager,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import { Account, Book, Contact, Sample, Vault, Writer, serializedEntities } from '../support/serialized-entities.js';

const ANN = {
  id: 'ann',
  name: 'Ann',
  secret: 's3cret',
  contact: { city: 'Rome', phone: '555' },
  others: [{ city: 'Oslo', phone: '666' }],
};
const ACCOUNT = {
  id: 'one',
  owner: 'Ann',
  pin: '1234',
  risk: 3,
  email: 'ann@x.io',
  balance: new Decimal('10.5'),
  note: 'hi',
  hidden: 'never',
  bank: { iban: 'DE1', name: 'First' },
};

describe.each(backends)('serialization on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: serializedEntities });
    em = test.orm.em.fork();
    const ann = em.create(Writer, ANN);
    em.create(Book, { id: 'one', title: 'One', writer: ann, similar: ['book:two'] });
    em.create(Book, { id: 'two', title: 'Two', writer: ann });
    em.create(Vault, { id: 'v', name: 'V', code: 'c0de', account: em.create(Account, ACCOUNT) });
    await em.flush();
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
    test.clear();
  });
  /** The invariant: what has been flushed is not flushed again. */
  afterEach(async () => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  /** What `em.serialize` gives is what JSON text says, and nothing is sent for it. */
  const plain = (entity: object): unknown => {
    test.clear();
    const json = em.serialize(entity);
    expect(test.sent()).toEqual([]);
    expect(JSON.parse(JSON.stringify(entity))).toEqual(json);
    return json;
  };

  describe('the loaded graph', () => {
    it('an unloaded link is its id, unloaded links their ids where they are known, hidden fields are nowhere', async () => {
      expect(plain(await em.findOneOrFail(Book, 'one'))).toEqual({
        id: 'book:one',
        title: 'One',
        writer: 'writer:ann',
        similar: ['book:two'],
      });
      expect(plain(await em.findOneOrFail(Writer, 'ann'))).toEqual({
        id: 'writer:ann',
        name: 'Ann',
        contact: { city: 'Rome' },
        others: [{ city: 'Oslo' }],
        shout: 'ANN',
      });
    });

    it('fetched relations are there, and an entity that is being written already is its id', async () => {
      const ann = await em.findOneOrFail(Writer, 'ann', {
        fetch: { books: { orderBy: { id: 'asc' }, fetch: { similar: true } } },
      });
      const two = { id: 'book:two', title: 'Two', writer: 'writer:ann', similar: [] };
      expect(plain(ann)).toMatchObject({
        id: 'writer:ann',
        books: [{ id: 'book:one', title: 'One', writer: 'writer:ann', similar: [two] }, two],
      });
      const serialized = em.serialize(ann);
      const title: string = serialized.books[0]?.title ?? '';
      expect(title).toBe('One');
    });

    it('a record that links to itself ends in its id', async () => {
      const book = await em.findOneOrFail(Book, 'two', { fetch: { similar: true } });
      book.similar.add(book);
      expect(plain(book)).toMatchObject({ id: 'book:two', similar: ['book:two'] });
      book.similar.remove(book);
    });

    it('new, partial, unmanaged and removed entities, and embedded objects alone', async () => {
      const bob = em.create(Writer, { ...ANN, id: 'bob', others: [] }, { persist: false });
      expect(plain(bob)).toEqual({ id: 'writer:bob', name: 'Ann', contact: { city: 'Rome' }, others: [], books: [] });
      const [partial] = await em.find(Writer, {}, { select: ['name', 'secret'] });
      expect(plain(partial as Writer)).toEqual({ id: 'writer:ann', name: 'Ann' });
      const [unmanaged] = await em.find(Book, { id: 'one' }, { managed: false });
      expect(plain(unmanaged as Book)).toMatchObject({ id: 'book:one', writer: 'writer:ann' });
      const other = await test.orm.em.fork().findOneOrFail(Writer, 'ann');
      expect(JSON.parse(JSON.stringify(other.contact))).toEqual({ city: 'Rome' });
      // A literal that was set past `assign`, and the class's own instance.
      other.contact = { city: 'Paris', phone: '1' };
      other.others = [Object.assign(new Contact(), { city: 'Bern', phone: '2' })];
      expect(em.serialize(other)).toMatchObject({ contact: { city: 'Paris' }, others: [{ city: 'Bern' }] });
      expect(JSON.stringify(other)).not.toMatch(/phone|s3cret/);
    });

    it('several entities are a list', async () => {
      const books = await em.find(Book, {}, { orderBy: { id: 'asc' } });
      expect(em.serialize(books, { fields: ['title'] })).toEqual([{ title: 'One' }, { title: 'Two' }]);
      expect(em.serialize(books)).toMatchObject([{ id: 'book:one' }, { id: 'book:two' }]);
      expect(em.serialize([])).toEqual([]);
    });

    it('what is no entity is refused', () => {
      expect(() => em.serialize({ name: 'x' })).toThrow(ValidationError);
    });
  });

  it('values without a form in JSON are text; a set is a list, bytes are numbers', async () => {
    const token = Uuid.v7();
    const sample = em.create(Sample, {
      price: new Decimal('1.50'),
      token,
      span: Duration.parse('1h30m'),
      at: new Date(0),
      exact: DateTime.parse('2024-01-01T00:00:00.123456789Z'),
      large: 9_007_199_254_740_993n,
      place: new Point([1, 2]),
      pointer: new RecordId('writer', 'ann'),
      labels: new Set(['a', 'b']),
      raw: new Uint8Array([1, 2]),
      free: { nested: { id: new RecordId('writer', 'x y'), list: [new Decimal(3)], nothing: null } },
    });
    await em.flush();
    const expected = {
      id: String(sample.id),
      price: '1.5',
      token: String(token),
      span: '1h30m',
      at: '1970-01-01T00:00:00.000Z',
      exact: '2024-01-01T00:00:00.123456789Z',
      large: '9007199254740993',
      place: { type: 'Point', coordinates: [1, 2] },
      pointer: 'writer:ann',
      labels: ['a', 'b'],
      raw: [1, 2],
      free: { nested: { id: String(new RecordId('writer', 'x y')), list: ['3'], nothing: null } },
    };
    expect(plain(sample)).toEqual(expected);
    expect(plain(await test.orm.em.fork().findOneOrFail(Sample, sample.id))).toEqual(expected);
  });

  describe('fields', () => {
    it('only those, in their order, through links, embedded objects and lists', async () => {
      const ann = await em.findOneOrFail(Writer, 'ann', { fetch: { books: { orderBy: { id: 'asc' } } } });
      const picked = em.serialize(ann, { fields: ['books.title', 'contact.city', 'others.city', 'name'] });
      expect(picked).toEqual({
        books: [{ title: 'One' }, { title: 'Two' }],
        contact: { city: 'Rome' },
        others: [{ city: 'Oslo' }],
        name: 'Ann',
      });
      expect(Object.keys(picked)).toEqual(['books', 'contact', 'others', 'name']);
      const book = await em.findOneOrFail(Book, 'one');
      expect(em.serialize(book, { fields: ['title', 'writer.name'] })).toEqual({
        title: 'One',
        writer: { name: 'Ann' },
      });
      const alone = await test.orm.em.fork().findOneOrFail(Book, 'one');
      expect(em.serialize(alone, { fields: ['writer.name'] })).toEqual({ writer: 'writer:ann' });
      // The whole of it wins over a part.
      expect(em.serialize(ann, { fields: ['contact', 'contact.city'] })).toEqual({ contact: { city: 'Rome' } });
    });

    it('getters of the class may be named; hidden fields never come', async () => {
      const ann = await em.findOneOrFail(Writer, 'ann');
      expect(em.serialize(ann, { fields: ['initial', 'secret', 'contact.phone'] })).toEqual({
        initial: 'A',
        contact: {},
      });
    });

    it('a field that there is not is an error with the nearest name', async () => {
      const ann = await em.findOneOrFail(Writer, 'ann');
      for (const field of ['nam', 'contact.cty', 'books.titel'])
        expect(() => em.serialize(ann, { fields: [field as 'name'] })).toThrow(/Did you mean|did you mean/);
    });
  });

  describe("class-transformer's decorators", () => {
    const shown = {
      id: 'account:one',
      owner: 'Ann',
      mail: 'ann@x.io',
      balance: '10.50',
      note: 'hi',
      bank: { bankName: 'First' },
      label: 'Ann <ann@x.io>',
    };

    it('@Exclude, @Expose with a name, on getters and in embedded classes, and @Transform count', async () => {
      expect(plain(await em.findOneOrFail(Account, 'one'))).toEqual(shown);
    });

    it('groups show what is exposed to them', async () => {
      const account = await em.findOneOrFail(Account, 'one');
      expect(em.serialize(account, { groups: ['admin'] })).toEqual({ ...shown, risk: 3, score: 6 });
      expect(em.serialize(account, { groups: ['other'] })).toEqual(shown);
      expect(em.serialize(account, { groups: ['admin'], fields: ['risk', 'pin', 'email'] })).toEqual({
        risk: 3,
        mail: 'ann@x.io',
      });
    });

    it('an excluded class shows what is exposed alone, and so do entities behind links', async () => {
      const vault = await em.findOneOrFail(Vault, 'v', { fetch: { account: true } });
      expect(plain(vault)).toEqual({ id: 'vault:v', name: 'V', account: shown });
    });
  });
});

describe('without class-transformer', () => {
  it('everything but hidden fields is shown', async () => {
    jest.doMock('class-transformer', () => {
      throw Object.assign(new Error("Cannot find module 'class-transformer'"), { code: 'MODULE_NOT_FOUND' });
    });
    const { orm, close } = await openOrm(backends[0] as (typeof backends)[0], { entities: [Account] });
    jest.dontMock('class-transformer');
    const em = orm.em.fork();
    const account = em.create(Account, ACCOUNT);
    expect(em.serialize(account)).toMatchObject({ pin: '1234', balance: '10.5', email: 'ann@x.io' });
    expect(em.serialize(account)).not.toHaveProperty('hidden');
    await close();
  });
});
