import { MetadataError, Reverie, ValidationError, surql, type EntityManager } from '../../lib/index.js';
import { backends, backend as backendNamed } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { Guild, Member, Place, Plain, Product, Ticket, validatedEntities } from '../support/validated-entities.js';

/** `path rule` of each problem, in a stable order. */
const rulesOf = (error: unknown): string[] => {
  if (!(error instanceof ValidationError)) throw error;
  return error.errors.map(({ path, rule }) => `${path} ${rule}`).sort();
};

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe.each(backends)('validation on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: validatedEntities, validate: true });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.orm.em
      .fork()
      .query(
        surql`DELETE member; DELETE guild; DELETE plain; DELETE product; DELETE ticket; CREATE guild:red SET name = 'Red'`,
      );
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  const stored = async (table: string) => {
    const [rows] = await test.orm.em
      .fork()
      .query<[Record<string, unknown>[]]>(surql`SELECT * FROM ${surql.id(table)} ORDER BY id`);
    return rows;
  };
  const valid = () => ({
    name: 'Ann',
    email: 'ann@x.io',
    age: 20,
    guild: 'guild:red' as const,
    allies: ['guild:red' as const],
  });

  /** A flush that is to fail: nothing is sent, the data stays as it is, the changes stay pending. */
  const refusedFlush = async (): Promise<unknown> => {
    test.clear();
    const error = await failure(em.flush());
    expect(test.sent()).toEqual([]);
    expect(error).toBeInstanceOf(ValidationError);
    return error;
  };

  describe('class-validator', () => {
    it('what follows the rules is written', async () => {
      const ann = em.create(Member, valid());
      await em.flush();
      expect(test.written()).toEqual([
        `CREATE ONLY ${ann.id} CONTENT { age: 20, allies: [guild:red], email: 'ann@x.io', guild: guild:red, name: 'Ann' } RETURN AFTER`,
      ]);
      expect(await stored('member')).toMatchObject([{ name: 'Ann', score: 1 }]);
      expect(ann.createdAt).toBeInstanceOf(Date);
    });

    it('all failures of all entities are one error, and so are wrong types', async () => {
      const ann = em.create(Member, { ...valid(), name: 'A', email: 'nope' });
      const bob = em.create(Member, { ...valid(), age: 17, allies: [] });
      const red = em.create(Guild, { name: 'x' });
      const wrong = em.create(Plain, { text: 1 as never });
      const error = await refusedFlush();
      expect(rulesOf(error)).toEqual([
        'Guild.name minLength',
        'Member.age min',
        'Member.allies arrayMinSize',
        'Member.email isEmail',
        'Member.name minLength',
        'Plain.text type',
      ]);
      const { errors } = error as ValidationError;
      expect(errors.find(({ path }) => path === 'Member.email')).toEqual({
        path: 'Member.email',
        message: 'email must be an email',
        rule: 'isEmail',
        record: String(ann.id),
      });
      expect(errors.find(({ path }) => path === 'Member.age')?.record).toBe(String(bob.id));
      expect((error as Error).message).toContain(
        `Guild.name: name must be longer than or equal to 2 characters (in ${String(red.id)})`,
      );
      expect(ann).toMatchObject({ name: 'A', email: 'nope' });
      expect(await stored('member')).toEqual([]);
      Object.assign(ann, { name: 'Ann', email: 'ann@x.io' });
      bob.age = 18;
      bob.allies.add('guild:red');
      red.name = 'Red too';
      wrong.text = 'right';
      await em.flush();
      expect(test.written()).toEqual([
        `CREATE ONLY ${red.id} CONTENT { name: 'Red too' } RETURN NONE`,
        `CREATE ONLY ${ann.id} CONTENT { age: 20, allies: [guild:red], email: 'ann@x.io', guild: guild:red, name: 'Ann' } RETURN AFTER`,
        `CREATE ONLY ${bob.id} CONTENT { age: 18, allies: [guild:red], email: 'ann@x.io', guild: guild:red, name: 'Ann' } RETURN AFTER`,
        `CREATE ONLY ${wrong.id} CONTENT { text: 'right' } RETURN NONE`,
      ]);
      expect(await stored('member')).toHaveLength(2);
    });

    it('rules that answer later are waited for', async () => {
      const ann = em.create(Member, { ...valid(), email: 'taken@x.io' });
      expect(rulesOf(await refusedFlush())).toEqual(['Member.email notTaken']);
      em.assign(ann, { email: 'free@x.io' });
      await em.flush();
      expect(test.written()).toEqual([
        `CREATE ONLY ${ann.id} CONTENT { age: 20, allies: [guild:red], email: 'free@x.io', guild: guild:red, name: 'Ann' } RETURN AFTER`,
      ]);
      expect(await stored('member')).toMatchObject([{ email: 'free@x.io' }]);
    });

    it('embedded classes and lists of them are gone into, with or without @ValidateNested', async () => {
      const street = { name: 'x' };
      const ann = em.create(Member, {
        ...valid(),
        home: { country: 'long', street },
        places: [
          { country: 'IT', street: { name: 'Via', number: 0 } },
          { country: 'I', street: { name: 'Via' } },
        ],
      });
      const error = await refusedFlush();
      expect(rulesOf(error)).toEqual([
        'Member.home.country isLength',
        'Member.home.street.name minLength',
        'Member.places[0].street.number min',
        'Member.places[1].country isLength',
      ]);
      expect((error as ValidationError).errors.map(({ message }) => message)).toContain('a country has two letters');
      // A literal that was set past `assign` counts as the class.
      ann.home = { country: 'x', street: { name: 'Via' } };
      ann.places = [];
      expect(rulesOf(await refusedFlush())).toEqual(['Member.home.country isLength']);
      expect(ann.home).not.toBeInstanceOf(Place);
      ann.home = { country: 'IT', street: { name: 'Via' } };
      await em.flush();
      expect(test.written()).toEqual([
        `CREATE ONLY ${ann.id} CONTENT { age: 20, allies: [guild:red], email: 'ann@x.io', guild: guild:red, home: { country: 'IT', street: { name: 'Via' } }, name: 'Ann', places: [] } RETURN AFTER`,
      ]);
      expect(await stored('member')).toMatchObject([{ home: { country: 'IT' } }]);
    });

    it('an update is held against its own group, and rules that look at another property see it', async () => {
      const ann = em.create(Member, { ...valid(), from: new Date(2000), until: new Date(3000) });
      await em.flush();
      const loaded = await em.findOneOrFail(Member, ann.id, { refresh: true });
      loaded.age = 16;
      await em.flush();
      loaded.from = new Date(4000);
      expect(rulesOf(await refusedFlush())).toEqual(['Member.until after']);
      loaded.age = 15;
      expect(rulesOf(await refusedFlush())).toEqual(['Member.age min', 'Member.until after']);
      em.assign(loaded, { age: 17, until: null });
      await em.flush();
      expect(test.written()).toEqual([
        `UPDATE ONLY ${ann.id} SET age = 17, from = d'1970-01-01T00:00:04Z', until = NONE RETURN AFTER`,
      ]);
      expect(await stored('member')).toMatchObject([{ age: 17 }]);
    });

    it('what was stored wrong before is no obstacle as long as it is left alone', async () => {
      const { id } = em.create(Member, { ...valid(), from: new Date(2000), until: new Date(3000) });
      await em.flush();
      await test.orm.em.fork().query(surql`UPDATE member SET email = 'broken', until = d'1970-01-01T00:00:01Z'`);
      em = test.orm.em.fork();
      const loaded = await em.findOneOrFail(Member, id);
      loaded.name = 'Bob';
      await em.flush();
      loaded.email = 'broken too';
      expect(rulesOf(await refusedFlush())).toEqual(['Member.email isEmail']);
      loaded.email = 'ann@x.io';
      loaded.until = new Date(5000);
      await em.flush();
      expect(test.written()).toEqual([
        `UPDATE ONLY ${id} SET email = 'ann@x.io', until = d'1970-01-01T00:00:05Z' RETURN AFTER`,
      ]);
      loaded.from = new Date(9000);
      expect(rulesOf(await refusedFlush())).toEqual(['Member.until after']);
      loaded.from = undefined;
      await em.flush();
      expect(test.written()).toEqual([`UPDATE ONLY ${id} SET from = NONE RETURN AFTER`]);
      expect(await stored('member')).toMatchObject([{ name: 'Bob', email: 'ann@x.io' }]);
    });

    it('a partial entity answers for what it was read with and what it was given', async () => {
      const { id } = em.create(Member, valid());
      await em.flush();
      await test.orm.em.fork().query(surql`UPDATE member SET name = 'x', email = 'broken'`);
      em = test.orm.em.fork();
      const partial = await em.findOneOrFail(Member, { id }, { select: ['age'] });
      partial.age = 30;
      await em.flush();
      em.assign(partial, { name: 'y' });
      expect(rulesOf(await refusedFlush())).toEqual(['Member.name minLength']);
      em.assign(partial, { name: 'Ann' });
      await em.flush();
      expect(test.written()).toEqual([`UPDATE ONLY ${id} SET name = 'Ann' RETURN AFTER`]);
      expect(await stored('member')).toMatchObject([{ name: 'Ann', age: 30, email: 'broken' }]);
    });

    it('a record that is removed is not judged', async () => {
      const { id } = em.create(Member, valid());
      await em.flush();
      await test.orm.em.fork().query(surql`UPDATE member SET name = 'x'`);
      em = test.orm.em.fork();
      em.remove(await em.findOneOrFail(Member, id));
      test.clear();
      await em.flush();
      expect(test.written()).toEqual([`DELETE [${id}] RETURN NONE`]);
      expect(await stored('member')).toEqual([]);
    });

    it('direct writes are judged before they are sent: whole rows, and of changes what they change', async () => {
      const rows = [valid(), { ...valid(), email: 'nope' }, { ...valid(), name: 'x' }];
      expect(rulesOf(await failure(em.insert(Member, rows)))).toEqual([
        'Member.email isEmail',
        'Member.name minLength',
      ]);
      expect(rulesOf(await failure(em.upsert(Member, { ...valid(), id: 'ann', age: 3 })))).toEqual(['Member.age min']);
      expect(test.sent()).toEqual([]);
      await em.insert(Member, [{ ...valid(), id: 'ann' }]);
      test.clear();
      expect(rulesOf(await failure(em.patch(Member, 'ann', { name: 'x' })))).toEqual(['Member.name minLength']);
      expect(rulesOf(await failure(em.updateWhere(Member, { age: 20 }, { age: 1 })))).toEqual(['Member.age min']);
      expect(rulesOf(await failure(em.update(Member).set({ age: 1 }).all().execute()))).toEqual(['Member.age min']);
      expect(test.sent()).toEqual([]);
      await em.patch(Member, 'ann', { name: 'Bo' }, { returning: 'none' });
      expect(await em.updateWhere(Member, { age: 20 }, { age: 16 })).toBe(1);
      expect(await stored('member')).toMatchObject([{ name: 'Bo', age: 16 }]);
    });

    it('a transaction that breaks a rule sends nothing', async () => {
      const error = await failure(
        em.transaction(async (tx) => {
          tx.create(Guild, { name: 'Blue' });
          tx.create(Guild, { name: 'x' });
        }),
      );
      expect(rulesOf(error)).toEqual(['Guild.name minLength']);
      expect(test.sent()).toEqual([]);
      expect(await stored('guild')).toHaveLength(1);
    });
  });

  describe('Standard Schema', () => {
    it('a schema judges the data; what it would make of it is left aside', async () => {
      const product = em.create(Product, { sku: 'ABC-1', price: 5, note: ' kept ' });
      await em.flush();
      expect(product.note).toBe(' kept ');
      expect(await stored('product')).toMatchObject([{ sku: 'ABC-1', currency: 'EUR', note: ' kept ' }]);
      product.price = -1;
      product.sizes = [{ label: '' }, { label: 'L' }];
      const error = await refusedFlush();
      expect(rulesOf(error)).toEqual(['Product.price min_value', 'Product.sizes[0].label min_length']);
      em.assign(product, { price: 7, sizes: [{ label: 'S' }] });
      await em.flush();
      expect(test.written()).toEqual([
        "UPDATE ONLY product:`ABC-1` SET price = 7, sizes = [{ label: 'S' }] RETURN AFTER",
      ]);
      expect(await stored('product')).toMatchObject([{ price: 7, sizes: [{ label: 'S' }] }]);
    });

    it('rules over several properties count on update too', async () => {
      const product = em.create(Product, { sku: 'ABC-1', price: 5, currency: 'XXX' });
      const error = await refusedFlush();
      expect((error as ValidationError).errors).toMatchObject([
        { path: 'Product.currency', message: 'what has no currency has no price', rule: 'partial_check' },
      ]);
      product.currency = 'EUR';
      await em.flush();
      product.currency = 'XXX';
      expect(rulesOf(await refusedFlush())).toEqual(['Product.currency partial_check']);
      product.price = 0;
      await em.flush();
      expect(test.written()).toEqual(["UPDATE ONLY product:`ABC-1` SET price = 0, currency = 'XXX' RETURN AFTER"]);
      expect(await stored('product')).toMatchObject([{ price: 0, currency: 'XXX' }]);
    });

    it('a change of a field that was not read does not ask for the others', async () => {
      await em.insert(Product, [{ sku: 'ABC-1', price: 5 }]);
      await em.patch(Product, 'ABC-1', { price: 6 });
      expect(rulesOf(await failure(em.patch(Product, 'ABC-1', { price: -6 })))).toEqual(['Product.price min_value']);
      expect(await stored('product')).toMatchObject([{ price: 6 }]);
    });

    it('a schema may answer later, sees links as ids, and may mean the entity as a whole', async () => {
      const ticket = em.create(Ticket, { seats: 0, owner: 'member:barred' });
      const error = await refusedFlush();
      expect((error as ValidationError).errors).toEqual([
        { path: 'Ticket.owner', message: 'is barred', rule: 'schema', record: String(ticket.id) },
        { path: 'Ticket', message: 'a ticket is for somebody', rule: 'schema', record: String(ticket.id) },
      ]);
      em.assign(ticket, { seats: 1, owner: null });
      await em.flush();
      expect(test.written()).toEqual([`CREATE ONLY ${ticket.id} CONTENT { seats: 1 } RETURN NONE`]);
      expect(await stored('ticket')).toMatchObject([{ seats: 1 }]);
    });
  });
});

