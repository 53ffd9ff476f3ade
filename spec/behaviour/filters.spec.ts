import { ValidationError, sum, surql, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';
import { Account, Invoice, shelf, tenancy, Tenant } from '../support/shelf-entities.js';

describe.each(backends)('filters on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [...shelf, ...tenancy] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    const setup = test.orm.em.fork();
    await setup.query(surql`DELETE invoice; DELETE account; DELETE tenant`);
    for (const tenant of ['acme', 'bolt']) {
      setup.create(Tenant, { id: tenant, name: tenant });
      setup.create(Account, { id: `${tenant}1`, name: `${tenant} one`, open: true, tenant: `tenant:${tenant}` });
      setup.create(Account, { id: `${tenant}2`, name: `${tenant} two`, open: false, tenant: `tenant:${tenant}` });
      setup.create(Invoice, { id: `${tenant}1`, amount: 10, account: `account:${tenant}1` });
      setup.create(Invoice, { id: `${tenant}2`, amount: 20, account: `account:${tenant}2` });
    }
    await setup.flush();
    em = test.orm.em.fork({ filters: { tenant: { id: 'acme' } } });
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  const names = async (where = {}, options = {}): Promise<string[]> =>
    (await em.find(Account, where, { orderBy: { name: 'asc' }, ...options })).map(({ name }) => name);

  async function stored(id: string): Promise<Record<string, unknown> | undefined> {
    const key = id.slice('account:'.length);
    const [rows] = await test.orm.em
      .fork()
      .query<[Record<string, unknown>[]]>(surql`SELECT * FROM type::record('account', ${key})`);
    return rows[0];
  }

  it('with parameters of the fork, and those that hold by default', async () => {
    expect(await names()).toEqual(['acme one']);
    expect(await em.count(Account)).toBe(1);
    expect(await em.exists(Account, { name: 'bolt one' })).toBe(false);
    expect((await em.findAndCount(Account))[1]).toBe(1);
    expect(await em.count(Invoice)).toBe(2);
    expect(await test.orm.em.fork().count(Account)).toBe(2);
    expect(await test.orm.em.fork({ filters: false }).count(Account)).toBe(4);
    expect(await em.aggregate(Invoice, { select: { total: sum('amount') } })).toEqual({ total: 30 });
    expect(await em.aggregate(Invoice, { select: { total: sum('amount') }, filters: false })).toEqual({ total: 60 });
  });

  it('with parameters of a read, or without one', async () => {
    expect(await names({}, { filters: { tenant: { id: 'bolt' } } })).toEqual(['bolt one']);
    expect(await names({}, { filters: { open: false } })).toEqual(['acme one', 'acme two']);
    expect(await names({}, { filters: { tenant: false } })).toEqual(['acme one', 'bolt one']);
    expect(await names({}, { filters: false })).toHaveLength(4);
    expect(await em.count(Account, {}, { filters: { tenant: false, open: false } })).toBe(4);
  });

  it('a fork has the filters of what it is forked from', async () => {
    expect(await em.fork().count(Account)).toBe(1);
    expect(await em.fork({ filters: { open: false } }).count(Account)).toBe(2);
    expect(await em.transaction((tx) => tx.count(Account))).toBe(1);
    await em.transaction(async (tx) => {
      (await tx.findOneOrFail(Account, 'acme1')).name = 'changed';
    });
    expect(await stored('account:acme1')).toMatchObject({ name: 'changed' });
  });

  it('hold in nested fetches, through links, and for ids', async () => {
    const all = await em.find(
      Invoice,
      {},
      { filters: { tenant: false }, fetch: { account: true }, orderBy: { id: 'asc' } },
    );
    expect(all.map(({ account }) => account.isLoaded)).toEqual([true, false, true, false]);
    const tenant = await em.findOneOrFail(Tenant, 'bolt');
    const fresh = em.fork();
    expect(await fresh.findOne(Account, 'bolt1')).toBeNull();
    expect(await fresh.findOne(Account, 'acme2')).toBeNull();
    expect(await fresh.findByIds(Account, ['acme1', 'bolt1'])).toEqual([
      expect.objectContaining({ name: 'acme one' }),
      null,
    ]);
    const shown = await fresh.find(Invoice, {}, { fetch: { account: true }, orderBy: { id: 'asc' } });
    expect(shown.map(({ account }) => account.isLoaded)).toEqual([true, false]);
    await expect(shown[1]?.account.load()).rejects.toMatchObject({ code: 'ENTITY_NOT_FOUND' });
    const [account] = await fresh.find(Account, {}, { fetch: { invoices: { count: true } } });
    expect(account?.invoices.total).toBe(1);
    expect(
      await fresh.count(Invoice, { account: { name: { $startsWith: 'bolt' } } }, { filters: { tenant: false } }),
    ).toBe(1);
    expect(await fresh.count(Invoice, { account: { name: { $startsWith: 'bolt' } } })).toBe(0);
    expect(tenant.name).toBe('bolt');
  });

  it('an entity that came by other filters is found by its id only where it passes these', async () => {
    const everyone = await em.find(Account, {}, { filters: false, orderBy: { id: 'asc' } });
    expect(everyone).toHaveLength(4);
    test.clear();
    expect(await em.findOne(Account, 'bolt1')).toBeNull();
    expect(await em.findOne(Account, 'acme1')).toBe(everyone[0]);
    expect(test.sent()).toHaveLength(2);
    test.clear();
    expect(await em.findOne(Account, 'acme1')).toBe(everyone[0]);
    expect(test.sent()).toEqual([]);
    (everyone[2] as Account).name = 'still mine to change';
    await em.flush();
    expect(await stored('account:bolt1')).toMatchObject({ name: 'still mine to change' });
  });

  it('hold for set-based writes and patches', async () => {
    expect(await em.updateWhere(Account, { name: { $contains: 'o' } }, { name: 'x' })).toBe(1);
    expect(await stored('account:bolt1')).toMatchObject({ name: 'bolt one' });
    await expect(em.patch(Account, 'bolt1', { name: 'x' })).rejects.toMatchObject({ code: 'ENTITY_NOT_FOUND' });
    expect(await em.deleteWhere(Account, { open: { $in: [true, false] } })).toBe(1);
    expect(await em.deleteWhere(Account, { open: { $in: [true, false] } }, { filters: { open: false } })).toBe(1);
    expect(await test.orm.em.fork({ filters: false }).count(Account)).toBe(2);
    await expect(em.deleteWhere(Account, {})).rejects.toThrow(ValidationError);
  });

  it('without its parameters a filter lets nothing pass', async () => {
    const asked = test.orm.em.fork({ filters: { tenant: true } });
    await expect(asked.find(Account)).rejects.toThrow(/"tenant" of Account cannot be made.*parameter id/s);
    await expect(asked.count(Invoice)).rejects.toThrow(ValidationError);
    await expect(asked.findOne(Account, 'acme1')).rejects.toThrow(ValidationError);
    await expect(asked.deleteWhere(Account, { open: true })).rejects.toThrow(ValidationError);
    expect(test.sent()).toEqual([]);
  });

  it('are made once for an EntityManager', async () => {
    await names();
    const [first] = test.sent();
    test.clear();
    await names();
    expect(test.sent()[0]).toBe(first);
  });
});
