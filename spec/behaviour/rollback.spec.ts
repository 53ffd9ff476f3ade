import fc from '../support/property';
import {
  Subscriber,
  TransactionConflictError,
  surql,
  type CommitEvent,
  type EntityManager,
  type Loaded,
} from '../../lib/index.js';
import { backends, type Backend } from '../support/backends.js';
import { Post, Role, Tag, Team, User } from '../support/entities.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { withMadeKeys } from '../support/statements.js';

const ANN = { name: 'Ann', age: 42, role: Role.Writer };

@Subscriber()
class Listener {
  static heard: string[] = [];
  static fails = false;
  /** Looks at what the application holds while afterRollback runs. */
  static look: () => void = () => undefined;
  afterCommit(_event: CommitEvent): void {
    Listener.heard.push('afterCommit');
  }
  afterRollback(): void {
    Listener.heard.push('afterRollback');
    Listener.look();
    if (Listener.fails) throw new Error('a hook that fails');
  }
}

const modesOf = ({ stateful }: Backend) =>
  stateful ? (['deferred', 'interactive'] as const) : (['deferred'] as const);

describe.each(backends)('rolled back transactions on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { subscribers: [Listener] });
  });
  afterAll(() => test.close());
  afterEach(() => expectInOrder(test, em));
  beforeEach(async () => {
    await test.orm.em.fork().query(surql`DELETE user; DELETE team; DELETE post; DELETE tag`);
    em = test.orm.em.fork();
    test.clear();
    Listener.heard = [];
    Listener.fails = false;
    Listener.look = () => undefined;
  });

  describe.each(modesOf(backend))('%s', (mode) => {
    it('whatever a block did to entities that it brought in, they are as before', async () => {
      const world = await makeWorld(em);
      const before = picture(em, world);
      await fc.assert(
        fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(STEPS)), { maxLength: 8 }), async (names) => {
          const failed = em.transaction(
            async (tx) => {
              for (const entity of Object.values(world)) tx.merge(entity);
              for (const name of names) await STEPS[name]?.(tx, world);
              throw new Error('no');
            },
            { mode, retry: false },
          );
          await expect(failed).rejects.toThrow('no');
          expect(picture(em, world)).toEqual(before);
        }),
        { numRuns: backend.name === 'embedded' ? 60 : 10 },
      );
      test.clear();
      await em.flush();
      expect(test.sent()).toEqual([]);
      expect(await em.fork().count(Team)).toBe(1);
    });

    it('changes that waited before the block still wait after it has failed', async () => {
      const red = em.create(Team, { name: 'Red' });
      await em.flush();
      red.name = 'Crimson';
      const green = em.create(Team, { name: 'Green' });
      const failed = em.transaction(
        async (tx) => {
          tx.merge(red).name = 'Pink';
          tx.merge(green);
          await tx.flush();
          throw new Error('no');
        },
        { mode, retry: false },
      );
      await expect(failed).rejects.toThrow('no');
      expect(em.changeSets().map(({ action, entity }) => [action, entity])).toEqual(
        expect.arrayContaining([
          ['update', red],
          ['create', green],
        ]),
      );
      test.clear();
      await em.flush();
      expect(test.written()).toEqual([
        `CREATE ONLY ${green.id} CONTENT { name: 'Green' } RETURN NONE`,
        `UPDATE ONLY ${red.id} SET name = 'Crimson' RETURN VALUE id`,
      ]);
      expect((await em.fork().find(Team)).map(({ name }) => name).sort()).toEqual(['Crimson', 'Green']);
      test.clear();
      await em.flush();
      expect(test.sent()).toEqual([]);
    });

    it('afterRollback finds the entities as they were before the block', async () => {
      const red = em.create(Team, { name: 'Red' });
      await em.flush();
      const seen: unknown[] = [];
      Listener.look = () => seen.push(red.name, em.contains(red));
      test.clear();
      const failed = em.transaction(
        async (tx) => {
          tx.merge(red).name = 'Pink';
          await tx.flush();
          throw new Error('no');
        },
        { mode, retry: false },
      );
      await expect(failed).rejects.toThrow('no');
      expect(seen).toEqual(['Red', true]);
      const sent = mode === 'interactive' ? [`UPDATE ONLY ${red.id} SET name = 'Pink' RETURN VALUE id`] : [];
      expect(test.written()).toEqual(sent);
      expect((await em.fork().findOneOrFail(Team, red.id)).name).toBe('Red');
    });

    it('a hook that fails on the way back does not mask why the block failed', async () => {
      Listener.fails = true;
      const failed = em.transaction(
        async (tx) => {
          tx.create(Team, { name: 'A' });
          await tx.flush();
          throw new Error('the first error');
        },
        { mode },
      );
      await expect(failed).rejects.toThrow('the first error');
      expect(Listener.heard).toEqual(['afterRollback']);
      expect(test.written()).toHaveLength(mode === 'interactive' ? 1 : 0);
      expect(await em.fork().count(Team)).toBe(0);
    });

    it('each run has an EntityManager of its own; afterCommit fires once, attempts counts all runs', async () => {
      const used: EntityManager[] = [];
      await em.transaction(
        async (tx) => {
          used.push(tx);
          expect(await tx.exists(Team)).toBe(false);
          tx.create(Team, { name: `run ${used.length}` });
          await tx.flush();
          if (used.length < 3) throw new TransactionConflictError({ what: 'somebody was first' });
        },
        { mode, retry: { attempts: 3 } },
      );
      expect(new Set(used).size).toBe(3);
      const sent = mode === 'interactive' ? ['run 1', 'run 2', 'run 3'] : ['run 3'];
      expect(test.written()).toEqual(
        sent.map((name) => withMadeKeys(`CREATE ONLY team:* CONTENT { name: '${name}' } RETURN NONE`)),
      );
      expect(Listener.heard.filter((name) => name === 'afterCommit')).toHaveLength(1);
      expect((await em.fork().find(Team)).map(({ name }) => name)).toEqual(['run 3']);
      let runs = 0;
      const conflicting = em.transaction(
        () => {
          runs++;
          return Promise.reject(new TransactionConflictError({ what: 'somebody was first' }));
        },
        { mode, retry: { attempts: 2 } },
      );
      await expect(conflicting).rejects.toMatchObject({ code: 'TRANSACTION_CONFLICT', attempts: 2 });
      expect(runs).toBe(2);
    });

    it('direct writes alone are a commit too, and the copies of the one who started the block are read again', async () => {
      const red = em.create(Team, { id: 'red', name: 'Red' });
      const blue = em.create(Team, { id: 'blue', name: 'Blue' });
      await em.flush();
      Listener.heard = [];
      test.clear();
      await em.transaction(
        async (tx) => {
          await tx.patch(Team, 'red', { name: 'Ruby' }, { returning: 'none' });
          await tx.deleteWhere(Team, { id: 'blue' });
        },
        { mode },
      );
      expect(Listener.heard).toEqual(['afterCommit']);
      expect(test.written()).toEqual([
        "UPDATE ONLY team:red SET name = 'Ruby' RETURN VALUE id",
        expect.stringMatching(/^DELETE .*\[team:blue\].* RETURN BEFORE$/),
      ]);
      expect(red.name).toBe('Ruby');
      if (mode === 'interactive') expect(em.contains(blue)).toBe(false);
      expect((await em.fork().find(Team)).map(({ name }) => name)).toEqual(['Ruby']);
    });

    it('a block that takes too long is rolled back, and its EntityManager is over', async () => {
      const red = em.create(Team, { name: 'Red' });
      await em.flush();
      test.clear();
      let late: Promise<unknown> | undefined;
      const failed = em.transaction(
        async (tx) => {
          tx.merge(red).name = 'Late';
          tx.create(Team, { name: 'Lost' });
          await new Promise((resolve) => setTimeout(resolve, 120));
          late = tx.flush().catch((error: unknown) => error);
          await late;
        },
        { mode, timeout: 30 },
      );
      await expect(failed).rejects.toMatchObject({ code: 'TIMEOUT' });
      expect([red.name, em.contains(red)]).toEqual(['Red', true]);
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(await late).toBeInstanceOf(Error);
      expect(test.written()).toEqual([]);
      expect((await em.fork().find(Team)).map(({ name }) => name)).toEqual(['Red']);
    });
  });

  if (!backend.stateful) return;

  it('interactive: after a failed statement nothing is kept, though the error was caught', async () => {
    const block = em.transaction(
      async (tx) => {
        tx.create(Team, { name: 'A' });
        await tx.flush();
        await tx.query(surql`THROW 'on purpose'`).catch(() => undefined);
      },
      { mode: 'interactive', retry: false },
    );
    await expect(block).rejects.toThrow(/cancelled instead of committed.*on purpose/s);
    expect(test.statements()).toEqual([
      withMadeKeys("CREATE ONLY team:* CONTENT { name: 'A' } RETURN NONE"),
      "THROW 'on purpose'",
    ]);
    expect(await em.fork().count(Team)).toBe(0);
  });
});

