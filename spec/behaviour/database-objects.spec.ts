import {
  CapabilityError,
  Computed,
  Decimal,
  defineFunction,
  defineParam,
  defineSequence,
  Field,
  field,
  fn,
  Id,
  MetadataError,
  Relation,
  Reverie,
  surql,
  Table,
  ValidationError,
  type DatabaseObject,
  type EntityManager,
  type Links,
  type Opt,
  type RecordId,
} from '../../lib/index.js';
import { backend as backendOf, backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

const rate = defineParam('rate', { value: new Decimal('0.25'), comment: 'of what is sold' });
const seats = defineParam('seats', { value: { hall: ['a', 'b'], since: new Date('2024-01-01T00:00:00Z') } });
const gross = defineFunction('billing::gross', {
  args: { net: 'decimal', extra: 'option<decimal>' },
  returns: 'decimal',
  comment: "doesn't round",
  body: ({ net, extra }) => surql`RETURN ${net} * (1 + ${rate}) + (${extra} ?? 0) -- in the currency of net`,
});
const shout = defineFunction('shout', {
  args: { text: 'string' },
  returns: 'string',
  body: ({ text }) => fn.string.concat(fn.string.uppercase(text), '!'),
});
const numbers = defineSequence('sale_number', { start: 1000, batch: 1 });

@Table({ name: 'sale' })
class Sale {
  @Id('int') id!: RecordId<'sale', number>;
  @Field('string') title!: string;
  @Field('decimal') price!: Decimal;
  @Field('int', { default: numbers.next() }) number!: Opt<number>;
  @Relation(() => Sale, { many: true }) after!: Links<Sale>;
  @Computed(gross({ net: surql`price` }), { type: 'decimal' }) readonly total!: Decimal;
}

const above = defineFunction('above', {
  args: { least: 'decimal', not: 'option<record<sale>>' },
  body: ({ least, not }) => surql`SELECT * FROM ${Sale} WHERE price >= ${least} AND id != ${not} ORDER BY price`,
});

const definitions = [rate, seats, gross, shout, above, numbers];

describe.each(backends)('functions, parameters and sequences on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeEach(async () => {
    test = await openOrm(backend, { entities: [Sale], definitions });
    em = test.orm.em.fork();
    for (const [id, title, price] of [
      [1, 'pen', 4],
      [2, 'desk', 100],
      [3, 'lamp', 20],
    ] as const)
      em.create(Sale, { id, title, price });
    await em.flush();
    test.clear();
  });
  afterEach(async () => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
    await test.close();
  });
  const ids = (sales: readonly Sale[]): number[] => sales.map(({ id }) => id.key);

  it('are defined by the sync at boot; the second one finds nothing to do', async () => {
    expect((await test.orm.schema.plan()).steps).toEqual([]);
    const [info] = await em.query<[Record<'functions' | 'params' | 'sequences', { name: string }[]>]>(
      surql`INFO FOR DB STRUCTURE`,
    );
    expect(info.functions.map(({ name }) => name)).toEqual(['above', 'billing::gross', 'shout']);
    expect(info.params.map(({ name }) => name)).toEqual(['rate', 'seats']);
    expect(info.sequences.map(({ name }) => name)).toEqual(['sale_number']);
  });

  it('a call is an expression in where, order, fields and changes, and computed fields use it', async () => {
    expect((await em.findOneOrFail(Sale, 1)).total.equals(5)).toBe(true);
    const price = field(Sale, 'price');
    expect(ids(await em.find(Sale, surql`${gross({ net: price })} > ${20}`))).toEqual([2, 3]);
    expect(ids(await em.find(Sale, {}, { orderBy: gross({ net: price, extra: new Decimal(1) }) }))).toEqual([1, 3, 2]);
    const rows = await em
      .select(Sale)
      .where(1)
      .fields({ loud: shout({ text: field(Sale, 'title') }), rate })
      .list();
    expect(rows).toEqual([{ loud: 'PEN!', rate: expect.anything() as Decimal }]);
    expect((rows[0]?.rate as Decimal).equals('0.25')).toBe(true);
    await em.patch(Sale, 1, { title: shout({ text: field(Sale, 'title') }) });
    expect((await em.findOneOrFail(Sale, 1)).title).toBe('PEN!');
  });

  it('is called, with arguments by name or in their order', async () => {
    expect((await em.call(gross, { net: new Decimal(100) })).equals(125)).toBe(true);
    expect((await em.call(gross, { net: 100, extra: '1.5' })).equals('126.5')).toBe(true);
    expect(await em.run(shout({ text: 'hi' }))).toBe('HI!');
    expect(await em.call('fn::shout', ['hi'], { returns: 'string' })).toBe('HI!');
    expect(await em.call('shout', ['hi'])).toBe('HI!');
  });

  it('answers entities, which are managed', async () => {
    const found = await em.call('above', [new Decimal(20)], { returns: [Sale] });
    expect(ids(found)).toEqual([3, 2]);
    expect(found[0]).toBeInstanceOf(Sale);
    expect(await em.findOne(Sale, 3)).toBe(found[0]);
    const others = (await em.run(above({ least: new Decimal(20), not: found[0] as Sale }))) as { title: string }[];
    expect(others.map(({ title }) => title)).toEqual(['desk']);
    (found[1] as Sale).title = 'table';
    await em.flush();
    expect(await test.orm.em.fork().count(Sale, { title: 'table' })).toBe(1);
  });

  it('sequences count on, as defaults and by themselves', async () => {
    const given = await em.find(Sale, {}, { orderBy: { number: 'asc' } });
    expect(given.map(({ number }) => number)).toEqual([1000, 1001, 1002]);
    expect(await em.run(numbers.next())).toBe(1003);
  });

  it('parameters stand for their value, objects and dates too', async () => {
    expect(await em.run(seats)).toEqual({ hall: ['a', 'b'], since: new Date('2024-01-01T00:00:00Z') });
    expect(ids(await em.find(Sale, surql`${field(Sale, 'price')} * ${rate} > ${20}`))).toEqual([2]);
  });

  it('an answer of another type is refused', async () => {
    const calling = em.call('fn::shout', ['hi'], { returns: 'int' });
    await expect(calling).rejects.toBeInstanceOf(ValidationError);
    await expect(calling).rejects.toThrow('fn::shout did not answer with int');
    await expect(em.call('fn::nothing_like_it')).rejects.toThrow('nothing_like_it');
  });

  it('in a NESTED block of an interactive transaction only what cannot write is run', async () => {
    if (!backend.stateful) return;
    await em.transaction(
      (tx) =>
        tx.transaction(
          async (inner) => {
            expect(await inner.run(fn.math.sqrt(16))).toBe(4);
            await expect(inner.run(shout({ text: 'a' }))).rejects.toBeInstanceOf(CapabilityError);
            await expect(inner.call('shout', ['a'])).rejects.toThrow('NESTED');
          },
          { propagation: 'NESTED' },
        ),
      { mode: 'interactive' },
    );
  });

  it('wrong arguments are refused before anything is sent', async () => {
    test.clear();
    const loose = gross as unknown as (args?: unknown) => never;
    expect(() => loose()).toThrow('billing::gross needs the argument net');
    expect(() => loose({ nett: 1 })).toThrow('nett');
    expect(() => loose({ net: 'x' })).toThrow(ValidationError);
    expect(() => loose([1])).toThrow('by name');
    await expect(em.call('fn::shout; REMOVE TABLE sale', [])).rejects.toBeInstanceOf(ValidationError);
    await expect(em.call('shout', [undefined])).rejects.toThrow('undefined');
    expect(test.sent()).toEqual([]);
  });
});

