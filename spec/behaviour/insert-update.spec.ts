import {
  Field,
  Id,
  Index,
  In,
  Out,
  Relation,
  Table,
  UniqueConstraintError,
  OptimisticLockError,
  Version,
  surql,
  type EntityManager,
  type Link,
  type Links,
  type Opt,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

@Table({ name: 'member' })
@Index({ fields: ['email'], unique: true })
@Index({ fields: ['place.city', 'place.number'], unique: true })
class Member {
  @Id() id!: RecordId<'member'>;
  @Field('string') email!: string;
  @Field('option<string>') nick?: string;
  @Field('int', { default: 3 }) stars!: Opt<number>;
  @Field('option<object>', { flexible: true }) place?: { city: string; number: number };
  @Relation(() => Member, { many: true }) friends!: Links<Member>;
  @Version() readonly version!: number;
}

@Table({ name: 'knows', type: 'relation', in: () => Member, out: () => Member })
@Index({ fields: ['in', 'out'], unique: true })
class Knows {
  @Id() id!: RecordId<'knows'>;
  @In() in!: Link<Member>;
  @Out() out!: Link<Member>;
  @Field('option<int>') since?: number;
}

const UPDATE = { onConflict: 'update' } as const;

describe.each(backends)('insert that overwrites, on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => (test = await openRecordedOrm(backend, { entities: [Member, Knows] })));
  afterAll(() => test.close());
  beforeEach(async () => {
    em = test.orm.em.fork();
    await em.query(surql`DELETE member; DELETE knows`);
    await em.insert(Member, [
      { id: 'ann', email: 'ann@x', nick: 'A', stars: 5, friends: ['bob'] },
      { id: 'bob', email: 'bob@x', place: { city: 'Oslo', number: 1 } },
    ]);
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  const stored = () =>
    em.query<[object[]]>(surql`SELECT email, nick, stars, friends, version FROM ${Member} ORDER BY email`);

  it('gives a record what its row names, and nothing that another row or a default does', async () => {
    const rows = [
      { id: 'ann', email: 'ann@x', stars: 1 },
      { id: 'cy', email: 'cy@x', nick: 'C' },
    ];
    expect(await em.insert(Member, rows, UPDATE)).toEqual({ inserted: 2, failed: 0, errors: [] });
    expect(test.sent()).toHaveLength(1);
    const bob = test.orm.em.fork().id(Member, 'bob');
    expect((await stored())[0]).toEqual([
      { email: 'ann@x', nick: 'A', stars: 1, friends: [bob], version: 2 },
      { email: 'bob@x', stars: 3, friends: [], version: 1 },
      { email: 'cy@x', nick: 'C', stars: 3, friends: [], version: 1 },
    ]);
  });

  it('clears what a row says is null, and keeps what it leaves out or has undefined', async () => {
    await em.insert(Member, { id: 'ann', email: 'ann@x', nick: null as never, stars: undefined }, UPDATE);
    expect((await stored())[0]?.[0]).toMatchObject({ email: 'ann@x', nick: undefined, stars: 5 });
  });

  it('finds a record by a unique value, of a member of an object too, and leaves it its id', async () => {
    const rows = [
      { email: 'ann@x', nick: 'by email' },
      { email: 'new@x', place: { city: 'Oslo', number: 1 }, nick: 'by place' },
    ];
    const { entities } = await em.insert(Member, rows, { ...UPDATE, returning: 'after' });
    expect(entities?.map(({ id, email, nick }) => [id.key, email, nick])).toEqual([
      ['ann', 'ann@x', 'by email'],
      ['bob', 'new@x', 'by place'],
    ]);
    expect(await em.count(Member)).toBe(2);
  });

  it('lets the last of rows win that are one record', async () => {
    const rows = [
      { email: 'new@x', nick: 'first', stars: 9 },
      { email: 'ann@x' },
      { email: 'new@x', stars: 8 },
      { email: 'new@x', nick: 'last' },
    ];
    expect(await em.insert(Member, rows, UPDATE)).toMatchObject({ inserted: 4 });
    expect(await em.find(Member, { email: 'new@x' })).toMatchObject([{ nick: 'last', stars: 8, version: 3 }]);
  });

  it('is refused as a whole where two records are meant', async () => {
    const failing = em.insert(Member, { id: 'ann', email: 'bob@x' }, UPDATE);
    await expect(failing).rejects.toBeInstanceOf(UniqueConstraintError);
    expect((await stored())[0]).toMatchObject([{ email: 'ann@x' }, { email: 'bob@x' }]);
  });

  it('raises the version, so that who read before is told', async () => {
    const stale = test.orm.em.fork();
    const ann = await stale.findOneOrFail(Member, 'ann');
    await em.insert(Member, { id: 'ann', email: 'ann@x', stars: 4 }, UPDATE);
    ann.stars = 1;
    await expect(stale.flush()).rejects.toBeInstanceOf(OptimisticLockError);
    expect((await stored())[0]?.[0]).toMatchObject({ stars: 4, version: 2 });
  });

  it('takes rows that name nothing but who they are, edges too', async () => {
    await em.insert(Knows, { id: 'k', in: 'ann', out: 'bob', since: 1 });
    expect(await em.insert(Knows, { id: 'k', in: 'ann', out: 'bob' }, UPDATE)).toMatchObject({ inserted: 1 });
    expect(await em.insert(Knows, { in: 'ann', out: 'bob', since: 2 }, UPDATE)).toMatchObject({ inserted: 1 });
    expect(await em.insert(Knows, { in: 'bob', out: 'ann' }, UPDATE)).toMatchObject({ inserted: 1 });
    const edges = await em.find(Knows, {}, { orderBy: { since: 'desc' } });
    expect(edges.map(({ in: start, out, since }) => [start.id.key, out.id.key, since])).toEqual([
      ['ann', 'bob', 2],
      ['bob', 'ann', undefined],
    ]);
  });
});
