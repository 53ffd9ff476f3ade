import type { RecordId } from '../../lib/index.js';
import {
  Field,
  Id,
  Index,
  Relation,
  SoftDelete,
  Table,
  Unique,
  surql,
  type EntityManager,
  type Link,
  type Opt,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

class Place {
  @Field('string') street!: string;
  @Field('option<int>') number?: number;
}

@Table({ name: 'house' })
@Index({ fields: ['place.street', 'place.number'], unique: true })
class House {
  @Id() id!: RecordId<'house', string>;
  @Field(() => Place) place!: Place;
}

@Table({ name: 'tenant' })
@Index({ fields: ['house', 'floor'], unique: true })
@Index({ fields: ['nick'], unique: true, nullsDistinct: false })
@Index({ fields: ['aliases.*'], unique: true })
@Index({ fields: ['badge'], unique: true, where: { active: true } })
class Tenant {
  @Id() id!: RecordId<'tenant', string>;
  @Field('string') @Unique() email!: string;
  @Field('option<string>') nick?: string;
  @Field('int') floor!: number;
  @Field('array<string>', { default: [] }) aliases!: string[];
  @Field('option<int>') badge?: number;
  @Field('bool', { default: true }) active!: Opt<boolean>;
  @Relation(() => House, { optional: true, onDelete: 'ignore' }) house?: Link<House>;
}

@Table({ name: 'lease' })
class Lease {
  @Id() id!: RecordId<'lease', string>;
  @Field('string') @Unique() code!: string;
  @SoftDelete() @Field('option<datetime>') endedAt?: Date;
}

describe.each(backends)('isUnique on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [House, Tenant, Lease] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.orm.em.fork().query(surql`DELETE tenant; DELETE house; DELETE lease`);
    em = test.orm.em.fork();
    em.create(House, { id: 'h', place: { street: 'Main', number: 1 } });
    em.create(Tenant, {
      id: 'ann',
      email: 'ann@x.y',
      nick: 'a',
      floor: 1,
      aliases: ['x', 'y'],
      badge: 7,
      active: true,
      house: 'h',
    });
    await em.flush();
    test.clear();
  });
  /** The new one of each case was never persisted. */
  afterEach(() => expectInOrder(test, em));

  const tenant = (data: object) =>
    em.create(
      Tenant,
      { email: 'bob@x.y', nick: 'b', floor: 2, aliases: [], active: true, ...data },
      { persist: false },
    );

  it('asks about every unique index in one request', async () => {
    expect(await em.isUnique(tenant({}))).toBe(true);
    expect(test.sent()).toHaveLength(1);
    expect(await em.isUnique(tenant({ email: 'ann@x.y' }))).toBe(false);
    expect(await em.isUnique(tenant({ id: 'ann' }))).toBe(false);
    expect(await em.isUnique(tenant({ house: 'h', floor: 1 }))).toBe(false);
    expect(await em.isUnique(tenant({ house: 'h', floor: 2 }))).toBe(true);
    // A record without a house meets no other.
    expect(await em.isUnique(tenant({ floor: 1 }))).toBe(true);
    expect(await em.isUnique(tenant({ aliases: ['z', 'y'] }))).toBe(false);
    expect(await em.isUnique(tenant({ badge: 7 }))).toBe(false);
    await test.orm.em.fork().updateWhere(Tenant, { id: 'ann' }, { active: false });
    expect(await em.isUnique(tenant({ badge: 7 }))).toBe(true);
    await em.find(Tenant, {}, { refresh: true });
  });

  it('a partial index counts where the entity meets its condition, by default too', async () => {
    const fresh = { email: 'c@x.y', nick: 'c', floor: 9, badge: 7 };
    const asked = [
      em.create(Tenant, { ...fresh, aliases: [] }, { persist: false }),
      tenant({ badge: 7, active: true }),
      tenant({ badge: 7, active: false }),
    ];
    expect(await Promise.all(asked.map((one) => em.isUnique(one)))).toEqual([false, false, true]);
    const bob = em.create(Tenant, { ...fresh, id: 'bob', aliases: [], active: false });
    await em.flush();
    expect(await em.isUnique(bob)).toBe(true);
    bob.active = true;
    expect(await em.isUnique(bob)).toBe(false);
    await expect(em.flush()).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT', value: 7 });
    bob.badge = 8;
    expect(await em.isUnique(bob)).toBe(true);
    await em.flush();
    expect(test.written().at(-1)).toBe('UPDATE ONLY tenant:bob SET badge = 8, active = true RETURN AFTER');
  });

  it('goes by what the flush would say', async () => {
    const cases = [
      { email: 'ann@x.y' },
      { house: 'h', floor: 1 },
      { nick: 'a' },
      { aliases: ['x'] },
      { badge: 7 },
      { badge: 7, active: false },
      {},
    ];
    for (const data of cases) {
      const fork = test.orm.em.fork();
      const fresh = fork.create(Tenant, { email: 'c@x.y', nick: 'c', floor: 9, aliases: [], active: true, ...data });
      const said = await fork.isUnique(fresh);
      const flushed = await fork.flush().then(
        () => true,
        () => false,
      );
      expect([data, said]).toEqual([data, flushed]);
    }
  });

  it('an entity is no stranger to its own record, and a change of it is asked about', async () => {
    const ann = await em.findOneOrFail(Tenant, 'ann');
    expect(await em.isUnique(ann)).toBe(true);
    await test.orm.em.fork().insert(Tenant, { id: 'bob', email: 'bob@x.y', floor: 3, aliases: [], active: true });
    ann.email = 'bob@x.y';
    expect(await em.isUnique(ann)).toBe(false);
    ann.email = 'ann@x.y';
    ann.nick = undefined as never;
    expect(await em.isUnique(ann)).toBe(false);
    ann.nick = 'a';
    const fork = test.orm.em.fork();
    const [part] = await fork.find(Tenant, 'ann', { select: ['floor'] });
    expect(await fork.getRepository(Tenant).isUnique(part as Tenant)).toBe(true);
  });

  it('reaches into embedded objects', async () => {
    const house = (number: number | undefined) =>
      em.create(House, { place: { street: 'Main', ...(number !== undefined && { number }) } }, { persist: false });
    expect(await em.isUnique(house(1))).toBe(false);
    expect(await em.isUnique(house(2))).toBe(true);
    expect(await em.isUnique(house(undefined))).toBe(true);
  });

  it('counts live rows only where deletion is soft', async () => {
    const lease = em.create(Lease, { code: 'l' });
    await em.flush();
    const again = () => em.create(Lease, { code: 'l' }, { persist: false });
    expect(await em.isUnique(again())).toBe(false);
    em.remove(lease);
    await em.flush();
    expect(await em.isUnique(again())).toBe(true);
  });

  it('needs an entity', async () => {
    await expect(em.isUnique({ email: 'x' })).rejects.toThrow(/isUnique/);
  });
});
