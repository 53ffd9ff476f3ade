import { EntityNotFoundError, surql, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { Follows, Post, Role, Tag, Team, User } from '../support/entities.js';
import { expectInOrder } from '../support/in-order.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

describe.each(backends)('save and refresh on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend);
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
    em.create(Team, { name: 'Later' });
    [ann.age, bob.age] = [1, 2];
    test.clear();
    expect(await em.save(ann)).toBe(ann);
    expect(test.sent()).toHaveLength(1);
    expect([(await fresh('ann')).age, (await fresh('bob')).age, await em.count(Team)]).toEqual([1, 7, 0]);
    await em.flush();
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
    expect([await em.count(Tag), (await fresh('cleo')).name, (await fresh('ann')).team]).toEqual([
      2,
      'Cleo',
      undefined,
    ]);
    await em.save(ann);
    expect((await fresh('ann')).team?.id).toEqual(team.id);
    await nothingLeft();
  });

  it('save writes the edges of what it is given, and no others', async () => {
    const [ann, bob] = [await em.findOneOrFail(User, 'ann'), await em.findOneOrFail(User, 'bob')];
    ann.following.add(bob, { weight: 1 });
    bob.following.add(ann, { weight: 2 });
    await em.save(ann);
    expect((await em.find(Follows)).map(({ weight }) => weight)).toEqual([1]);
    ann.following.remove(bob);
    await em.save(ann);
    expect(await em.count(Follows)).toBe(0);
    await em.flush();
    expect(await em.count(Follows)).toBe(1);
    await nothingLeft();
  });

  it('save removes what is removed, and sends nothing for what has not changed', async () => {
    const [ann, bob] = [await em.findOneOrFail(User, 'ann'), await em.findOneOrFail(User, 'bob')];
    em.remove(bob);
    ann.name = 'Pending';
    await em.save(bob);
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
    await expect(em.save(ann)).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT', fields: ['email'] });
    expect(ann).toMatchObject({ email: 'a@b.c', age: 1 });
    ann.email = 'other@b.c';
    await em.save(ann);
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
    expect(await em.refresh(ann)).toBe(ann);
    expect(ann).toMatchObject({ age: 43, name: 'Ann' });
    expect((await ann.following.load()).map(({ name }) => name)).toEqual(['Bob']);
    await other.deleteWhere(User, 'ann');
    await expect(em.refresh(ann)).rejects.toBeInstanceOf(EntityNotFoundError);
    await expect(em.refresh({ name: 'x' })).rejects.toThrow(/refresh/);
    await nothingLeft();
    em.clear();
  });
});
