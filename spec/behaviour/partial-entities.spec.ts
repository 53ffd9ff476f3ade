import { EntityNotFoundError, OptimisticLockError, surql, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { Follows, Post, Role, Tag, Team, User } from '../support/entities.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { withMadeKeys } from '../support/statements.js';

const ANN = { name: 'Ann', age: 42, role: Role.Writer };

describe.each(backends)('partial entities and references on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;
  let ann: User;

  beforeAll(async () => {
    test = await openRecordedOrm(backend);
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    const setup = test.orm.em.fork();
    await setup.query(surql`DELETE follows; DELETE post; DELETE user; DELETE team; DELETE tag`);
    ann = setup.create(User, {
      ...ANN,
      id: 'ann',
      email: 'ann@x.io',
      team: { id: 'red', name: 'Red' } as never,
      labels: ['a'],
      address: { street: 'High' },
    });
    setup.create(Post, {
      id: 'p',
      title: 'Hi',
      stars: 3,
      author: ann,
      tags: [{ id: 'x', label: 'x' } as never],
    });
    await setup.flush();
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  async function stored(table: string): Promise<Record<string, unknown>> {
    const [rows] = await test.orm.em.fork().query<[Record<string, unknown>[]]>(surql`SELECT * FROM ${surql.id(table)}`);
    return rows[0] ?? {};
  }

  const everything = {
    name: 'Ann',
    age: 42,
    email: 'ann@x.io',
    role: 'writer',
    labels: ['a'],
    address: { street: 'High' },
  };

  it('what was not read is not written', async () => {
    const [user] = await em.find(User, {}, { select: ['name'] });
    expect(Object.keys(user as User)).not.toContain('email');
    (user as User).name = 'Anna';
    test.clear();
    await em.flush();
    expect(test.statements()).toEqual([
      'BEGIN',
      "UPDATE ONLY user:ann SET name = 'Anna' RETURN AFTER",
      "IF $o = NONE { THROW 'reverie:gone' }",
      'COMMIT',
    ]);
    expect(user).toMatchObject({ ...everything, name: 'Anna', shout: 'ANNA' });
    const row = await stored('user');
    expect(row).toMatchObject({ ...everything, name: 'Anna' });
    expect(String(row['team'])).toBe('team:red');
  });

  it('a later flush does not clear what the first one has read back', async () => {
    const [user] = await em.find(User, {}, { select: ['name'] });
    (user as User).name = 'Anna';
    await em.flush();
    (user as User).name = 'Anne';
    await em.flush();
    expect(test.written()).toEqual([
      "UPDATE ONLY user:ann SET name = 'Anna' RETURN AFTER",
      "UPDATE ONLY user:ann SET name = 'Anne' RETURN AFTER",
    ]);
    const row = await stored('user');
    expect(row).toMatchObject({ ...everything, name: 'Anne' });
    expect(String(row['team'])).toBe('team:red');
    expect((user as User).team?.id.equals('team:red')).toBe(true);
    const [thing] = await em.find(Post, {}, { select: ['title'] });
    test.clear();
    (thing as Post).title = 'Ho';
    await em.flush();
    expect(test.written()).toEqual(["UPDATE ONLY post:p SET title = 'Ho', version += 1 RETURN AFTER"]);
    expect((thing as Post).author.id.equals(ann.id)).toBe(true);
    expect((thing as Post).tags.ids.map(String)).toEqual(['tag:x']);
    expect((thing as Post).stars).toBe(3);
  });

  it('a field that was not read can be written, cleared too', async () => {
    const [user] = await em.find(User, {}, { select: ['name'] });
    (user as User).age = 43;
    (user as User).email = undefined;
    (user as User).team = undefined;
    await em.flush();
    expect(test.written()).toEqual(['UPDATE ONLY user:ann SET age = 43, email = NONE, team = NONE RETURN AFTER']);
    const row = await stored('user');
    expect(row).toMatchObject({ name: 'Ann', age: 43, role: 'writer' });
    expect(row).not.toHaveProperty('email');
    expect(row).not.toHaveProperty('team');
    expect(user).toMatchObject({ age: 43, role: 'writer', shout: 'ANN' });
  });

  it('a later find completes it and keeps what was changed', async () => {
    const [user] = await em.find(User, {}, { select: ['name'] });
    (user as User).name = 'Changed';
    (user as User).age = 50;
    const [again] = await em.find(User, {});
    expect(again).toBe(user);
    expect(again).toMatchObject({ name: 'Changed', age: 50, email: 'ann@x.io', labels: ['a'] });
    expect(again?.team?.id.equals('team:red')).toBe(true);
    await em.flush();
    expect(test.written()).toEqual(["UPDATE ONLY user:ann SET name = 'Changed', age = 50 RETURN AFTER"]);
    expect(await stored('user')).toMatchObject({ ...everything, name: 'Changed', age: 50 });
  });

  it('findOne by id reads what is missing, and then nothing', async () => {
    const [user] = await em.find(User, {}, { select: ['name'] });
    expect(await em.findOne(User, 'ann')).toBe(user);
    expect(user).toMatchObject({ age: 42 });
    test.clear();
    await em.findOne(User, 'ann');
    expect(test.sent()).toEqual([]);
  });

  it('is still locked by its version', async () => {
    const [partial] = await em.find(Post, {}, { select: ['title'] });
    const rival = test.orm.em.fork();
    (await rival.findOneOrFail(Post, 'p')).title = 'Theirs';
    await rival.flush();
    (partial as Post).title = 'Mine';
    test.clear();
    await expect(em.flush()).rejects.toBeInstanceOf(OptimisticLockError);
    expect(test.statements()).toEqual([
      'BEGIN',
      "IF (SELECT VALUE true FROM ONLY post:p) = NONE { THROW 'reverie:gone' }",
      "IF post:p.version != 1 { THROW 'reverie:stale' }",
      "UPDATE ONLY post:p SET title = 'Mine', version += 1 RETURN AFTER",
      "IF $o = NONE { THROW 'reverie:gone' }",
      'COMMIT',
    ]);
    await em.refresh(partial as Post);
    (partial as Post).title = 'Mine';
    await em.flush();
    expect(await stored('post')).toMatchObject({ title: 'Mine', version: 3 });
  });

  it('omit leaves alone what it leaves out', async () => {
    const [user] = await em.find(User, {}, { omit: ['email', 'labels'] });
    (user as User).age = 1;
    await em.flush();
    expect(test.written()).toEqual(['UPDATE ONLY user:ann SET age = 1 RETURN AFTER']);
    expect(user).toMatchObject({ ...everything, age: 1 });
    expect(await stored('user')).toMatchObject({ ...everything, age: 1 });
  });

  it('a partial refresh overwrites what it reads and leaves the rest known', async () => {
    const user = await em.findOneOrFail(User, 'ann');
    user.name = 'Mine';
    user.age = 7;
    await em.find(User, {}, { select: ['name'], refresh: true });
    expect(user).toMatchObject({ name: 'Ann', age: 7, email: 'ann@x.io' });
    test.clear();
    await em.flush();
    expect(test.written()).toEqual(['UPDATE ONLY user:ann SET age = 7 RETURN AFTER']);
    expect(await stored('user')).toMatchObject({ ...everything, age: 7 });
  });

  it('a deferred transaction guards only what was read', async () => {
    await em.transaction(
      async (tx) => {
        const [user] = await tx.find(User, {}, { select: ['name'] });
        (user as User).age = 43;
        (user as User).name = 'Anna';
      },
      { retry: false },
    );
    expect(test.statements()).toEqual([
      'SELECT id, name FROM (SELECT * FROM user)',
      'BEGIN',
      "IF (SELECT VALUE true FROM ONLY user:ann) = NONE { THROW 'reverie:gone' }",
      "IF user:ann.name != 'Ann' { THROW 'reverie:stale' }",
      "UPDATE ONLY user:ann SET name = 'Anna', age = 43 RETURN AFTER",
      "IF $o = NONE { THROW 'reverie:gone' }",
      'COMMIT',
    ]);
    expect(await stored('user')).toMatchObject({ ...everything, name: 'Anna', age: 43 });
    await expect(
      em.transaction(
        async (tx) => {
          const [user] = await tx.find(User, {}, { select: ['name'] });
          const rival = test.orm.em.fork();
          (await rival.findOneOrFail(User, 'ann')).name = 'Rival';
          await rival.flush();
          (user as User).name = 'Mine';
        },
        { retry: false },
      ),
    ).rejects.toMatchObject({ code: 'TRANSACTION_CONFLICT' });
    em.clear();
  });

  it('a partial entity of a transaction does not make a whole one of the parent partial', async () => {
    const user = await em.findOneOrFail(User, 'ann');
    await em.transaction(async (tx) => {
      const [partial] = await tx.find(User, {}, { select: ['name'] });
      (partial as User).name = 'Anna';
    });
    expect(user).toMatchObject({ ...everything, name: 'Anna' });
    user.age = 50;
    await em.flush();
    expect(test.written()).toEqual([
      "UPDATE ONLY user:ann SET name = 'Anna' RETURN AFTER",
      'UPDATE ONLY user:ann SET age = 50 RETURN AFTER',
    ]);
    expect(await stored('user')).toMatchObject({ ...everything, name: 'Anna', age: 50 });
  });

  it('a reference sends nothing by itself', async () => {
    const user = em.getReference(User, 'ann');
    expect(em.getReference(User, ann.id)).toBe(user);
    await em.flush();
    expect(test.sent()).toEqual([]);
    expect(Object.keys(user)).not.toContain('name');
    expect(await stored('user')).toMatchObject(everything);
  });

  it('a reference that is changed writes just that, and is whole afterwards', async () => {
    const user = em.getReference(User, 'ann');
    user.age = 43;
    em.assign(user, { team: null, labels: ['z'] });
    await em.flush();
    expect(test.written()).toEqual(["UPDATE ONLY user:ann SET age = 43, labels = ['z'], team = NONE RETURN AFTER"]);
    const row = await stored('user');
    expect(row).toMatchObject({ ...everything, age: 43, labels: ['z'] });
    expect(row).not.toHaveProperty('team');
    expect(user).toMatchObject({ name: 'Ann', age: 43, email: 'ann@x.io' });
    test.clear();
    expect(await em.findOne(User, 'ann')).toBe(user);
    expect(test.sent()).toEqual([]);
  });

  it('a change of a reference is kept when it is loaded', async () => {
    const user = em.getReference(User, 'ann');
    user.age = 43;
    await em.findOneOrFail(User, 'ann');
    expect(user).toMatchObject({ name: 'Ann', age: 43 });
    await em.flush();
    expect(test.written()).toEqual(['UPDATE ONLY user:ann SET age = 43 RETURN AFTER']);
    expect(await stored('user')).toMatchObject({ ...everything, age: 43 });
  });

  it('link arrays and edges of a reference can be changed without reading it', async () => {
    const bob = em.create(User, { ...ANN, name: 'Bob' });
    const it = em.getReference(Post, 'p');
    const tag = em.create(Tag, { label: 'new' });
    it.tags.add(tag);
    it.tags.remove('x');
    em.getReference(User, 'ann').following.add(bob, { weight: 2 });
    await em.flush();
    expect(test.written()).toEqual([
      `CREATE ONLY ${bob.id} CONTENT { age: 42, name: 'Bob', role: 'writer' } RETURN AFTER`,
      `CREATE ONLY ${tag.id} CONTENT { label: 'new' } RETURN NONE`,
      `UPDATE ONLY post:p SET tags +?= [${tag.id}], tags -= [tag:x], version += 1 RETURN AFTER`,
      withMadeKeys(`RELATE ONLY user:ann->follows:*->${bob.id} CONTENT { weight: 2 } RETURN NONE`),
    ]);
    expect((await stored('post'))['tags']).toEqual([tag.id]);
    expect(await stored('follows')).toMatchObject({ weight: 2 });
    expect(it).toMatchObject({ title: 'Hi', stars: 3 });
  });

  it('a reference can be removed; one that is not there is an error', async () => {
    em.remove(em.getReference(Post, 'p'));
    await em.flush();
    expect(test.written()).toEqual(['DELETE [post:p] RETURN NONE']);
    expect(await stored('post')).toEqual({});
    const gone = em.getReference(Team, 'gone');
    em.remove(gone);
    await expect(em.flush()).rejects.toBeInstanceOf(EntityNotFoundError);
    em.persist(gone);
    await em.flush();
    gone.name = 'x';
    await expect(em.flush()).rejects.toBeInstanceOf(EntityNotFoundError);
    em.clear();
  });

  it('a reference can be linked to', async () => {
    const mine = em.create(Post, {
      title: 'New',
      author: em.getReference(User, 'ann'),
      tags: [em.getReference(Tag, 'x')],
    });
    const edge = em.create(Follows, { in: em.getReference(User, 'ann'), out: 'ann' });
    await em.flush();
    expect(test.written()).toEqual([
      `CREATE ONLY ${mine.id} CONTENT { author: user:ann, tags: [tag:x], title: 'New', version: 1 } RETURN AFTER`,
      `RELATE ONLY user:ann->${edge.id}->user:ann CONTENT {  } RETURN NONE`,
    ]);
    expect(await stored('follows')).toMatchObject({ in: ann.id, out: ann.id });
    expect(mine.author.isLoaded).toBe(false);
    expect((await mine.author.load()).name).toBe('Ann');
  });

  it('a partial entity is linked to, added, looked for and removed as its id', async () => {
    const [user] = await em.find(User, {}, { select: ['name'] });
    const [tag] = await em.find(Tag, {}, { omit: ['label'] });
    const it = await em.findOneOrFail(Post, 'p');
    if (user === undefined || tag === undefined) throw new Error('they are stored');
    expect(await it.tags.contains(tag)).toBe(true);
    expect(await em.count(Post, { author: user })).toBe(1);
    expect(await em.count(Post, { author: { $in: [user] } })).toBe(1);
    it.tags.remove(tag);
    const mine = em.create(Post, { title: 'New', author: user, tags: [tag] });
    test.clear();
    await em.flush();
    it.tags.add(tag);
    it.author.set(user);
    await em.flush();
    expect(test.written()).toEqual([
      `CREATE ONLY ${mine.id} CONTENT { author: user:ann, tags: [tag:x], title: 'New', version: 1 } RETURN AFTER`,
      'UPDATE ONLY post:p SET tags -= [tag:x], version += 1 RETURN AFTER',
      'UPDATE ONLY post:p SET tags +?= [tag:x], version += 1 RETURN AFTER',
    ]);
  });
});
