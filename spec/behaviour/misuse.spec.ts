import { inspect } from 'node:util';
import { Field, Id, Reverie, Table, ValidationError, type EntityManager, type RecordId } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { Post, Role, Team, User } from '../support/entities.js';
import { openOrm } from '../support/open-orm.js';

/** As plain JavaScript sees it. */
type Loose = (...given: readonly unknown[]) => unknown;

const ANN = { name: 'Ann', age: 42, role: Role.Writer };

describe.each(backends)('what is easily done wrong, on $name', (backend) => {
  it('the EntityManager of a transaction says when the block has ended', async () => {
    const { orm, close } = await openOrm(backend);
    let leaked: EntityManager | undefined;
    await orm.em.fork().transaction(async (tx) => {
      leaked = tx;
      tx.create(Team, { name: 'Red' });
    });
    expect(() => leaked?.create(Team, { name: 'Lost' })).toThrow(/after its block had ended/);
    await expect(leaked?.flush()).rejects.toBeInstanceOf(ValidationError);
    expect(await orm.em.fork().count(Team)).toBe(1);
    await close();
  });

  it('a bulk insert links the entities of this EntityManager', async () => {
    const { orm, close } = await openOrm(backend);
    const em = orm.em.fork();
    const ann = em.create(User, ANN);
    await em.flush();
    expect(
      await em.insert(Post, [
        { title: 'a', author: ann },
        { title: 'b', author: ann.id },
      ]),
    ).toMatchObject({ inserted: 2 });
    expect(await em.count(Post, { author: ann })).toBe(2);
    await em.flush();
    await close();
  });

  it('closing waits for a flush that was started before it', async () => {
    const store = await backend.open();
    const options = {
      url: store.url,
      namespace: 'test',
      database: 'closing',
      entities: [Team],
      sync: 'safe',
      ...(store.auth && { auth: store.auth }),
    } as const;
    const orm = await Reverie.init(options);
    const em = orm.em.fork();
    em.create(Team, { name: 'Red' });
    const flushing = em.flush();
    const closing = orm.close();
    await expect(flushing).resolves.toBeUndefined();
    await closing;
    await expect(orm.em.fork().count(Team)).rejects.toMatchObject({ code: 'CONNECTION' });
    await store.close();
  });

  it('a raw query wants the tag', async () => {
    const { orm, close } = await openOrm(backend);
    await expect(orm.em.fork().query('SELECT 1' as never)).rejects.toThrow(/surql/);
    await close();
  });

  describe('errors say what, where, why and how', () => {
    const refusals: readonly (readonly [string, (em: EntityManager) => unknown, RegExp])[] = [
      [
        'a typo',
        (em) => em.find(User, { nmae: 'Ann' } as never),
        /^User has no field "nmae"\. Did you mean "name"\? It has id, /,
      ],
      ['no near name', (em) => em.find(User, { qqqq: 1 } as never), /^User has no field "qqqq"\. It has id, /],
      [
        'a where inside the where',
        (em) => em.find(User, { where: { name: 'Ann' } } as never),
        /How to fix: the conditions are this argument itself/,
      ],
      [
        "another ORM's option",
        (em) => em.find(User, {}, { relations: ['team'] } as never),
        /\{ fetch: \{ author: true/,
      ],
      ['an id that is undefined', (em) => em.findOne(User, undefined as never), /^One User is looked for, but its id/],
      ['data with a typo', (em) => em.create(User, { ...ANN, aeg: 3 } as never), /"aeg"\. Did you mean "age"\?\nHow/],
      [
        "a link given another table's id",
        (em) => em.create(Post, { title: 'x', author: 'team:red' }),
        /^Post\.author: "team:red" is no id of User: team is the table of Team/,
      ],
      [
        'a promise for an entity',
        (em) => em.create(Post, { title: 'x', author: em.findOne(User, {}) } as never),
        /was given Promise, .*\nHow to fix: await it first/,
      ],
      [
        'a class for an entity',
        (em) => em.remove(User),
        /^em\.remove\(\) was given the class User, which .*\n.*\n {2}- an entity is needed and not its class: em\.create\(User, /,
      ],
      [
        'an option of other pages',
        (em) => em.findPage(User, {}, { page: 2, pageSize: 10 } as never),
        /em\.findPage\(User, \{\}, \{ first: 20, after: cursor \}\)\n.*the options are first, after, last, before, total, fetch/,
      ],
      [
        'a new entity that is read again',
        (em) => em.refresh(em.create(User, ANN, { persist: false })),
        /^A new User user:\w+ cannot be read again: it is not in the database yet\nHow to fix: flush first/,
      ],
      [
        'a bigint that is looked for',
        (em) => em.findOneOrFail(User, { age: 99n } as never),
        /^No User matches \{"age":"99n"\}/,
      ],
      [
        'a where beside the class of a deletion',
        (em) => (em.delete as Loose).call(em, User, { name: 'Ann' }),
        /^em\.delete\(User, …\) takes nothing but the class: .*would be ignored\n.*\n {2}- em\.deleteWhere\(User, where\)\n/,
      ],
      [
        'a where beside the class of an update',
        (em) => (em.update as Loose).call(em, User, { name: 'Ann' }, { age: 1 }),
        /^em\.update\(User, …\) takes nothing but the class: .*\n.*\n {2}- em\.updateWhere\(User, where, changes\)\n/,
      ],
      [
        'a where beside the class of a select',
        (em) => (em.select as Loose).call(em, User, undefined),
        /^em\.select\(User, …\) takes nothing but the class: .*\n.*\n {2}- em\.find\(User, where, options\)\n/,
      ],
      [
        'a where given to the select of a repository',
        (em) => (em.getRepository(User).select as Loose).call(em.getRepository(User), { name: 'Ann' }),
        /^em\.select\(User, …\) takes nothing but the class/,
      ],
      ['no class', (em) => em.find(undefined as never, {}), /was given undefined: its file has not finished loading/],
      ['a name for a class', (em) => em.find('user' as never, {}), /it was given the text "user"\n/],
    ];
    it.each(refusals)('%s', async (_title, act, message) => {
      const { orm, close } = await openOrm(backend);
      const em = orm.em.fork();
      await expect((async () => act(em))()).rejects.toThrow(message);
      await em.flush();
      expect(await em.count(Post)).toBe(0);
      await close();
    });
  });

  it('values that are nearly right are told from those that are wrong', async () => {
    const { orm, close } = await openOrm(backend);
    const em = orm.em.fork();
    em.create(User, { ...ANN, born: '2026-01-01' } as never);
    em.create(User, { ...ANN, born: new Date('rubbish') });
    em.create(User, { ...ANN, name: Promise.resolve('Ann') } as never);
    em.create(User, { ...ANN, born: 'rubbish' } as never);
    const error = (await em.flush().catch((thrown: unknown) => thrown)) as ValidationError;
    expect(error.errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/got the text "2026-01-01"; write new Date\("2026-01-01"\)$/),
      expect.stringMatching(/got an invalid Date$/),
      expect.stringMatching(/got Promise that was not awaited$/),
      expect.stringMatching(/got the text "rubbish"$/),
    ]);
    await close();
  });

  it('an id that is taken says how to link instead', async () => {
    const { orm, close } = await openOrm(backend);
    const em = orm.em.fork();
    const red = em.create(Team, { name: 'Red' });
    await em.flush();
    const other = orm.em.fork();
    other.create(User, { ...ANN, team: { id: red.id, name: 'Red' } });
    await expect(other.flush()).rejects.toThrow(/- to link to it, give its id alone: data makes a new record$/);
    await close();
  });

  it('a constructor that wants arguments', async () => {
    @Table({ name: 'picky' })
    class Picky {
      @Id() id!: RecordId<'picky'>;
      @Field('string') name: string;
      constructor(data: { readonly name: string }) {
        this.name = data.name;
      }
    }
    const { orm, close } = await openOrm(backend, { entities: [Picky] });
    const em = orm.em.fork();
    expect(() => em.create(Picky, { name: 'x' })).toThrow(
      /^No Picky can be made: its constructor asks for arguments and is called without: Cannot read .*\nHow to fix:/,
    );
    em.persist(new Picky({ name: 'x' }));
    await em.flush();
    expect((await orm.em.fork().findOneOrFail(Picky, { name: 'x' })).name).toBe('x');
    await em.flush();
    await close();
  });

  it('a console shows what is loaded, and that a link stands between', async () => {
    const { orm, close } = await openOrm(backend);
    const seed = orm.em.fork();
    seed.create(Post, { title: 'x', author: { ...ANN, team: { name: 'Red' } } });
    await seed.flush();
    const unloaded = await orm.em.fork().findOneOrFail(Post, { title: 'x' });
    expect(inspect(unloaded.author)).toMatch(/^UnloadedLink \{ id: RecordId\(user:/);
    const user = await orm.em.fork().findOneOrFail(User, { name: 'Ann' });
    expect(inspect(user.posts)).toBe('Links(not loaded) {}');
    await user.posts.load();
    expect(inspect(user.posts)).toMatch(/^LoadedLinks\(1\) \[\s+Post \{/);
    await user.team?.load();
    expect(inspect(user.team, { depth: 2 })).toMatch(/^LoadedLink \{[^]*target: Team \{[^]*name: 'Red'/);
    await close();
  });
});
