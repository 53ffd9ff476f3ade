import { setTimeout as delay } from 'node:timers/promises';
import {
  AuthenticationError,
  CapabilityError,
  Field,
  Id,
  PermissionError,
  Relation,
  RequestContext,
  Table,
  ValidationError,
  count,
  surql,
  type EntityManager,
  type Link,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'person', permissions: { select: surql`id = $auth`, update: surql`id = $auth` } })
class Person {
  @Id() id!: RecordId<'person'>;
  @Field('string') name!: string;
}

const own = surql`owner = $auth`;
@Table({ name: 'note', permissions: { select: surql`shared OR owner = $auth`, create: own, update: own, delete: own } })
class Note {
  @Id() id!: RecordId<'note'>;
  @Field('string') text!: string;
  @Field('bool') shared!: boolean;
  @Relation(() => Person) owner!: Link<Person>;
}

/** `$auth.id` is a fetch. */
@Table({ name: 'profile', permissions: { select: surql`WHERE id = $auth.id`, update: surql`WHERE id = $auth.id` } })
class Profile {
  @Id() id!: RecordId<'profile'>;
  @Field('string') name!: string;
}

const as = (name: string) => ({ access: 'account', variables: { name } });

describe.each(backends)('forks with a place or a user of their own on $name', (backend) => {
  let test: TestOrm;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Person, Note, Profile] });
    await test.orm.em.fork().query(surql`
      DEFINE ACCESS account ON DATABASE TYPE RECORD SIGNIN (SELECT * FROM person WHERE name = $name);
      DEFINE ACCESS profile ON DATABASE TYPE RECORD SIGNIN (SELECT * FROM profile WHERE name = $name)`);
  });
  beforeEach(async () => {
    const em = test.orm.em.fork();
    await em.query(surql`DELETE note; DELETE person`);
    for (const name of ['ann', 'bob']) {
      const owner = em.create(Person, { id: name, name });
      em.create(Note, { id: name, text: `of ${name}`, shared: false, owner });
      em.create(Note, { id: `${name}-shared`, text: 'for all', shared: true, owner });
    }
    await em.flush();
    test.clear();
  });
  afterAll(() => test.close());

  const ids = async (em: EntityManager) => (await em.find(Note)).map(({ id }) => id.key).sort();

  it('PERMISSIONS show each user what is theirs, under interleaved requests', async () => {
    const request = (name: string, at: number) =>
      RequestContext.run(test.orm, { auth: as(name) }, async () => {
        await delay(at % 5);
        const { em } = test.orm;
        const mine = await em.findOneOrFail(Note, name);
        mine.text = `changed ${at}`;
        await em.flush();
        return { name, ids: await ids(em.fork()) };
      });
    const done = await Promise.all(Array.from({ length: 20 }, (_, at) => request(at % 2 === 0 ? 'ann' : 'bob', at)));
    for (const { name, ids: seen } of done) expect(seen).toEqual([name, 'ann-shared', 'bob-shared'].sort());
    expect(await ids(test.orm.em.fork())).toHaveLength(4);
  });

  it('of what a user does not see there are none, however they are counted', async () => {
    const em = test.orm.em.fork({ auth: as('ann') });
    const theirs = { owner: 'person:bob', shared: false } as const;
    expect(await em.count(Note, theirs)).toBe(0);
    expect(await em.exists(Note, theirs)).toBe(false);
    expect(await em.findAndCount(Note, theirs)).toEqual([[], 0]);
    expect(await em.aggregate(Note, { where: theirs, select: { n: count() } })).toEqual({ n: 0 });
    expect(await em.count(Note, { text: 'of nobody' })).toBe(0);
    expect(await em.count(Note)).toBe(3);
    await em.close();
  });

  it('a visible row that a user may not change, a refused create, a refused delete are PermissionErrors', async () => {
    const em = test.orm.em.fork({ auth: as('ann') });
    const theirs = await em.findOneOrFail(Note, 'bob-shared');
    const mine = await em.findOneOrFail(Note, 'ann');
    theirs.text = mine.text = 'mine now';
    await expect(em.flush()).rejects.toThrow(PermissionError);
    expect((await test.orm.em.fork().findOneOrFail(Note, 'ann')).text).toBe('of ann');
    theirs.text = 'for all';
    await em.flush();
    em.remove(theirs);
    await expect(em.flush()).rejects.toThrow(PermissionError);
    em.clear();
    em.create(Note, { id: 'forged', text: 'by bob?', shared: true, owner: 'person:bob' });
    await expect(em.flush()).rejects.toThrow(PermissionError);
    em.clear();
    em.create(Note, { id: 'fine', text: 'by ann', shared: false, owner: 'person:ann' });
    await em.flush();
    expect(await ids(em)).toEqual(['ann', 'ann-shared', 'bob-shared', 'fine']);
    em.remove(await em.findOneOrFail(Note, 'fine'));
    await em.flush();
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
    expect(await ids(test.orm.em.fork())).toEqual(['ann', 'ann-shared', 'bob', 'bob-shared']);
    await em.close();
  });

  it('a condition that the server cannot judge while the user’s own record is written says what to write instead', async () => {
    await test.orm.em.fork().upsert(Profile, { id: 'cy', name: 'cy' });
    const em = test.orm.em.fork({ auth: { access: 'profile', variables: { name: 'cy' } } });
    const cy = await em.findOneOrFail(Profile, 'cy');
    cy.name = 'Cy';
    const error = await em.flush().catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(PermissionError);
    expect((error as Error).message).toContain('say $auth in the condition');
    expect((await test.orm.em.fork().findOneOrFail(Profile, 'cy')).name).toBe('cy');
    await em.close();
  });

  it('a transaction is its user’s', async () => {
    const em = test.orm.em.fork({ auth: as('ann') });
    const seen = await em.transaction(async (tx) => {
      const [mine] = await tx.find(Note, { shared: false });
      if (mine !== undefined) mine.text = 'in a transaction';
      return (await tx.query<[RecordId]>(surql`RETURN $auth`))[0].key;
    });
    expect(seen).toBe('ann');
    const forged = em.transaction(async (tx) => {
      (await tx.findOneOrFail(Note, 'bob-shared')).text = 'mine';
    });
    await expect(forged).rejects.toThrow(PermissionError);
    if (!backend.stateful) return;
    await expect(em.transaction(async (tx) => tx.count(Note), { mode: 'interactive' })).rejects.toThrow(
      CapabilityError,
    );
  });

  it('a namespace and a database each have their own records', async () => {
    const here = test.orm.em.fork();
    const forks = [here.fork({ namespace: 'acme' }), here.fork({ database: 'other' })];
    for (const [at, em] of forks.entries()) {
      await em.query(surql`DEFINE TABLE IF NOT EXISTS person; DEFINE TABLE IF NOT EXISTS note`);
      em.create(Person, { id: 'ann', name: `ann ${at}` });
      await em.flush();
      test.clear();
      await em.flush();
      expect(test.sent()).toEqual([]);
    }
    const names = await Promise.all(
      [here, ...forks].map(async (em) => (await em.fork().findOneOrFail(Person, 'ann')).name),
    );
    expect(names).toEqual(['ann', 'ann 0', 'ann 1']);
    const [place] = await (forks[0] as EntityManager)
      .fork({ database: 'deep' })
      .query(surql`RETURN [session::ns(), session::db()]`);
    expect(place).toEqual(['acme', 'deep']);
  });

  it('a function that gives no credentials signs nobody in', async () => {
    for (const nothing of [undefined, null, {}]) {
      const em = test.orm.em.fork({ auth: () => nothing as never });
      await expect(em.find(Note)).rejects.toThrow(ValidationError);
      await expect(em.delete(Note).all().execute()).rejects.toThrow('The credentials cannot be read');
    }
  });

  it('nobody is anonymous by mistake', async () => {
    const { em } = test.orm;
    expect(() => em.fork({ auth: { token: '' } })).toThrow(AuthenticationError);
    expect(() => em.fork({ auth: { token: undefined } } as never)).toThrow(AuthenticationError);
    expect(() => em.fork({ auth: null } as never)).toThrow(ValidationError);
    expect(() => em.fork({ database: '' })).toThrow(ValidationError);
    await expect(em.fork({ auth: { token: 'a.b.c' } }).find(Note)).rejects.toThrow(AuthenticationError);
    expect(await ids(em.fork({ auth: undefined }))).toHaveLength(4);
    if (backend.name === 'embedded') expect(() => em.fork({ auth: 'anonymous' })).toThrow(CapabilityError);
    else await expect(em.fork({ auth: 'anonymous' }).find(Note)).rejects.toThrow(AuthenticationError);
  });
});