describe('changes of what is declared', () => {
  it('are planned, applied, and found no more; sequences go on', async () => {
    const store = await backendOf('ws').open();
    const boot = (list: readonly DatabaseObject[]): Promise<Reverie> =>
      Reverie.init({
        url: store.url,
        auth: store.auth as { username: string; password: string },
        entities: [],
        sync: 'off',
        definitions: list,
      });
    const first = await boot([
      defineParam('limit', { value: 1 }),
      defineSequence('n', { start: 5 }),
      defineFunction('f', { body: surql`RETURN 1` }),
    ]);
    const kinds = (await first.schema.sync()).steps.map(({ kind, statement }) => [kind, statement]);
    expect(kinds).toEqual([
      ['createParam', 'DEFINE PARAM $limit VALUE 1'],
      ['createSequence', 'DEFINE SEQUENCE n START 5'],
      ['createFunction', 'DEFINE FUNCTION fn::f() { RETURN 1 }'],
    ]);
    expect(await first.em.fork().run(fn.sequence.nextval('n'))).toBe(5);
    await first.close();

    const next = await boot([
      defineParam('limit', { value: 2 }),
      defineSequence('n', { start: 5, batch: 10 }),
      defineFunction('f', { body: surql`RETURN 2`, comment: 'twice' }),
    ]);
    const plan = await next.schema.sync();
    expect(plan.steps.map(({ kind, risk }) => `${kind} ${risk}`)).toEqual([
      'alterParam rewrite',
      'alterSequence rewrite',
      'alterFunction rewrite',
    ]);
    expect((await next.schema.plan()).isEmpty).toBe(true);
    const em = next.em.fork();
    expect([await em.call('f'), await em.run(surql`$limit`)]).toEqual([2, 2]);
    expect(Number(await em.run(fn.sequence.nextval('n')))).toBeGreaterThan(5);
    expect(next.schema.toSurql()).toContain('DEFINE FUNCTION fn::f() { RETURN 2 } COMMENT');
    await next.schema.drop({ force: true });
    await expect(em.call('f')).rejects.toThrow('f');
    await next.close();
    await store.close();
  });

  it('a body that does not parse is told by its own name', async () => {
    const wrong = defineFunction('billing::wrong', { body: surql`RETURN SELECT FROM` });
    const booting = Reverie.init({ url: 'mem://', entities: [], definitions: [wrong] });
    await expect(booting).rejects.toThrow(/billing::wrong/);
  });

  it.each([
    ['a function', () => defineFunction('a b', { body: surql`1` })],
    ['a type', () => defineFunction('f', { args: { a: 'integer' }, body: surql`1` })],
    ['a body', () => defineFunction('f', { body: 'RETURN 1' as never })],
    ['a parameter', () => defineParam('a-b', { value: 1 })],
    ['a parameter of the server', () => defineParam('auth', { value: 1 })],
    ['an expression as a value', () => defineParam('now', { value: fn.time.now() })],
    ['a sequence', () => defineSequence('a b')],
    ['a batch', () => defineSequence('n', { batch: 0 })],
  ])('%s that cannot be is refused where it is declared', (_name, make) => {
    expect(make).toThrow(/no name|unknown type|no surql|cannot be defined|whole number/i);
  });

  it('two of one name, and what is no definition, are refused at boot', async () => {
    const twice = [defineParam('limit', { value: 1 }), defineParam('limit', { value: 2 })];
    await expect(Reverie.init({ url: 'mem://', entities: [], definitions: twice })).rejects.toBeInstanceOf(
      MetadataError,
    );
    const none = [Sale as never];
    await expect(Reverie.init({ url: 'mem://', entities: [], definitions: none })).rejects.toThrow('definitions[0]');
  });
});