interface World {
  readonly ann: User;
  readonly post: Post;
  readonly red: Team;
  readonly tag: Tag;
}

async function makeWorld(em: EntityManager): Promise<World> {
  const red = em.create(Team, { id: 'red', name: 'Red' });
  const tag = em.create(Tag, { id: 'tag', label: 'tag' });
  const ann = em.create(User, { ...ANN, id: 'ann', labels: ['a'], settings: { deep: { n: [1] } }, team: red });
  const post = em.create(Post, { id: 'post', title: 'P', author: ann, tags: [tag] });
  await em.flush();
  return { ann, post, red, tag };
}

/** All that can be seen of the entities. */
function picture(em: EntityManager, { ann, post, red, tag }: World): unknown {
  return {
    values: structuredClone(JSON.parse(JSON.stringify({ ...ann, team: ann.team?.id, address: ann.address ?? null }))),
    linked: [ann.team?.isLoaded, post.author.id.key, post.title, red.name, tag.label],
    members: (post as Loaded<Post, { tags: true }>).tags.get().map(({ label }) => label),
    tracked: [ann, post, red, tag].map((entity) => em.contains(entity)),
    pending: em.changeSets().length,
  };
}

type Step = (tx: EntityManager, world: World) => unknown;

const STEPS: Readonly<Record<string, Step>> = {
  scalar: (_tx, { ann }) => void (ann.age += 1),
  deep: (_tx, { ann }) => void (ann.settings as { deep: { n: number[] } }).deep.n.push(2),
  list: (_tx, { ann }) => void ann.labels.push('b'),
  clear: (_tx, { ann }) => void (ann.settings = undefined),
  unlink: (_tx, { ann }) => void (ann.team = undefined),
  relink: (tx, { ann }) => tx.assign(ann, { team: { name: 'New' } }),
  title: (_tx, { post }) => void (post.title += '!'),
  addTag: (tx, { post }) => post.tags.add(tx.create(Tag, { label: 'more' })),
  clearTags: (_tx, { post }) => post.tags.clear(),
  removePost: (tx, { post }) => (tx.contains(post) ? tx.remove(post) : undefined),
  create: (tx) => tx.create(Team, { name: 'Blue' }),
  flush: (tx) => tx.flush(),
};
