import {
  avg,
  count,
  CapabilityError,
  surql,
  ValidationError,
  type CachedAnswer,
  type CacheOptions,
  type EntityManager,
  type QueryCacheStore,
} from '../../lib/index.js';
import { backend, backends, type OpenBackend } from '../support/backends.js';
import { cachedEntities, Journal, Passes, Player, Counted, Team, Weather } from '../support/cached-entities.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

const BORN = new Date('2001-02-03T04:05:06.789Z');

async function seed(em: EntityManager): Promise<void> {
  await em.query(surql`DELETE team; DELETE player; DELETE passes; DELETE journal; DELETE \`weather-report\``);
  await em.insert(Team, [
    { id: 'reds', name: 'Reds' },
    { id: 'blues', name: 'Blues' },
  ]);
  await em.insert(Player, [
    { id: 'ann', name: 'Ann', goals: 3, born: BORN, team: 'reds' },
    { id: 'bob', name: 'Bob', goals: 1, born: BORN, team: 'blues' },
  ]);
  await em.insert(Weather, [{ id: 'now', degrees: 21 }]);
  await em.relate('ann', Passes, 'bob', { times: 2 });
}

describe.each(backends)('the cache on $name', (backend) => {
  let test: TestOrm;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: cachedEntities });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await seed(test.orm.em.fork());
    await test.orm.cache.clear();
    test.clear();
  });

  /** How many requests a read takes, in an EntityManager that knows nothing. */
  async function requests(read: (em: EntityManager) => PromiseLike<unknown>): Promise<number> {
    test.clear();
    const em = test.orm.em.fork();
    await read(em);
    const sent = test.sent().length;
    await em.flush();
    expect(test.sent()).toHaveLength(sent);
    return sent;
  }

  const teams = (em: EntityManager) => em.find(Team, { name: { $ne: 'Greens' } }, { cache: true });

  it('a read that asks for it is sent once; one that does not is sent', async () => {
    expect(await requests(teams)).toBe(1);
    expect(await requests(teams)).toBe(0);
    expect(await requests((em) => em.find(Team, { name: { $ne: 'Greens' } }))).toBe(1);
    expect(await requests((em) => em.find(Team, { name: { $ne: 'Greys' } }, { cache: true }))).toBe(1);
  });

  it('what comes from it is what was read: managed entities of their own, every value, relations too', async () => {
    const read = (em: EntityManager) =>
      em.find(Player, {}, { orderBy: { name: 'asc' }, fetch: { team: true, passes: true }, cache: true });
    const first = await read(test.orm.em.fork());
    test.clear();
    const em = test.orm.em.fork();
    const [ann, bob] = await read(em);
    expect(test.sent()).toEqual([]);
    expect(ann).not.toBe(first[0]);
    expect(ann).toBeInstanceOf(Player);
    expect(ann).toMatchObject({ name: 'Ann', goals: 3, born: BORN, teamName: 'Reds' });
    expect(ann?.team.get().name).toBe('Reds');
    expect(ann?.passes.get()).toEqual([bob]);
    expect(ann?.passes.edges()[0]?.times).toBe(2);
    ann!.goals = 4;
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    expect((await read(test.orm.em.fork()))[0]?.goals).toBe(4);
  });

  it('everything that reads takes it', async () => {
    const cache = '1m';
    const all: readonly ((em: EntityManager) => PromiseLike<unknown>)[] = [
      (em) => em.findOne(Team, 'reds', { cache }),
      (em) => em.findOneOrFail(Team, { name: 'Reds' }, { cache }),
      (em) => em.findAndCount(Team, {}, { cache }),
      (em) => em.findPage(Team, {}, { first: 1, total: true, cache }),
      (em) => em.count(Team, { name: 'Reds' }, { cache }),
      (em) => em.exists(Team, { name: 'Blues' }, { cache }),
      (em) => em.aggregate(Player, { groupBy: ['team'], select: { n: count(), mean: avg('goals') }, cache }),
      (em) =>
        em
          .select(Player)
          .where({ goals: { $gt: 0 } })
          .cache(cache)
          .list(),
      (em) => em.select(Player).cache(cache).value('name'),
      (em) => em.traverse(em.getReference(Player, 'ann')).out(Passes).to(Player).list({ cache }),
    ];
    for (const read of all) {
      expect(await requests(read)).toBeGreaterThan(0);
      expect(await requests(read)).toBe(0);
    }
  });

  describe('writes end what they touch', () => {
    const players = (em: EntityManager) => em.find(Player, {}, { cache: true });
    const weather = (em: EntityManager) => em.find(Weather, {}, { cache: true });
    const linked = (em: EntityManager) => em.find(Player, { team: { name: 'Reds' } }, { cache: true });
    const inverse = (em: EntityManager) => em.find(Team, {}, { fetch: { players: true }, cache: true });
    const subquery = (em: EntityManager) =>
      em.find(Weather, { degrees: { $nin: em.select(Player).value('goals') } }, { cache: true });
    const passes = (em: EntityManager) => em.find(Player, { passes: { $size: 1 } }, { cache: true });
    const counted = (em: EntityManager) => em.find(Counted, {}, { cache: true });
    const journal = (em: EntityManager) => em.find(Journal, {}, { cache: true });

    type Read = (em: EntityManager) => PromiseLike<unknown>;
    type Write = (em: EntityManager) => PromiseLike<unknown>;
    const flushed: Write = async (em) => {
      (await em.findOneOrFail(Player, 'ann')).goals = 9;
      await em.flush();
    };
    const cases: readonly (readonly [string, Write, readonly Read[], readonly Read[]])[] = [
      ['a flush', flushed, [players, linked, inverse, subquery, journal], [weather, teams]],
      [
        'updateWhere',
        (em) => em.updateWhere(Team, { name: 'Reds' }, { name: 'Rot' }),
        [teams, linked, inverse],
        [weather],
      ],
      [
        'a computed field behind a link',
        (em) => em.patch(Team, 'reds', { name: 'Rot' }),
        [players],
        [weather, journal],
      ],
      [
        'insert',
        (em) => em.insert(Weather, [{ id: 'then', degrees: 3 }]),
        [weather, subquery, counted],
        [players, teams],
      ],
      ['upsert', (em) => em.upsert(Weather, { id: 'now', degrees: 3 }), [weather], [players]],
      ['relate', (em) => em.relate('bob', Passes, 'ann', { times: 1 }), [passes], [weather, teams]],
      ['unrelateAll', (em) => em.unrelateAll(em.getReference(Player, 'ann'), Passes), [passes], [weather]],
      ['a deletion that cascades', (em) => em.deleteWhere(Team, 'reds'), [teams, players, passes], [weather]],
      ['raw SurrealQL', (em) => em.query(surql`UPDATE ${Player} SET goals += 1`), [players, journal], [weather]],
      [
        'raw, by a bound id',
        (em) => em.query(surql`UPDATE ${em.getReference(Team, 'reds').id} SET name = 'X'`),
        [teams],
        [weather],
      ],
      ['a table with no simple name', (em) => em.query(surql`UPDATE ${Weather} SET degrees = 1`), [weather], [teams]],
      ['the bare connection', () => test.orm.driver.query('UPDATE team SET name = "Y"'), [teams], [weather]],
      [
        'what may do anything',
        (em) => em.query(surql`RETURN fn::nothing()`).catch(() => undefined),
        [teams, weather],
        [],
      ],
      [
        'a deferred transaction',
        (em) => em.transaction((tx) => tx.updateWhere(Team, { name: 'Reds' }, { name: 'Z' })),
        [teams],
        [weather],
      ],
    ];

    it.each(cases)('%s', async (_title, write, ended, kept) => {
      for (const read of [...ended, ...kept]) await read(test.orm.em.fork());
      await write(test.orm.em.fork());
      const again = [];
      for (const read of ended) again.push(await requests(read));
      expect(again).toEqual(ended.map(() => 1));
      for (const read of kept) expect(await requests(read)).toBe(0);
    });

    it('a read sees nothing of a cache inside a transaction, and leaves nothing there', async () => {
      await teams(test.orm.em.fork());
      test.clear();
      await test.orm.em.fork().transaction(async (tx) => {
        await teams(tx);
        await tx.find(Weather, {}, { cache: true });
      });
      expect(test.sent()).toHaveLength(2);
      expect(await requests(weather)).toBe(1);
    });

    if (backend.stateful)
      it('an interactive transaction ends it when it ends, and nothing is kept meanwhile', async () => {
        await teams(test.orm.em.fork());
        await test.orm.em.fork().transaction(
          async (tx) => {
            await tx.updateWhere(Team, { name: 'Reds' }, { name: 'Inner' });
            await teams(test.orm.em.fork());
            await test.orm.em.fork().find(Team, { name: { $ne: 'Inner' } }, { cache: true });
          },
          { mode: 'interactive' },
        );
        const names = (await teams(test.orm.em.fork())).map(({ name }) => name).sort();
        expect(names).toEqual(['Blues', 'Inner']);
        expect(await requests((em) => em.find(Team, { name: { $ne: 'Inner' } }, { cache: true }))).toBe(1);
      });

    it('what is read while it is written is not kept', async () => {
      const em = test.orm.em.fork();
      const reads = Array.from({ length: 10 }, () =>
        test.orm.em.fork().find(Team, {}, { cache: true, orderBy: { name: 'asc' } }),
      );
      await Promise.all([em.updateWhere(Team, { name: 'Reds' }, { name: 'Aces' }), ...reads]);
      const after = await test.orm.em.fork().find(Team, {}, { cache: true, orderBy: { name: 'asc' } });
      expect(after.map(({ name }) => name)).toEqual(['Aces', 'Blues']);
    });
  });

  it('time ends it', async () => {
    const read = (em: EntityManager) => em.find(Weather, {}, { cache: 40 });
    expect(await requests(read)).toBe(1);
    expect(await requests(read)).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await requests(read)).toBe(1);
  });

  it('by hand: by entity, by table, by key, all of it; refresh asks anew and keeps the answer', async () => {
    const read = (em: EntityManager) => em.find(Team, {}, { cache: { ttl: '1h', key: 'teams' } });
    const { cache } = test.orm;
    for (const end of [
      () => cache.invalidate(Team),
      () => cache.invalidate('team'),
      () => cache.forget('teams'),
      () => cache.clear(),
    ]) {
      await read(test.orm.em.fork());
      expect(await requests(read)).toBe(0);
      await end();
      expect(await requests(read)).toBe(1);
    }
    await cache.invalidate(Player);
    await cache.forget('others');
    expect(await requests(read)).toBe(0);
    expect(await requests((em) => em.find(Team, {}, { cache: true, refresh: true }))).toBe(1);
    expect(await requests(read)).toBe(0);
    const { hits, misses } = cache.stats();
    expect([hits > 0, misses > 0]).toEqual([true, true]);
  });

  it('named tables stand instead of those that are seen', async () => {
    const read = (em: EntityManager) => em.find(Player, {}, { cache: { tables: [Player] } });
    await read(test.orm.em.fork());
    await test.orm.em.fork().patch(Team, 'reds', { name: 'Rot' });
    expect(await requests(read)).toBe(0);
    await test.orm.em.fork().patch(Player, 'ann', { goals: 5 });
    expect(await requests(read)).toBe(1);
  });

  it('options that cannot be right are refused before anything is sent', async () => {
    const em = test.orm.em.fork();
    const wrong = [0, -1, NaN, 'soon', '0s', [], { ttl: 'soon' }, { tll: 5 }, { key: '' }, { tables: [Date] }];
    for (const cache of wrong)
      await expect(em.find(Team, {}, { cache: cache as CacheOptions })).rejects.toThrow(ValidationError);
    expect(test.sent()).toEqual([]);
  });

  it('a live watch hears what others write, where there are live queries', async () => {
    const read = (em: EntityManager) => em.find(Team, {}, { cache: { live: true } });
    if (!backend.stateful) return expect(read(test.orm.em.fork())).rejects.toThrow(CapabilityError);
    await read(test.orm.em.fork());
    expect(await requests(read)).toBe(0);
    const hidden = {
      text: 'UPDATE team:reds SET name = "Elsewhere"',
      bindings: {},
      access: 'read',
      purpose: 'raw',
    } as const;
    // The watch of this process takes it for a read, as it would not see another's write.
    await test.orm.driver.execute(hidden);
    for (let tries = 0; tries < 50 && (await requests(read)) === 0; tries++)
      await new Promise((done) => setTimeout(done, 20));
    const [reds] = await test.orm.em.fork().find(Team, 'reds', { cache: { live: true } });
    expect(reds?.name).toBe('Elsewhere');
    const anywhere = test.orm.em.fork().find(Team, surql`fn::yes()`, { cache: { live: true } });
    await expect(anywhere).rejects.toThrow(ValidationError);
  });
});

