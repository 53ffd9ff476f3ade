import { setTimeout as delay } from 'node:timers/promises';
import fc from '../support/property';
import { CapabilityError, ValidationError, type EntityManager, type LiveList } from '../../lib/index.js';
import { eventually } from '../server/support/eventually.js';
import { backends } from '../support/backends.js';
import { Post, Role, User } from '../support/entities.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

const READER = { age: 1, role: Role.Reader };

describe.each(backends)('a live list on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;
  const lists: { close(): Promise<void> }[] = [];
  beforeAll(async () => {
    test = await openOrm(backend);
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
  });
  afterEach(async () => {
    await Promise.all(lists.splice(0).map((list) => list.close()));
    expect(test.orm.core.lists.size).toBe(0);
    if (backend.stateful) await em.delete(User).all().execute();
  });

  if (!backend.stateful) {
    it('is a CapabilityError', async () => {
      await expect(em.liveList(User)).rejects.toBeInstanceOf(CapabilityError);
    });
    return;
  }

  function keep<L extends { close(): Promise<void> }>(list: L): L {
    lists.push(list);
    return list;
  }
  const people = (...names: string[]) => names.map((name) => em.create(User, { ...READER, name }));
  const names = (list: LiveList<User>) => list.items.map(({ name }) => name);
  const openByName = async (limit?: number) =>
    keep(await em.liveList(User, { age: { $gte: 1 } }, { orderBy: { name: 'asc' }, ...(limit && { limit }) }));

  /** What was told of a list, as `action name from→to`. */
  function logOf(list: LiveList<User>): string[] {
    const log: string[] = [];
    for (const action of ['create', 'update', 'delete', 'leave'] as const)
      list.on(action, ({ entity, index, previousIndex }) =>
        log.push(`${action} ${entity.name} ${previousIndex ?? ''}→${index ?? ''}`),
      );
    return log;
  }

  it('holds what a find gives, and follows it', async () => {
    const [ben] = people('Ben', 'Dan');
    await em.flush();
    const list = await openByName();
    const log = logOf(list);
    expect(names(list)).toEqual(['Ben', 'Dan']);
    const before = list.items;

    people('Ann', 'Cid');
    await em.flush();
    await eventually(() => expect(names(list)).toEqual(['Ann', 'Ben', 'Cid', 'Dan']));
    expect(before.map(({ name }) => name)).toEqual(['Ben', 'Dan']);

    (ben as User).name = 'Eve';
    await em.flush();
    await eventually(() => expect(names(list)).toEqual(['Ann', 'Cid', 'Dan', 'Eve']));
    (ben as User).age = 0;
    await em.flush();
    await eventually(() => expect(names(list)).toEqual(['Ann', 'Cid', 'Dan']));
    await em.delete(User).where({ name: 'Ann' }).execute();
    await eventually(() => expect(names(list)).toEqual(['Cid', 'Dan']));
    expect(log).toEqual(['create Ann →0', 'create Cid →2', 'update Eve 1→3', 'leave Eve 3→', 'delete Ann 0→']);
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('gives its changes to a loop, which may be left and begun again', async () => {
    const list = await openByName();
    people('Ann', 'Ben');
    await em.flush();
    for await (const change of list) {
      expect([change.action, change.entity?.name]).toEqual(['create', 'Ann']);
      break;
    }
    expect(list.closed).toBe(false);
    for await (const change of list) {
      expect([change.action, change.entity?.name]).toEqual(['create', 'Ben']);
      await list.close();
    }
    expect(list.closed).toBe(true);
    expect(names(list)).toEqual(['Ann', 'Ben']);
  });

  it('is bounded: records move up, and are pushed out', async () => {
    people('B', 'D', 'F');
    await em.flush();
    const list = await openByName(2);
    const log = logOf(list);
    expect(names(list)).toEqual(['B', 'D']);
    people('A');
    await em.flush();
    await eventually(() => expect(names(list)).toEqual(['A', 'B']));
    people('E');
    await em.flush();
    await em.delete(User).where({ name: 'A' }).execute();
    await eventually(() => expect(names(list)).toEqual(['B', 'D']));
    await em.delete(User).where({ name: 'B' }).execute();
    await eventually(() => expect(names(list)).toEqual(['D', 'E']));
    expect(log).toEqual(['leave D 1→', 'create A →0', 'delete A 0→', 'create D →1', 'delete B 0→', 'create E →1']);
  });

  it('reads again when its spare records are used up', async () => {
    people(...Array.from({ length: 40 }, (_, at) => String(at).padStart(2, '0')));
    await em.flush();
    const list = await openByName(3);
    await em
      .delete(User)
      .where({ name: { $lt: '30' } })
      .execute();
    await eventually(() => expect(names(list)).toEqual(['30', '31', '32']));
  });

  it('follows an order that only the server knows', async () => {
    const [zoe, abe] = people('Zoe', 'Abe') as [User, User];
    em.create(Post, { title: 'by Zoe', author: zoe });
    await em.flush();
    const list = keep(await em.liveList(Post, {}, { orderBy: { author: { name: 'asc' } }, fetch: { author: true } }));
    em.create(Post, { title: 'by Abe', author: abe });
    await em.flush();
    await eventually(() => expect(list.items.map(({ title }) => title)).toEqual(['by Abe', 'by Zoe']));
    expect(list.items.map(({ author }) => author.get().name)).toEqual(['Abe', 'Zoe']);
    await em.delete(Post).all().execute();
    await eventually(() => expect(list.items).toEqual([]));
  });

  it('hears of interactive commits of this process, of which the server says nothing', async () => {
    const list = await openByName();
    await em.transaction(async (tx) => void tx.create(User, { ...READER, name: 'Ann' }), { mode: 'interactive' });
    await eventually(() => expect(names(list)).toEqual(['Ann']));
    const ann = await em.findOneOrFail(User, { name: 'Ann' });
    await em.transaction(
      async (tx) => {
        tx.remove(await tx.findOneOrFail(User, ann.id));
      },
      { mode: 'interactive' },
    );
    const log = logOf(list);
    await eventually(() => expect(names(list)).toEqual([]));
    expect(log.at(-1)).toBe('delete Ann 0→');
  });

  it('is not undone by the events of older writes that come after an interactive commit', async () => {
    const list = await openByName();
    for (let round = 0; round < 5; round += 1) {
      const [short] = people('Short');
      await em.flush();
      await em.transaction(async (tx) => tx.remove(await tx.findOneOrFail(User, short!.id)), { mode: 'interactive' });
      em = test.orm.em.fork();
    }
    await delay(300);
    expect(names(list)).toEqual([]);
  });

  it('tells of no change that was made before it was handed out', async () => {
    let ends = false;
    const writing = (async () => {
      while (!ends)
        await em.transaction(async (tx) => void tx.create(User, { ...READER, name: 'Ann' }), { mode: 'interactive' });
    })();
    const copies: { readonly list: LiveList<User>; readonly copy: User[] }[] = [];
    for (let round = 0; round < 10; round += 1) {
      const list = await openByName();
      const copy = [...list.items];
      copies.push({ list, copy });
      for (const action of ['create', 'update', 'delete', 'leave'] as const)
        list.on(action, ({ entity, index, previousIndex }) => {
          if (previousIndex !== undefined) copy.splice(previousIndex, 1);
          if (index !== undefined) copy.splice(index, 0, entity);
        });
    }
    ends = true;
    await writing;
    const count = await em.count(User);
    for (const { list, copy } of copies)
      await eventually(() => expect([list.items.length, copy.length]).toEqual([count, count]));
  });

  it('reads again as often as it is told', async () => {
    const list = keep(await em.liveList(User, {}, { orderBy: { name: 'asc' }, resyncEvery: 50 }));
    const tx = await test.orm.driver.begin();
    await tx.query("CREATE user:quiet SET name = 'Quiet', age = 1, role = 'reader'");
    await tx.commit();
    await eventually(() => expect(names(list)).toEqual(['Quiet']));
  });

  it('ends when it is aborted', async () => {
    const abort = new AbortController();
    const list = keep(await em.liveList(User, {}, { signal: abort.signal }));
    abort.abort();
    expect(list.closed).toBe(true);
    await expect(em.liveList(User, {}, { signal: abort.signal })).rejects.toBe(abort.signal.reason);
  });

  it('refuses what cannot be right', async () => {
    await expect(em.liveList(User, {}, { limit: 0 })).rejects.toBeInstanceOf(ValidationError);
    await expect(em.liveList(User, {}, { orderBy: { nme: 'asc' } as never })).rejects.toBeInstanceOf(ValidationError);
    await expect(em.liveList(User, {}, { order: { name: 'asc' } } as never)).rejects.toThrow('orderBy');
  });

  it('always comes to equal what a find gives, whatever is written', async () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'ﬁ', '😀');
    const step = fc.record({
      key: fc.integer({ min: 1, max: 6 }),
      name,
      age: fc.integer({ min: 0, max: 3 }),
      gone: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 25 }),
        fc.constantFrom(undefined, 1, 3),
        fc.constantFrom('asc' as const, 'desc' as const),
        async (steps, limit, direction) => {
          const options = { orderBy: [{ age: direction }, { name: 'asc' as const }], ...(limit && { limit }) };
          const where = { age: { $gte: 1 } };
          const list = await em.liveList(User, where, options);
          const mirror: string[] = [];
          list.on('create', ({ id, index }) => mirror.splice(index as number, 0, String(id)));
          list.on('update', ({ id, index, previousIndex }) => {
            expect(mirror.splice(previousIndex as number, 1)).toEqual([String(id)]);
            mirror.splice(index as number, 0, String(id));
          });
          for (const action of ['delete', 'leave'] as const)
            list.on(action, ({ id, previousIndex }) =>
              expect(mirror.splice(previousIndex as number, 1)).toEqual([String(id)]),
            );
          for (const { key, gone, ...data } of steps) {
            if (gone) await em.deleteWhere(User, { id: `k${key}` });
            else await em.upsert(User, { id: `k${key}` as never, role: Role.Reader, ...data });
          }
          const wanted = (await em.fork().find(User, where, options)).map(({ id }) => String(id));
          await eventually(() => expect(list.items.map(({ id }) => String(id))).toEqual(wanted));
          await eventually(() => expect(mirror).toEqual(wanted));
          await list.close();
          await em.deleteWhere(User, { age: { $gte: 0 } });
          em.clear();
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);
});
