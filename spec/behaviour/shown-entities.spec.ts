import { isDeepStrictEqual, inspect } from 'node:util';
import { NotLoadedError, type EntityManager } from '../../lib/index.js';
import { backend } from '../support/backends.js';
import { Post, Role, Team, User } from '../support/entities.js';
import { expectInOrder } from '../support/in-order.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

/** What compares and prints objects walks through all of them: it must not be what reads an entity. */
describe('entities whose collections are not loaded', () => {
  let test: TestOrm;
  let em: EntityManager;
  let user: User;
  let same: User;

  beforeAll(async () => {
    test = await openOrm(backend('embedded'));
    const setup = test.orm.em.fork();
    const team = setup.create(Team, { name: 'Red' });
    setup.create(Post, { title: 'x', author: { name: 'Ann', age: 1, role: Role.Reader, team } });
    await setup.flush();
    em = test.orm.em.fork();
    user = await em.findOneOrFail(User, { name: 'Ann' });
    same = await test.orm.em.fork().findOneOrFail(User, { name: 'Ann' });
  });
  afterAll(() => test.close());
  afterEach(() => expectInOrder(test, em));

  it('are compared by Jest, whichever way it turns out', () => {
    expect(user).toEqual(user);
    expect(user).toEqual({ ...user });
    expect(user).toStrictEqual(same);
    expect([user]).toContainEqual(same);
    expect(user).not.toEqual({ ...user, name: 'Bob' });
    expect(user).toMatchObject({ name: 'Ann' });
    expect({ user }).toEqual({ user: expect.objectContaining({ posts: expect.anything() }) });
    const compared: (() => void)[] = [
      () => expect(user).toBe(same),
      () => expect(user).toEqual({ id: 1 }),
      () => expect(user).toStrictEqual({ ...user }),
      () => expect(user).toMatchObject({ posts: [] }),
      () => expect([user]).toContainEqual({ name: 'Bob' }),
      () => expect(user.posts).toEqual([]),
      () => expect({ user }).toEqual({ user: expect.objectContaining({ posts: 3 }) }),
    ];
    for (const compare of compared) expect(compare).toThrow(/expect\(/);
  });

  it('are shown, and are plain data in JSON', () => {
    expect(inspect(user)).toContain('posts: Links(not loaded) {}');
    expect(isDeepStrictEqual(user, same)).toBe(true);
    expect(JSON.parse(JSON.stringify({ user }))).toEqual({ user: expect.objectContaining({ name: 'Ann' }) });
    expect({ ...user }.posts).toBe(user.posts);
  });

  it('still have to be loaded to be read', async () => {
    const posts = user.posts as unknown as Iterable<Post> & { get(): Post[]; readonly length: number };
    expect(() => posts.get()).toThrow(NotLoadedError);
    expect(() => posts.length).toThrow(NotLoadedError);
    expect(() => [...posts]).toThrow(NotLoadedError);
    expect(() => Array.from(posts)).toThrow(/User\.posts is not loaded.*load\(\)/s);
    await user.posts.load();
    expect([...posts].map(({ title }) => title)).toEqual(['x']);
  });
});