describe.each(backends)('whose answers they are, on $name', (backend) => {
  it('those of one place and user are for nobody else', async () => {
    const test = await openOrm(backend, { entities: cachedEntities });
    await seed(test.orm.em.fork());
    const read = (em: EntityManager) => em.find(Weather, {}, { cache: true });
    expect(await read(test.orm.em.fork())).toHaveLength(1);
    const elsewhere = test.orm.em.fork({ database: 'elsewhere' });
    await elsewhere.query(surql`DEFINE TABLE ${Weather} SCHEMALESS`);
    await test.orm.em.fork().find(Weather, {}, { cache: true });
    expect(await read(elsewhere)).toEqual([]);
    // The embedded engine has no users to be nobody of.
    if (backend.name !== 'embedded') await expect(read(test.orm.em.fork({ auth: 'anonymous' }))).rejects.toThrow();
    expect(await read(test.orm.em.fork())).toHaveLength(1);
    await test.close();
  });
});

describe('where answers are kept', () => {
  const { open } = backend('embedded');
  const embedded = { name: 'embedded', stateful: true, open: (): Promise<OpenBackend> => open() } as const;

  it('in memory, so many and so large; those go first that were not asked for', async () => {
    const test = await openOrm(embedded, { entities: cachedEntities, cache: { size: 2 } });
    const em = test.orm.em.fork();
    await seed(em);
    const ask = async (degrees: number): Promise<number> => {
      test.clear();
      await test.orm.em.fork().count(Weather, { degrees }, { cache: true });
      return test.sent().length;
    };
    expect([await ask(1), await ask(2), await ask(1), await ask(3), await ask(1), await ask(2)]).toEqual([
      1, 1, 0, 1, 0, 1,
    ]);
    await test.close();

    const narrow = await openOrm(embedded, { entities: cachedEntities, cache: { bytes: 10 } });
    await seed(narrow.orm.em.fork());
    await narrow.orm.em.fork().find(Team, {}, { cache: true });
    narrow.clear();
    await narrow.orm.em.fork().find(Team, {}, { cache: true });
    expect(narrow.sent()).toHaveLength(1);
    await narrow.close();
  });

  it('nowhere, where the cache is switched off', async () => {
    const test = await openOrm(embedded, { entities: cachedEntities, cache: false });
    await seed(test.orm.em.fork());
    test.clear();
    for (let i = 0; i < 2; i++) await test.orm.em.fork().find(Team, {}, { cache: true });
    expect(test.sent()).toHaveLength(2);
    await test.close();
  });

  it('in a store of the user, which sees bytes and tags; one that fails is one that has nothing', async () => {
    const kept = new Map<string, CachedAnswer>();
    let isBroken = false;
    const guard = () => {
      if (isBroken) throw new Error('the store is away');
    };
    const store: QueryCacheStore = {
      get: (key) => Promise.resolve(kept.get(key)).finally(guard),
      set: async (key, answer, ttl) => {
        guard();
        expect(ttl).toBe(5_000);
        await Promise.resolve(kept.set(key, answer));
      },
      invalidate: async (tags) => {
        guard();
        for (const [key, answer] of kept) if (answer.tags.some((tag) => tags.includes(tag))) kept.delete(key);
        await Promise.resolve();
      },
      clear: () => kept.clear(),
    };
    const test = await openOrm(embedded, { entities: cachedEntities, cache: { ttl: '5s', store } });
    await seed(test.orm.em.fork());
    const read = () => test.orm.em.fork().find(Player, {}, { fetch: { team: true }, cache: true });
    await read();
    expect([...kept.values()].map(({ tags }) => [...tags].sort())).toEqual([['player', 'team']]);
    test.clear();
    expect((await read())[0]?.born).toEqual(BORN);
    expect(test.sent()).toEqual([]);
    await test.orm.em.fork().patch(Team, 'reds', { name: 'Rot' });
    expect(kept.size).toBe(0);
    isBroken = true;
    test.clear();
    expect(await read()).toHaveLength(2);
    expect(await read()).toHaveLength(2);
    expect(test.sent()).toHaveLength(2);
    expect(test.orm.cache.stats().failures).toBeGreaterThan(0);
    await test.close();
  });
});