describe('which rules count', () => {
  const open = (validate: boolean | { groups: string[] } | undefined) =>
    openRecordedOrm(backendNamed('embedded'), {
      entities: validatedEntities,
      ...(validate !== undefined && { validate }),
    });
  const invalid = { name: 'A', email: 'nope', age: 1, guild: 'guild:red', allies: [] } as const;

  it('unless asked for, those of schemas alone', async () => {
    const { orm, close } = await open(undefined);
    const em = orm.em.fork();
    em.create(Member, invalid);
    await em.flush();
    em.create(Product, { sku: 'wrong', price: 1 });
    expect(rulesOf(await failure(em.flush()))).toEqual(['Product.sku regex']);
    await close();
  });

  it('validate: false leaves schemas aside too', async () => {
    const { orm, close } = await open(false);
    const em = orm.em.fork();
    em.create(Product, { sku: 'wrong', price: 1 });
    await em.flush();
    expect(await em.fork().count(Product)).toBe(1);
    await close();
  });

  it('validate: { groups } adds groups of the application', async () => {
    const { orm, close } = await open({ groups: ['audit'] });
    const em = orm.em.fork();
    em.create(Member, { ...invalid, name: 'Ann', email: 'ann@x.io', age: 20, allies: ['guild:red'], score: 5 });
    expect(rulesOf(await failure(em.flush()))).toEqual(['Member.score min']);
    await close();
  });

  it('validate: true without class-validator installed says so', async () => {
    jest.doMock('class-validator', () => {
      throw Object.assign(new Error("Cannot find module 'class-validator'"), { code: 'MODULE_NOT_FOUND' });
    });
    const options = { url: 'mem://', entities: [Plain] };
    const error = await failure(Reverie.init({ ...options, validate: true }));
    expect(error).toBeInstanceOf(MetadataError);
    expect((error as Error).message).toContain('npm install class-validator');
    const orm = await Reverie.init(options);
    await orm.close();
    jest.dontMock('class-validator');
  });
});
