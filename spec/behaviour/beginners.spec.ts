import {
  Decimal,
  Field,
  Id,
  QueryError,
  type RecordId,
  RequestContext,
  Reverie,
  surql,
  Table,
  type TransactionOptions,
  ValidationError,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm } from '../support/open-orm.js';

@Table({ name: 'bill' })
class Bill {
  @Id() id!: RecordId<'bill', string>;
  @Field('decimal', { precision: 6, scale: 2 }) total!: Decimal;
  @Field('option<decimal>', { scale: 1 }) share?: Decimal;
  @Field('object', { default: {} }) fixed!: Record<string, unknown>;
  @Field('option<object>', { flexible: true }) free?: Record<string, unknown>;
}

const surqlOf = (total: string) => surql`CREATE ${Bill} SET fixed = {}, total = ${new Decimal(total)}`;

const thrownBy = (work: () => unknown) =>
  Promise.resolve()
    .then(work)
    .then(
      () => undefined,
      (error: unknown) => error,
    );

describe.each(backends)('what a first application gets wrong, on $name', (backend) => {
  it('digits that a decimal has no room for are found before anything is sent', async () => {
    const { orm, sent, clear, close } = await openOrm(backend, { entities: [Bill] });
    const em = orm.em.fork();
    const bill = em.create(Bill, {
      id: 'a',
      total: new Decimal('12345.678'),
      share: new Decimal('0.25'),
      fixed: {},
    });
    clear();
    const error = await thrownBy(() => em.flush());
    expect(error).toBeInstanceOf(ValidationError);
    expect((error as ValidationError).errors).toEqual([
      {
        path: 'Bill.total',
        message: 'expected at most 2 digits after the point, got 12345.678; round it: value.toDecimalPlaces(2)',
        rule: 'scale',
        record: 'bill:a',
      },
      {
        path: 'Bill.total',
        message: 'expected at most 4 digits before the point, got 12345.678',
        rule: 'precision',
        record: 'bill:a',
      },
      {
        path: 'Bill.share',
        message: 'expected at most 1 digit after the point, got 0.25; round it: value.toDecimalPlaces(1)',
        rule: 'scale',
        record: 'bill:a',
      },
    ]);
    expect(sent()).toEqual([]);
    Object.assign(bill, { total: new Decimal('-9999.99'), share: new Decimal('12345678901234567890.5') });
    await em.flush();
    expect(await orm.em.fork().findOneOrFail(Bill, 'a')).toMatchObject({ total: new Decimal('-9999.99') });
    clear();
    await em.flush();
    expect(sent()).toEqual([]);
    bill.total = new Decimal('0.001');
    await expect(em.flush()).rejects.toThrow(/Bill\.total: expected at most 2 digits after the point/);
    await close();
  });

  it('the server and the check agree about the digits', async () => {
    const { orm, close } = await openOrm(backend, { entities: [Bill] });
    const em = orm.em.fork();
    const refused = async (total: string) => (await thrownBy(() => em.query(surqlOf(total)))) !== undefined;
    const checked = async (total: string) => {
      const fork = orm.em.fork();
      fork.create(Bill, { total: new Decimal(total), fixed: {} });
      return (await thrownBy(() => fork.flush())) instanceof ValidationError;
    };
    for (const total of ['9999.99', '10000', '-10000', '9999.991', '1.100', '0', '-0.01', '0.005'])
      expect([total, await checked(total)]).toEqual([total, await refused(total)]);
    await close();
  });

  it('an object of which no key is declared says how keys are let in', async () => {
    const { orm, close } = await openOrm(backend, { entities: [Bill] });
    const em = orm.em.fork();
    const bill = em.create(Bill, { total: new Decimal(1), fixed: { note: 'x' } });
    const error = await thrownBy(() => em.flush());
    expect(error).toBeInstanceOf(QueryError);
    expect(String(error)).toContain('Bill.fixed.note is refused by the database');
    expect(String(error)).toContain("@Field('object', { flexible: true }) fixed");
    const row = { total: new Decimal(1), fixed: { note: 'x' } };
    await expect(em.upsert(Bill, { id: 'b', ...row })).rejects.toThrow(/Bill\.fixed\.note is refused/);
    bill.fixed = {};
    bill.free = { note: 'x' };
    await em.flush();
    expect((await orm.em.fork().findOneOrFail(Bill, bill.id)).free).toEqual({ note: 'x' });
    await close();
  });

  it('of many rows, the one with something wrong in it is told by its place', async () => {
    const { orm, close } = await openOrm(backend, { entities: [Bill] });
    const em = orm.em.fork();
    const rows = ['1', '2.345', '3'].map((total) => ({ total: new Decimal(total), fixed: {} }));
    const error = await thrownBy(() => em.insert(Bill, rows));
    expect(error).toMatchObject({ errors: [{ path: 'Bill.total', row: 1 }] });
    expect(String(error)).toContain('(in row 1)');
    expect(await em.count(Bill)).toBe(0);
    await close();
  });

  it.each<[unknown, RegExp]>([
    [{ isolationLevel: 'SERIALIZABLE' }, /`isolationLevel`.*no such option[^]*guard: 'read'/],
    [{ propogation: 'NESTED' }, /`propogation`.*no such option\. Did you mean "propagation"\?/],
    [{ propagation: 'nested' }, /`propagation`.*"nested" is none of its words\. Did you mean "NESTED"\?/],
    [{ mode: 'interactiv' }, /Did you mean "interactive"\?/],
    [{ guard: 'all' }, /one of changed, read/],
    [{ retry: 3 }, /`retry`[^]*attempts: 10/],
  ])('a transaction with %j is refused, and its block does not run', async (options, message) => {
    const { orm, close } = await openOrm(backend, { entities: [Bill] });
    const work = jest.fn();
    await expect(orm.em.fork().transaction(work, options as TransactionOptions)).rejects.toThrow(message);
    expect(work).not.toHaveBeenCalled();
    await close();
  });

  it('a transaction without a function says what it takes', async () => {
    const { orm, close } = await openOrm(backend, { entities: [Bill] });
    const level = 'SERIALIZABLE' as unknown as () => Promise<void>;
    await expect(orm.em.fork().transaction(level)).rejects.toThrow(/needs a function: it was given string/);
    await close();
  });
});

it('a request context whose ORM was not awaited says so', async () => {
  const pending = Reverie.init({ url: 'mem://', entities: [Bill] });
  const given = pending as unknown as Reverie;
  expect(() => RequestContext.run(given, () => 1)).toThrow(/a promise that was not awaited/);
  expect(() => RequestContext.run(undefined as unknown as Reverie, () => 1)).toThrow(/it was given undefined/);
  await (await pending).close();
});

it('credentials that cannot be read are told by the names of their keys, never by their values', async () => {
  const auth = { user: 'root', pass: 'hunter2' } as unknown as { username: string; password: string };
  const error = await thrownBy(() => Reverie.init({ url: 'mem://', entities: [], auth }));
  expect(String(error)).toContain('they hold user, pass');
  expect(String(error)).not.toContain('hunter2');
});
