import { ValidationError, type EntityManager, type LiveConflict, type LiveResolution } from '../../lib/index.js';
import { eventually } from '../server/support/eventually.js';
import { backends } from '../support/backends.js';
import { Role, User } from '../support/entities.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

describe.each(backends.filter(({ stateful }) => stateful))('live into the unit of work on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;
  let other: EntityManager;
  let abort: AbortController;
  beforeAll(async () => {
    test = await openOrm(backend);
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
    other = test.orm.em.fork();
    abort = new AbortController();
  });
  afterEach(async () => {
    abort.abort();
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  async function listen(resolution?: LiveResolution) {
    const conflicts: LiveConflict<User>[] = [];
    const log: string[] = [];
    const onConflict = (conflict: LiveConflict<User>) => {
      conflicts.push(conflict);
      return resolution;
    };
    const stream = await em.live(User, {}, { managed: true, onConflict, signal: abort.signal });
    stream.subscribe(({ action, entity }) => log.push(`${action} ${entity?.name ?? ''}`));
    return { conflicts, log };
  }

  async function ann(): Promise<{ mine: User; theirs: User }> {
    const mine = em.create(User, { name: 'Ann', age: 1, role: Role.Reader });
    await em.flush();
    return { mine, theirs: await other.findOneOrFail(User, mine.id) };
  }

  it('refreshes a clean entity, the same instance', async () => {
    const { mine, theirs } = await ann();
    const { log, conflicts } = await listen();
    theirs.age = 2;
    await other.flush();
    await eventually(() => expect(mine.age).toBe(2));
    await eventually(() => expect(log).toEqual(['update Ann']));
    expect(conflicts).toEqual([]);
    expect(em.changeSets()).toEqual([]);
  });

  it('manages what it did not know', async () => {
    const { log } = await listen();
    const ben = other.create(User, { name: 'Ben', age: 1, role: Role.Reader });
    await other.flush();
    await eventually(() => expect(log).toEqual(['create Ben']));
    test.clear();
    const mine = await em.findOneOrFail(User, ben.id);
    expect(test.sent()).toEqual([]);
    mine.age = 5;
    await em.flush();
    await other.refresh(ben);
    expect(ben.age).toBe(5);
  });

  it('lets go of a clean entity that was deleted', async () => {
    const { mine, theirs } = await ann();
    const { log } = await listen();
    other.remove(theirs);
    await other.flush();
    await eventually(() => expect(log).toEqual(['delete Ann']));
    expect(await em.findOne(User, mine.id)).toBeNull();
  });

  it('is not disturbed by its own flushes, however fast they follow each other', async () => {
    const { mine } = await ann();
    const { log, conflicts } = await listen();
    for (let age = 10; age < 20; age += 1) {
      mine.age = age;
      await em.flush();
      mine.name = `Ann ${age}`;
    }
    await em.flush();
    await eventually(() => expect(log).toHaveLength(11));
    expect(conflicts).toEqual([]);
    expect([mine.age, mine.name]).toEqual([19, 'Ann 19']);
  });

  it.each([
    ['mine', 'mine' as const, 7, 'Ann'],
    ['mine, when nothing is said', undefined, 7, 'Ann'],
    ['theirs', 'theirs' as const, 2, 'Anna'],
    ['merge', 'merge' as const, 7, 'Anna'],
  ])('asks about an entity with changes of its own: %s', async (_, resolution, age, name) => {
    const { mine, theirs } = await ann();
    const { log, conflicts } = await listen(resolution);
    mine.age = 7;
    theirs.age = 2;
    theirs.name = 'Anna';
    await other.flush();
    await eventually(() => expect(log).toHaveLength(1));
    expect(conflicts).toHaveLength(1);
    expect(conflicts[0]?.entity).toBe(mine);
    expect([conflicts[0]?.theirs?.age, conflicts[0]?.theirs?.name]).toEqual([2, 'Anna']);
    expect([mine.age, mine.name]).toEqual([age, name]);
    await em.flush();
    const [row] = await test.orm.em.fork().find(User, mine.id);
    expect([row?.age, row?.name]).toEqual([age, 'Anna']);
    if (resolution !== 'theirs') await eventually(() => expect(mine.name).toBe('Anna'));
  });

  it('asks about a changed entity that was deleted', async () => {
    const { mine, theirs } = await ann();
    const { conflicts } = await listen('theirs');
    mine.age = 7;
    other.remove(theirs);
    await other.flush();
    await eventually(() => expect(conflicts.map((each) => [each.action, each.theirs])).toEqual([['delete', null]]));
    await eventually(() => expect(em.changeSets()).toEqual([]));
  });

  it('lets the callback flush', async () => {
    const { mine, theirs } = await ann();
    let asked = 0;
    await em.live(
      User,
      {},
      {
        managed: true,
        signal: abort.signal,
        onConflict: async () => {
          asked += 1;
          await em.flush();
        },
      },
    );
    mine.age = 7;
    theirs.name = 'Anna';
    await other.flush();
    await eventually(() => expect([asked, mine.age, mine.name]).toEqual([1, 7, 'Anna']));
  });

  it('is not asked of one who manages nothing', async () => {
    await expect(em.live(User, {}, { onConflict: () => 'theirs' })).rejects.toThrow(
      /onConflict.*would never be called/,
    );
  });

  it('is refused inside a transaction', async () => {
    await expect(em.transaction((tx) => tx.live(User, {}, { managed: true }))).rejects.toBeInstanceOf(ValidationError);
  });
});
