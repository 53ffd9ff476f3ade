import { setTimeout as delay } from 'node:timers/promises';
import {
  Field,
  Id,
  MetadataError,
  Relation,
  Reverie,
  Table,
  ValidationError,
  surql,
  type EntityManager,
  type Link,
  type RecordId,
} from '../../lib/index.js';
import { backends, type OpenBackend } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'account' })
class Account {
  @Id() id!: RecordId<'account'>;
  @Field('string') name!: string;
}

@Table({ name: 'visit', connection: 'analytics' })
class Visit {
  @Id() id!: RecordId<'visit'>;
  @Field('string') page!: string;
}

const entities = [Account, Visit];

describe.each(backends)('several databases on $name', (backend) => {
  let test: TestOrm;
  let orm: Reverie;
  let other: OpenBackend;
  let em: EntityManager;

  const settings = () => ({
    url: other.url,
    namespace: 'test',
    database: 'analytics',
    sync: 'safe' as const,
    ...(other.auth && { auth: other.auth }),
  });

  beforeAll(async () => {
    other = await backend.open();
    test = await openOrm(backend, { entities, connections: { analytics: settings() } });
    orm = test.orm;
  });
  beforeEach(async () => {
    em = orm.em.fork();
    await em.deleteWhere(Visit, { page: { $ne: '' } });
    await em.deleteWhere(Account, { name: { $ne: '' } });
    test.clear();
  });
  afterAll(async () => {
    await test.close();
    await other.close();
  });

  it('an entity is read and written where its class says, and its table is there only', async () => {
    em.create(Visit, { id: 'v', page: '/home' });
    await em.flush();
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
    expect(await orm.connections.get('analytics').select('visit')).toHaveLength(1);
    const [info] = await orm.em.fork().query<[{ tables: object }]>(surql`INFO FOR DB`);
    expect(Object.keys(info.tables)).toEqual(['account']);
    const visit = await orm.em.fork().findOneOrFail(Visit, 'v');
    expect(visit.page).toBe('/home');
    expect((await orm.schema.plan()).isEmpty).toBe(true);
  });

  it('a flush and a transaction over two connections are refused, and nothing is lost', async () => {
    const account = em.create(Account, { id: 'a', name: 'A' });
    em.create(Visit, { id: 'v', page: '/two' });
    await expect(em.flush()).rejects.toThrow(/default and analytics/);
    expect(test.sent()).toEqual([]);
    expect(em.changeSets()).toHaveLength(2);
    await em.save(account);
    await em.flush();
    expect(await em.count(Visit)).toBe(1);
    await expect(em.transaction((tx) => tx.count(Visit))).rejects.toThrow(ValidationError);
    const moved = await orm.using('analytics', () =>
      em.transaction(async (tx) => {
        const visit = await tx.findOneOrFail(Visit, 'v');
        visit.page = '/moved';
        return visit;
      }),
    );
    expect(moved.page).toBe('/moved');
    expect((await orm.em.fork().findOneOrFail(Visit, 'v')).page).toBe('/moved');
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('orm.using sends whatever runs inside elsewhere, nested and interleaved', async () => {
    const where = async () => (await orm.em.fork().query<[string]>(surql`RETURN session::db()`))[0];
    const outside = await where();
    const rounds = Array.from({ length: 20 }, async (_, at) => {
      const name = at % 2 === 0 ? 'analytics' : 'default';
      return orm.using(name, async () => {
        await delay(at % 3);
        const inner = await orm.using('analytics', () => where());
        return [await where(), inner];
      });
    });
    for (const [at, found] of (await Promise.all(rounds)).entries())
      expect(found).toEqual([at % 2 === 0 ? 'analytics' : outside, 'analytics']);
    expect(await where()).toBe(outside);
    await orm.using('analytics', async () => {
      await orm.em.fork().query(surql`DEFINE TABLE IF NOT EXISTS account; DELETE account`);
      const fork = orm.em.fork();
      fork.create(Account, { id: 'a', name: 'elsewhere' });
      await fork.flush();
    });
    expect(await orm.em.fork().count(Account)).toBe(0);
    expect(() => orm.using('analytic', () => 0)).toThrow(/analytics/);
  });

  it('connections are added, listed and removed by name', async () => {
    expect(orm.connections.list()).toEqual(['default', 'analytics']);
    const added = await orm.connections.add('archive', { ...settings(), database: 'archive' });
    expect(orm.connections.get('archive')).toBe(added);
    expect(orm.connections.get('default')).toBe(orm.driver);
    expect(await orm.using('archive', () => orm.em.fork().query(surql`RETURN session::db()`))).toEqual(['archive']);
    const again = await orm.connections.add('archive', { ...settings(), database: 'archive2' });
    await expect(added.query('RETURN 1')).rejects.toMatchObject({ code: 'CONNECTION' });
    await orm.connections.remove('archive');
    await expect(again.query('RETURN 1')).rejects.toMatchObject({ code: 'CONNECTION' });
    expect(orm.connections.list()).toEqual(['default', 'analytics']);
    expect(() => orm.connections.get('archive')).toThrow(ValidationError);
    await expect(orm.connections.remove('default')).rejects.toThrow(ValidationError);
    await expect(orm.connections.add('default', settings())).rejects.toThrow(ValidationError);
    expect(() => orm.using('archive', () => 0)).toThrow(ValidationError);
  });
});

it('a link to another connection is refused at boot', async () => {
  @Table({ name: 'report', connection: 'analytics' })
  class Report {
    @Id() id!: RecordId<'report'>;
    @Relation(() => Account) account!: Link<Account>;
  }
  const booting = Reverie.init({ url: 'mem://', entities: [Account, Report] });
  await expect(booting).rejects.toThrow(MetadataError);
  await expect(booting).rejects.toThrow(/stays in its database/);
});

describe.each(backends)('the pool on $name', (backend) => {
  it('is counted by health()', async () => {
    const test = await openOrm(backend, { entities: [Account], pool: { size: 4, min: 3 } });
    const connections = backend.name === 'ws' ? 3 : 1;
    expect(await test.orm.health()).toMatchObject({ ok: true, connections });
    await test.close();
    expect(await test.orm.health()).toMatchObject({ ok: false, connections: 0 });
  });

  it('bounds the requests under way, and tells', async () => {
    const test = await openOrm(backend, { entities: [Account], pool: { size: 2, acquire: 5_000 } });
    const em = test.orm.em.fork();
    const reads = Promise.all(Array.from({ length: 8 }, (_, at) => em.fork().query(surql`RETURN ${at}`)));
    await delay(0);
    const { total, active, waiting } = test.orm.stats();
    expect(active).toBeLessThanOrEqual(total);
    if (backend.name === 'http') expect({ total, active, waiting }).toEqual({ total: 2, active: 2, waiting: 6 });
    if (backend.name === 'ws') expect({ total, active, waiting }).toEqual({ total: 1, active: 1, waiting: 6 });
    expect((await reads).flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(test.orm.stats()).toMatchObject({ active: 0, waiting: 0, timeouts: 0 });
    await test.close();
  });
});
