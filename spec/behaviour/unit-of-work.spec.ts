import {
  Decimal,
  EntityNotFoundError,
  OptimisticLockError,
  UniqueConstraintError,
  ValidationError,
  surql,
  type EntityManager,
} from '../../lib/index.js';
import { formatLiteral } from '../../lib/values/index.js';
import { backends } from '../support/backends.js';
import { Follows, Post, Role, Tag, Team, User } from '../support/entities.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { withMadeKeys } from '../support/statements.js';

const ANN = { name: 'Ann', age: 42, role: Role.Writer };

describe.each(backends)('unit of work on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend);
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.orm.em.fork().query(surql`DELETE follows; DELETE post; DELETE user; DELETE team; DELETE tag`);
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

  it('a new entity is one request, and reads back what the server produced', async () => {
    const ann = em.create(User, ANN);
    expect(ann.id.table).toBe('user');
    await em.flush();
    expect(test.statements()).toEqual([
      'BEGIN',
      `CREATE ONLY ${ann.id} CONTENT { age: 42, name: 'Ann', role: 'writer' } RETURN AFTER`,
      'COMMIT',
    ]);
    expect(ann).toMatchObject({ active: true, shout: 'ANN', labels: [] });
    expect(ann.balance.equals(0)).toBe(true);
    expect(ann.createdAt).toBeInstanceOf(Date);
    expect(await stored('user')).toMatchObject([{ name: 'Ann', age: 42, active: true }]);
  });

  it('an empty flush sends nothing', async () => {
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('a change sends the changed field only', async () => {
    const ann = em.create(User, { ...ANN, settings: { theme: { dark: true } }, labels: ['a'] });
    await em.flush();
    test.clear();
    ann.age = 43;
    await em.flush();
    expect(test.statements()).toEqual([
      'BEGIN',
      `UPDATE ONLY ${ann.id} SET age = 43 RETURN AFTER`,
      "IF $o = NONE { THROW 'reverie:gone' }",
      'COMMIT',
    ]);
    expect(ann).toMatchObject({ age: 43, shout: 'ANN', labels: ['a'] });
    expect(await stored('user')).toMatchObject([{ age: 43, name: 'Ann' }]);
  });

  it('mutation in place is found: object, array, date, embedded class', async () => {
    const ann = em.create(User, {
      ...ANN,
      settings: { theme: { dark: true } },
      labels: ['a'],
      born: new Date(0),
      address: { street: 'High' },
    });
    await em.flush();
    const again = await test.orm.em.fork().findOneOrFail(User, ann.id);
    const fork = test.orm.em.fork();
    const loaded = await fork.findOneOrFail(User, ann.id);
    (loaded.settings as { theme: { dark: boolean } }).theme.dark = false;
    loaded.labels.push('b');
    loaded.born?.setFullYear(2001);
    if (loaded.address !== undefined) loaded.address.city = 'Rome';
    test.clear();
    await fork.flush();
    expect(test.written()).toEqual([
      `UPDATE ONLY ${ann.id} SET labels = ['a', 'b'], settings.theme.dark = false, address.city = 'Rome', born = ${formatLiteral(loaded.born)} RETURN AFTER`,
    ]);
    expect(await stored('user')).toMatchObject([
      { settings: { theme: { dark: false } }, labels: ['a', 'b'], address: { street: 'High', city: 'Rome' } },
    ]);
    expect(again.labels).toEqual(['a']);
    await em.refresh(ann);
    test.clear();
    await fork.flush();
    expect(test.sent()).toEqual([]);
  });

  it('an equal value is no change', async () => {
    const ann = em.create(User, { ...ANN, born: new Date(5), balance: new Decimal('1.50'), labels: ['x'] });
    await em.flush();
    const fork = test.orm.em.fork();
    const loaded = await fork.findOneOrFail(User, ann.id);
    loaded.born = new Date(5);
    loaded.balance = new Decimal('1.5');
    loaded.labels = ['x'];
    loaded.age = 42;
    test.clear();
    await fork.flush();
    expect(test.sent()).toEqual([]);
  });

  it('undefined clears a value that was there; null means NONE', async () => {
    const ann = em.create(User, { ...ANN, email: 'ann@x.io', born: new Date() });
    await em.flush();
    test.clear();
    ann.email = undefined;
    em.assign(ann, { born: null });
    await em.flush();
    expect(test.written()).toEqual([`UPDATE ONLY ${ann.id} SET email = NONE, born = NONE RETURN AFTER`]);
    expect([ann.email, ann.born]).toEqual([undefined, undefined]);
    const [row] = await stored('user');
    expect(row).not.toHaveProperty('email');
    expect(row).not.toHaveProperty('born');
  });

  it('one record is one object; the first read wins', async () => {
    const ann = em.create(User, ANN);
    await em.flush();
    test.clear();
    expect(await em.findOne(User, ann.id)).toBe(ann);
    expect(test.sent()).toEqual([]);
    ann.name = 'Anna';
    const [found] = await em.find(User, { age: 42 });
    expect(found).toBe(ann);
    expect(ann.name).toBe('Anna');
    await em.flush();
    expect(test.written()).toEqual([`UPDATE ONLY ${ann.id} SET name = 'Anna' RETURN AFTER`]);
    expect(await stored('user')).toMatchObject([{ name: 'Anna' }]);
  });

  it('persist twice is one create; remove of a new entity sends nothing', async () => {
    const ann = em.create(User, ANN);
    em.persist(ann).persist(ann);
    const bob = em.create(User, { ...ANN, name: 'Bob' });
    em.remove(bob);
    await em.flush();
    expect(test.written()).toEqual([
      `CREATE ONLY ${ann.id} CONTENT { age: 42, name: 'Ann', role: 'writer' } RETURN AFTER`,
    ]);
    expect(await stored('user')).toMatchObject([{ name: 'Ann' }]);
    expect([em.contains(ann), em.contains(bob)]).toEqual([true, false]);
  });

  it('an instance made with new is persisted with its links', async () => {
    const ann = Object.assign(new User(), ANN);
    const post = Object.assign(new Post(), { title: 'Hi' });
    (post as { author: unknown }).author = ann;
    em.persist(ann).persist(post);
    await em.flush();
    expect(test.written()).toEqual([
      `CREATE ONLY ${ann.id} CONTENT { age: 42, name: 'Ann', role: 'writer' } RETURN AFTER`,
      `CREATE ONLY ${post.id} CONTENT { author: ${ann.id}, tags: [], title: 'Hi', version: 1 } RETURN AFTER`,
    ]);
    expect(post.author.id.equals(ann.id)).toBe(true);
    expect(await stored('post')).toHaveLength(1);
  });

  it('a new record may not link to one that the same flush removes: nothing is sent, and nothing forgotten', async () => {
    const ann = em.create(User, { id: 'gone', name: 'Gone', age: 1, role: Role.Reader });
    await em.flush();
    em.remove(ann);
    const post = em.create(Post, { title: 'last words', author: ann });
    test.clear();
    const refused = await em.flush().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ValidationError);
    expect(refused).toMatchObject({ errors: [{ path: 'Post.author', rule: 'removed' }] });
    expect(test.sent()).toEqual([]);
    em.remove(post);
    await em.flush();
    expect(test.written()).toEqual(['DELETE [user:gone] RETURN NONE']);
    expect([em.contains(ann), em.contains(post)]).toEqual([false, false]);
    expect(await test.orm.em.fork().findOne(User, 'gone')).toBeNull();
  });

  it('remove deletes the record', async () => {
    const ann = em.create(User, ANN);
    await em.flush();
    test.clear();
    em.remove(ann);
    await em.flush();
    expect(test.statements()).toEqual([
      'BEGIN',
      `IF (SELECT VALUE true FROM ONLY ${ann.id}) = NONE { THROW 'reverie:gone' }`,
      `DELETE [${ann.id}] RETURN NONE`,
      'COMMIT',
    ]);
    expect(em.contains(ann)).toBe(false);
    expect(await stored('user')).toEqual([]);
    expect(await em.findOne(User, ann.id)).toBeNull();
  });

  it('data nested in links creates the targets, all in one request', async () => {
    const post = em.create(Post, {
      title: 'Hi',
      author: { ...ANN, team: { name: 'Red' } },
      tags: [{ label: 'a' }, { label: 'b' }],
    });
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    const author = post.author.id;
    expect(test.written()).toEqual([
      withMadeKeys("CREATE ONLY team:* CONTENT { name: 'Red' } RETURN NONE"),
      withMadeKeys(`CREATE ONLY ${author} CONTENT { age: 42, name: 'Ann', role: 'writer', team: team:* } RETURN AFTER`),
      withMadeKeys("CREATE ONLY tag:* CONTENT { label: 'a' } RETURN NONE"),
      withMadeKeys("CREATE ONLY tag:* CONTENT { label: 'b' } RETURN NONE"),
      `CREATE ONLY ${post.id} CONTENT { author: ${author}, tags: [${post.tags.ids.join(', ')}], title: 'Hi', version: 1 } RETURN AFTER`,
    ]);
    expect(await stored('team')).toHaveLength(1);
    expect(await stored('tag')).toHaveLength(2);
    expect((await (await post.author.load()).team?.load())?.name).toBe('Red');
    expect((await post.tags.load()).map((tag) => tag.label).sort()).toEqual(['a', 'b']);
  });

  it('link arrays travel as deltas', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((label) => em.create(Tag, { label })) as [Tag, Tag, Tag];
    const post = em.create(Post, { title: 'Hi', author: ANN, tags: [a, b] });
    await em.flush();
    const fork = test.orm.em.fork();
    const loaded = await fork.findOneOrFail(Post, post.id);
    loaded.tags.add(c.id);
    loaded.tags.remove(a.id);
    test.clear();
    await fork.flush();
    expect(test.statements()).toEqual([
      'BEGIN',
      `IF (SELECT VALUE true FROM ONLY ${post.id}) = NONE { THROW 'reverie:gone' }`,
      `IF ${post.id}.version != 1 { THROW 'reverie:stale' }`,
      `UPDATE ONLY ${post.id} SET tags +?= [${c.id}], tags -= [${a.id}], version += 1 RETURN AFTER`,
      "IF $o = NONE { THROW 'reverie:gone' }",
      'COMMIT',
    ]);
    expect(loaded.tags.ids.map(String).sort()).toEqual([b.id, c.id].map(String).sort());
    const [row] = await stored('post');
    expect((row?.['tags'] as unknown[]).map(String).sort()).toEqual([b.id, c.id].map(String).sort());
    await em.refresh(post);
  });

  it('edges are written and removed through the collection', async () => {
    const ann = em.create(User, ANN);
    const bob = em.create(User, { ...ANN, name: 'Bob' });
    ann.following.add(bob, { weight: 3 });
    await em.flush();
    expect(test.written().at(-1)).toEqual(
      withMadeKeys(`RELATE ONLY ${ann.id}->follows:*->${bob.id} CONTENT { weight: 3 } RETURN NONE`),
    );
    expect(await stored('follows')).toMatchObject([{ weight: 3 }]);
    const fork = test.orm.em.fork();
    const loaded = await fork.findOneOrFail(User, ann.id, { fetch: { following: true } });
    expect(loaded.following.get().map((user) => user.name)).toEqual(['Bob']);
    loaded.following.remove(bob.id);
    test.clear();
    await fork.flush();
    expect(test.written()).toEqual([`DELETE ${ann.id}->follows WHERE out = ${bob.id} OR ${bob.id} = NONE RETURN NONE`]);
    expect(loaded.following.ids).toEqual([]);
    expect(await stored('follows')).toEqual([]);
    em.clear();
  });

  it('a link to a new entity that nobody persisted is an error naming the path', async () => {
    const stray = em.create(Team, { name: 'Blue' }, { persist: false });
    const ann = em.create(User, ANN);
    (ann as { team: unknown }).team = stray;
    await expect(em.flush()).rejects.toThrow(/User\.team.*new Team/s);
    expect(test.sent()).toEqual([]);
    expect(await stored('user')).toEqual([]);
    em.persist(stray);
    await em.flush();
    expect(test.written()).toEqual([
      `CREATE ONLY ${stray.id} CONTENT { name: 'Blue' } RETURN NONE`,
      `CREATE ONLY ${ann.id} CONTENT { age: 42, name: 'Ann', role: 'writer', team: ${stray.id} } RETURN AFTER`,
    ]);
    expect(await stored('team')).toMatchObject([{ name: 'Blue' }]);
    expect(ann.team?.id).toEqual(stray.id);
  });

  it('a unique violation names entity, field and value, and leaves everything as it was', async () => {
    em.create(User, { ...ANN, email: 'ann@x.io' });
    await em.flush();
    const fork = test.orm.em.fork();
    const team = fork.create(Team, { name: 'Red' });
    const twin = fork.create(User, { ...ANN, email: 'ann@x.io' });
    const error = await fork.flush().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UniqueConstraintError);
    expect(error).toMatchObject({ table: 'user', fields: ['email'], value: 'ann@x.io' });
    expect(await stored('team')).toEqual([]);
    twin.email = 'twin@x.io';
    test.clear();
    await fork.flush();
    expect(test.written()).toEqual([
      `CREATE ONLY ${team.id} CONTENT { name: 'Red' } RETURN NONE`,
      `CREATE ONLY ${twin.id} CONTENT { age: 42, email: 'twin@x.io', name: 'Ann', role: 'writer' } RETURN AFTER`,
    ]);
    expect(await stored('team')).toHaveLength(1);
    expect(twin).toMatchObject({ email: 'twin@x.io', shout: 'ANN' });
  });

  it('a new entity never overwrites a record', async () => {
    em.create(User, { ...ANN, id: 'ann' });
    await em.flush();
    const fork = test.orm.em.fork();
    fork.create(User, { ...ANN, name: 'Impostor', id: 'ann' });
    test.clear();
    await expect(fork.flush()).rejects.toBeInstanceOf(UniqueConstraintError);
    expect(test.written()).toEqual([
      "CREATE ONLY user:ann CONTENT { age: 42, name: 'Impostor', role: 'writer' } RETURN AFTER",
    ]);
    expect(await stored('user')).toMatchObject([{ name: 'Ann' }]);
  });

  it('a tracked write that touches no record is an error', async () => {
    const ann = em.create(User, ANN);
    await em.flush();
    await test.orm.em.fork().query(surql`DELETE ${ann.id}`);
    ann.age = 50;
    test.clear();
    await expect(em.flush()).rejects.toBeInstanceOf(EntityNotFoundError);
    expect(test.statements()).toEqual([
      'BEGIN',
      `UPDATE ONLY ${ann.id} SET age = 50 RETURN AFTER`,
      "IF $o = NONE { THROW 'reverie:gone' }",
      'COMMIT',
    ]);
    expect(await stored('user')).toEqual([]);
    expect(ann.age).toBe(50);
    em.clear();
  });

  it('@Version: the second writer loses and nothing of its flush is kept', async () => {
    const post = em.create(Post, { title: 'Hi', author: ANN });
    await em.flush();
    expect(post.version).toBe(1);
    const fork = test.orm.em.fork();
    const theirs = await fork.findOneOrFail(Post, post.id);
    theirs.title = 'Theirs';
    await fork.flush();
    expect(theirs.version).toBe(2);
    post.title = 'Mine';
    const lost = em.create(Tag, { label: 'lost' });
    test.clear();
    await expect(em.flush()).rejects.toBeInstanceOf(OptimisticLockError);
    expect(test.statements()).toEqual([
      'BEGIN',
      `CREATE ONLY ${lost.id} CONTENT { label: 'lost' } RETURN NONE`,
      `IF (SELECT VALUE true FROM ONLY ${post.id}) = NONE { THROW 'reverie:gone' }`,
      `IF ${post.id}.version != 1 { THROW 'reverie:stale' }`,
      `UPDATE ONLY ${post.id} SET title = 'Mine', version += 1 RETURN VALUE id`,
      "IF $o = NONE { THROW 'reverie:gone' }",
      'COMMIT',
    ]);
    expect(await stored('tag')).toEqual([]);
    expect(await stored('post')).toMatchObject([{ title: 'Theirs', version: 2 }]);
    await em.refresh(post);
    post.title = 'Mine';
    await em.flush();
    expect(post.version).toBe(3);
  });

  it('wrong data is refused before anything is sent, all of it at once', async () => {
    em.create(User, { ...ANN, age: 'old' as never });
    em.create(Team, {} as never);
    const error = (await em.flush().catch((e: unknown) => e)) as ValidationError;
    expect(error).toBeInstanceOf(ValidationError);
    expect(error.errors.map(({ path, rule }) => [path, rule])).toEqual(
      expect.arrayContaining([
        ['User.age', 'type'],
        ['Team.name', 'required'],
      ]),
    );
    expect(test.sent()).toEqual([]);
    em.clear();
    expect(() => em.create(User, { ...ANN, nmae: 'x' } as never)).toThrow(/nmae.*Did you mean "name"/s);
  });

  it('save flushes just that graph', async () => {
    const ann = em.create(User, ANN);
    const bob = em.create(User, { ...ANN, name: 'Bob' });
    await em.save(ann);
    expect(test.written()).toEqual([
      `CREATE ONLY ${ann.id} CONTENT { age: 42, name: 'Ann', role: 'writer' } RETURN AFTER`,
    ]);
    expect(await stored('user')).toMatchObject([{ name: 'Ann' }]);
    await em.flush();
    expect(await stored('user')).toHaveLength(2);
    expect(bob.shout).toBe('BOB');
  });

  it('flushes of services that share an EntityManager queue and lose nothing', async () => {
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        em.create(User, { ...ANN, name: `u${i}` });
        await em.flush();
      }),
    );
    // All were made before the first flush began; the others found nothing left.
    expect(test.sent()).toHaveLength(1);
    expect(test.written()).toHaveLength(20);
    expect((await stored('user')).map(({ name }) => name).sort()).toEqual(
      Array.from({ length: 20 }, (_, i) => `u${i}`).sort(),
    );
  });

  it('a value changed while the flush is under way is kept and stays a change', async () => {
    const ann = em.create(User, ANN);
    const flushing = em.flush();
    while (test.statements().length === 0) await Promise.resolve();
    ann.name = 'Later';
    await flushing;
    expect(ann.name).toBe('Later');
    expect(await stored('user')).toMatchObject([{ name: 'Ann' }]);
    await em.flush();
    expect(test.written()).toEqual([
      `CREATE ONLY ${ann.id} CONTENT { age: 42, name: 'Ann', role: 'writer' } RETURN AFTER`,
      `UPDATE ONLY ${ann.id} SET name = 'Later' RETURN AFTER`,
    ]);
    expect(await stored('user')).toMatchObject([{ name: 'Later' }]);
  });

  it('the inverse side adds by pointing back', async () => {
    const ann = em.create(User, ANN);
    const post = em.create(Post, { title: 'Hi', author: { ...ANN, name: 'Bob' } });
    await em.flush();
    test.clear();
    ann.posts.add(post);
    await em.flush();
    expect(test.written()).toEqual([`UPDATE ONLY ${post.id} SET author = ${ann.id}, version += 1 RETURN VALUE id`]);
    expect(post.author.id.equals(ann.id)).toBe(true);
    const loaded = await test.orm.em.fork().findOneOrFail(User, ann.id, { fetch: { posts: true } });
    expect(loaded.posts.get().map(({ title }) => title)).toEqual(['Hi']);
  });

  it('entities are plain: spread, keys and equality', async () => {
    const ann = em.create(Team, { name: 'Red' });
    await em.flush();
    expect(test.written()).toEqual([`CREATE ONLY ${ann.id} CONTENT { name: 'Red' } RETURN NONE`]);
    expect({ ...ann }).toEqual({ id: ann.id, name: 'Red' });
    expect(JSON.parse(JSON.stringify(ann))).toEqual({ id: String(ann.id), name: 'Red' });
    expect(await test.orm.em.fork().findOne(Team, ann.id)).toEqual(ann);
  });

  it('follows as an entity of its own', async () => {
    const ann = em.create(User, ANN);
    const bob = em.create(User, { ...ANN, name: 'Bob' });
    const edge = em.create(Follows, { in: ann, out: bob, weight: 1 });
    await em.flush();
    expect(test.written().at(-1)).toBe(
      `RELATE ONLY ${ann.id}->${edge.id}->${bob.id} CONTENT { weight: 1 } RETURN NONE`,
    );
    test.clear();
    edge.weight = 2;
    await em.flush();
    expect(test.written()).toEqual([`UPDATE ONLY ${edge.id} SET weight = 2 RETURN VALUE id`]);
    expect(await stored('follows')).toMatchObject([{ weight: 2 }]);
    test.clear();
    em.remove(edge);
    await em.flush();
    expect(test.written()).toEqual([`DELETE [${edge.id}] RETURN NONE`]);
    expect(em.contains(edge)).toBe(false);
    expect(await stored('follows')).toEqual([]);
  });
});
