import { EntityNotFoundError, surql, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { Follows, Post, Role, Tag, Team, User } from '../support/entities.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { withMadeKeys } from '../support/statements.js';

describe.each(backends)('save and refresh on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend);
  });
  afterAll(() => test.close());
  afterEach(() => expectInOrder(test, em));
  beforeEach(async () => {
    await test.orm.em.fork().query(surql`DELETE follows; DELETE post; DELETE tag; DELETE user; DELETE team`);
    em = test.orm.em.fork();
    await em.insert(User, [
      { id: 'ann', name: 'Ann', age: 42, role: Role.Writer },
      { id: 'bob', name: 'Bob', age: 7, role: Role.Reader },
    ]);
    test.clear();
  });

  const fresh = (id: string) => test.orm.em.fork().findOneOrFail(User, id);
  const nothingLeft = async (): Promise<void> => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  };

  it('save flushes what it is given in one request; the rest stays pending', async () => {
    const [ann, bob] = [await em.findOneOrFail(User, 'ann'), await em.findOneOrFail(User, 'bob')];
    const later = em.create(Team, { name: 'Later' });
    [ann.age, bob.age] = [1, 2];
    test.clear();
    expect(await em.save(ann)).toBe(ann);
    expect(test.written()).toEqual(['UPDATE ONLY user:ann SET age = 1 RETURN AFTER']);
    expect([(await fresh('ann')).age, (await fresh('bob')).age, await em.count(Team)]).toEqual([1, 7, 0]);
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      `CREATE ONLY ${later.id} CONTENT { name: 'Later' } RETURN NONE`,
      'UPDATE ONLY user:bob SET age = 2 RETURN AFTER',
    ]);
    expect([(await fresh('bob')).age, await em.count(Team)]).toEqual([2, 1]);
    await nothingLeft();
  });

  it('save takes a list, new instances, and the new entities that they link to', async () => {
    const team = em.create(Team, { name: 'Red' });
    const ann = await em.findOneOrFail(User, 'ann');
    ann.team = team as never;
    const cleo = new User();
    Object.assign(cleo, { id: 'cleo', name: 'Cleo', age: 3, role: Role.Reader });
    const post = em.create(Post, { title: 'a', author: ann, tags: [{ label: 'x' }, { label: 'y' }] });
    test.clear();
    await em.save([cleo, post]);
    expect(test.sent()).toHaveLength(1);
    const [x, y] = post.tags.ids;
    expect(test.written()).toEqual([
      "CREATE ONLY user:cleo CONTENT { age: 3, name: 'Cleo', role: 'reader' } RETURN AFTER",
      `CREATE ONLY ${x} CONTENT { label: 'x' } RETURN NONE`,
      `CREATE ONLY ${y} CONTENT { label: 'y' } RETURN NONE`,
      `CREATE ONLY ${post.id} CONTENT { author: user:ann, tags: [${x}, ${y}], title: 'a', version: 1 } RETURN AFTER`,
    ]);
    expect([await em.count(Tag), (await fresh('cleo')).name, (await fresh('ann')).team]).toEqual([
      2,
      'Cleo',
      undefined,
    ]);
    test.clear();
    await em.save(ann);
    expect(test.written()).toEqual([
      `CREATE ONLY ${team.id} CONTENT { name: 'Red' } RETURN NONE`,
      `UPDATE ONLY user:ann SET team = ${team.id} RETURN AFTER`,
    ]);
    expect((await fresh('ann')).team?.id).toEqual(team.id);
    await nothingLeft();
  });

  it('save makes records in the order in which they are given, and flush in that of create', async () => {
    const [third, first, second] = ['third', 'first', 'second'].map((id) => em.create(Team, { id, name: id })) as [
      Team,
      Team,
      Team,
    ];
    const made = (...ids: string[]) => ids.map((id) => `CREATE ONLY team:${id} CONTENT { name: '${id}' } RETURN NONE`);
    await em.save([first, second]);
    expect(test.written()).toEqual(made('first', 'second'));
    expect([em.contains(third), await em.count(Team)]).toEqual([true, 2]);
    em.create(Team, { id: 'fourth', name: 'fourth' });
    test.clear();
    await em.flush();
    expect(test.written()).toEqual(made('third', 'fourth'));
    expect(await em.fork().count(Team)).toBe(4);
    await nothingLeft();
  });

  it('save writes the edges of what it is given, and no others', async () => {
    const [ann, bob] = [await em.findOneOrFail(User, 'ann'), await em.findOneOrFail(User, 'bob')];
    ann.following.add(bob, { weight: 1 });
    bob.following.add(ann, { weight: 2 });
    test.clear();
    await em.save(ann);
    expect(test.written()).toEqual([
      withMadeKeys('RELATE ONLY user:ann->follows:*->user:bob CONTENT { weight: 1 } RETURN NONE'),
    ]);
    expect((await em.find(Follows)).map(({ weight }) => weight)).toEqual([1]);
    ann.following.remove(bob);
    test.clear();
    await em.save(ann);
    expect(test.written()).toEqual(['DELETE user:ann->follows WHERE out = user:bob OR user:bob = NONE RETURN NONE']);
    expect(await em.count(Follows)).toBe(0);
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      withMadeKeys('RELATE ONLY user:bob->follows:*->user:ann CONTENT { weight: 2 } RETURN NONE'),
    ]);
    expect(await em.count(Follows)).toBe(1);
    await nothingLeft();
  });

  it('save removes what is removed, and sends nothing for what has not changed', async () => {
    const [ann, bob] = [await em.findOneOrFail(User, 'ann'), await em.findOneOrFail(User, 'bob')];
    em.remove(bob);
    ann.name = 'Pending';
    test.clear();
    await em.save(bob);
    expect(test.written()).toEqual(['DELETE [user:bob] RETURN NONE']);
    expect([em.contains(bob), ann.name]).toEqual([false, 'Pending']);
    expect([await em.exists(User, 'bob'), (await fresh('ann')).name]).toEqual([false, 'Ann']);
    await em.save(ann);
    test.clear();
    await em.save(ann);
    await em.save([]);
    expect(test.sent()).toEqual([]);
    await nothingLeft();
  });

  it('a save that fails leaves everything pending, and is repeated', async () => {
    const ann = await em.findOneOrFail(User, 'ann');
    await test.orm.em.fork().patch(User, 'bob', { email: 'a@b.c' });
    [ann.email, ann.age] = ['a@b.c', 1];
    test.clear();
    await expect(em.save(ann)).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT', fields: ['email'] });
    expect(ann).toMatchObject({ email: 'a@b.c', age: 1 });
    ann.email = 'other@b.c';
    await em.save(ann);
    expect(test.written()).toEqual([
      "UPDATE ONLY user:ann SET age = 1, email = 'a@b.c' RETURN AFTER",
      "UPDATE ONLY user:ann SET age = 1, email = 'other@b.c' RETURN AFTER",
    ]);
    expect(await fresh('ann')).toMatchObject({ email: 'other@b.c', age: 1 });
    await nothingLeft();
  });

  it('refresh overwrites what the entity holds, pending changes and collections included', async () => {
    const ann = await em.findOneOrFail(User, 'ann', { fetch: { following: true } });
    const other = test.orm.em.fork();
    await other.patch(User, 'ann', { age: 43 });
    await other.relate('ann', Follows, 'bob');
    ann.name = 'Mine';
    ann.following.add('user:ann');
    test.clear();
    expect(await em.refresh(ann)).toBe(ann);
    expect(test.statements()).toEqual(['SELECT * FROM [user:ann]']);
    expect(ann).toMatchObject({ age: 43, name: 'Ann' });
    expect((await ann.following.load()).map(({ name }) => name)).toEqual(['Bob']);
    await other.deleteWhere(User, 'ann');
    await expect(em.refresh(ann)).rejects.toBeInstanceOf(EntityNotFoundError);
    await expect(em.refresh({ name: 'x' })).rejects.toThrow(/refresh/);
    await nothingLeft();
    em.clear();
  });
});
