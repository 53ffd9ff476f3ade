import { CapabilityError, ValidationError, surql, type EntityManager, type Propagation } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { Role, Tag, Team, User, Post } from '../support/entities.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { withMadeKeys } from '../support/statements.js';

const ANN = { name: 'Ann', age: 42, role: Role.Writer };

describe.each(backends)('propagation on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;
  const modes = backend.stateful ? (['deferred', 'interactive'] as const) : (['deferred'] as const);

  beforeAll(async () => {
    test = await openRecordedOrm(backend);
  });
  afterAll(() => test.close());
  afterEach(() => expectInOrder(test, em));
  beforeEach(async () => {
    await test.orm.em.fork().query(surql`DELETE user; DELETE team; DELETE post; DELETE tag`);
    em = test.orm.em.fork();
    test.clear();
  });

  const teams = async () =>
    (await test.orm.em.fork().find(Team, {}, { orderBy: { name: 'asc' } })).map((team) => team.name);

  /** New teams of these names, one after the other. */
  const made = (...created: readonly string[]) =>
    created.map((name) => withMadeKeys(`CREATE ONLY team:* CONTENT { name: '${name}' } RETURN NONE`));

  const expectClean = async (manager = em) => {
    test.clear();
    await manager.flush();
    expect(test.sent()).toEqual([]);
  };

  describe.each(modes)('%s', (mode) => {
    const outer = <R>(work: (tx: EntityManager) => Promise<R>) => em.transaction(work, { mode, retry: false });
    const as = (propagation: Propagation) => ({ propagation, mode, retry: false }) as const;

    it.each(['REQUIRED', 'SUPPORTS', 'MANDATORY'] as const)(
      '%s joins: one transaction for both',
      async (propagation) => {
        await outer(async (tx) => {
          tx.create(Team, { name: 'A' });
          await tx.transaction(async (inner) => {
            expect(inner).toBe(tx);
            inner.create(Team, { name: 'B' });
          }, as(propagation));
          expect(await teams()).toEqual([]);
        });
        expect(test.written()).toEqual(made('A', 'B'));
        expect(await teams()).toEqual(['A', 'B']);
        await expectClean();
      },
    );

    it.each(['REQUIRED', 'SUPPORTS', 'MANDATORY'] as const)(
      '%s: a block that joined and failed takes the whole transaction along, though the error is caught',
      async (propagation) => {
        const failed = outer(async (tx) => {
          tx.create(Team, { name: 'A' });
          await tx.transaction(() => Promise.reject(new Error('inner')), as(propagation)).catch(() => undefined);
        });
        await expect(failed).rejects.toMatchObject({ code: 'QUERY', cause: { message: 'inner' } });
        expect(test.written()).toEqual([]);
        expect(await teams()).toEqual([]);
        await expectClean();
      },
    );

    it('REQUIRES_NEW commits by itself, whatever becomes of the outer one', async () => {
      const failed = outer(async (tx) => {
        tx.create(Team, { name: 'A' });
        await tx.transaction(async (inner) => {
          expect(inner).not.toBe(tx);
          expect(test.orm.em.session).toBe(inner.session);
          inner.create(Team, { name: 'B' });
        }, as('REQUIRES_NEW'));
        expect(test.orm.em.session).toBe(tx.session);
        expect(await teams()).toEqual(['B']);
        throw new Error('outer');
      });
      await expect(failed).rejects.toThrow('outer');
      expect(test.written()).toEqual(made('B'));
      expect(await teams()).toEqual(['B']);
      await expectClean();
    });

    it('REQUIRES_NEW fails by itself: the outer one goes on', async () => {
      await outer(async (tx) => {
        tx.create(Team, { name: 'A' });
        const inner = tx.transaction(async (own) => {
          own.create(Team, { name: 'B' });
          throw new Error('inner');
        }, as('REQUIRES_NEW'));
        await expect(inner).rejects.toThrow('inner');
      });
      expect(test.written()).toEqual(made('A'));
      expect(await teams()).toEqual(['A']);
      await expectClean();
    });

    it('NOT_SUPPORTED runs outside: what it flushes stays when the outer one fails', async () => {
      const failed = outer(async (tx) => {
        tx.create(Team, { name: 'A' });
        await tx.transaction(async (outside) => {
          expect(outside).not.toBe(tx);
          outside.create(Team, { name: 'B' });
          await outside.flush();
        }, as('NOT_SUPPORTED'));
        throw new Error('outer');
      });
      await expect(failed).rejects.toThrow('outer');
      expect(test.written()).toEqual(made('B'));
      expect(await teams()).toEqual(['B']);
    });

    it('NEVER is refused inside, and without harm to the transaction', async () => {
      await outer(async (tx) => {
        tx.create(Team, { name: 'A' });
        const inner = tx.transaction(() => Promise.resolve(), as('NEVER'));
        await expect(inner).rejects.toThrow(/NEVER.*cannot start/);
        await expect(inner).rejects.toBeInstanceOf(ValidationError);
      });
      expect(test.written()).toEqual(made('A'));
      expect(await teams()).toEqual(['A']);
    });

    it.each(['REQUIRED', 'REQUIRES_NEW', 'NESTED'] as const)(
      '%s begins one where none is open',
      async (propagation) => {
        const failed = em.transaction(async (tx) => {
          expect(tx).not.toBe(em);
          tx.create(Team, { name: 'A' });
          throw new Error('no');
        }, as(propagation));
        await expect(failed).rejects.toThrow('no');
        await em.transaction(async (tx) => void tx.create(Team, { name: 'B' }), as(propagation));
        expect(test.written()).toEqual(made('B'));
        expect(await teams()).toEqual(['B']);
        await expectClean();
      },
    );

    it.each(['SUPPORTS', 'NOT_SUPPORTED', 'NEVER'] as const)(
      '%s runs without one where none is open',
      async (propagation) => {
        await em.transaction(async (same) => {
          expect(same).toBe(em);
          same.create(Team, { name: 'A' });
          await same.flush();
        }, as(propagation));
        expect(test.written()).toEqual(made('A'));
        expect(await teams()).toEqual(['A']);
        await expectClean();
      },
    );

    it('MANDATORY is refused where none is open', async () => {
      await expect(em.transaction(() => Promise.resolve(), as('MANDATORY'))).rejects.toThrow(/MANDATORY.*cannot start/);
      expect(test.sent()).toEqual([]);
    });
  });

  describe.each(modes)('NESTED, %s', (mode) => {
    const run = <R>(
      manager: EntityManager,
      work: (tx: EntityManager) => Promise<R>,
      options: { retry?: false; timeout?: number } = {},
    ) => manager.transaction(work, { mode, ...options });
    const nested = <R>(tx: EntityManager, work: (inner: EntityManager) => Promise<R>) =>
      tx.transaction(work, { propagation: 'NESTED' });
    const fail = (tx: EntityManager, work: (inner: EntityManager) => Promise<unknown>) =>
      expect(
        nested(tx, async (inner) => {
          await work(inner);
          throw new Error('nested');
        }),
      ).rejects.toThrow('nested');

    it('is kept with the outer block, in one request', async () => {
      await run(em, async (tx) => {
        tx.create(Team, { name: 'A' });
        await nested(tx, async (inner) => {
          expect(inner).toBe(tx);
          inner.create(Team, { name: 'B' });
        });
      });
      expect(test.sent()).toHaveLength(1);
      expect(test.written()).toEqual(made('A', 'B'));
      expect(await teams()).toEqual(['A', 'B']);
      await expectClean();
    });

    it('restores instances and what waited to be written; the outer block goes on', async () => {
      em.create(User, { ...ANN, id: 'ann', labels: ['a'], settings: { deep: { n: 1 } } });
      em.create(Team, { id: 'red', name: 'Red' });
      const blue = em.create(Team, { name: 'Blue' });
      await em.flush();
      test.clear();
      await run(em, async (tx) => {
        const ann = await tx.findOneOrFail(User, 'ann');
        const red = await tx.findOneOrFail(Team, 'red');
        const fresh = tx.create(Team, { name: 'Fresh' });
        ann.age = 43;
        await fail(tx, async (inner) => {
          ann.age = 99;
          ann.labels.push('b');
          (ann.settings as { deep: { n: number } }).deep.n = 2;
          inner.assign(ann, { team: red });
          fresh.name = 'Spoilt';
          inner.remove(await inner.findOneOrFail(Team, blue.id));
          inner.create(Team, { name: 'Lost' });
          await inner.flush();
        });
        expect(ann).toMatchObject({ age: 43, labels: ['a'], settings: { deep: { n: 1 } }, team: undefined });
        expect(fresh.name).toBe('Fresh');
        expect([tx.contains(red), tx.contains(ann), tx.contains(fresh)]).toEqual([true, true, true]);
        red.name = 'Crimson';
      });
      expect(test.written()).toEqual([
        ...made('Fresh'),
        "UPDATE ONLY team:red SET name = 'Crimson' RETURN VALUE id",
        'UPDATE ONLY user:ann SET age = 43 RETURN AFTER',
      ]);
      expect(await teams()).toEqual(['Blue', 'Crimson', 'Fresh']);
      const ann = await test.orm.em.fork().findOneOrFail(User, 'ann');
      expect(ann).toMatchObject({ age: 43, labels: ['a'], settings: { deep: { n: 1 } }, team: undefined });
    });

    it('restores links: members that were added and removed in vain', async () => {
      const tag = em.create(Tag, { id: 'old', label: 'old' });
      em.create(Post, { id: 'p', title: 'P', author: em.create(User, { ...ANN, id: 'ann' }), tags: [tag] });
      await em.flush();
      test.clear();
      await run(em, async (tx) => {
        const post = await tx.findOneOrFail(Post, 'p', { fetch: { tags: true } });
        const kept = tx.create(Tag, { label: 'kept' });
        post.tags.add(kept);
        await fail(tx, async (inner) => {
          post.tags.clear();
          post.tags.add(inner.create(Tag, { label: 'lost' }));
        });
        expect(post.tags.get().map(({ label }) => label)).toEqual(['old', 'kept']);
      });
      expect(test.written()).toEqual([
        withMadeKeys("CREATE ONLY tag:* CONTENT { label: 'kept' } RETURN NONE"),
        withMadeKeys('UPDATE ONLY post:p SET tags +?= [tag:*], version += 1 RETURN AFTER'),
      ]);
      const post = await test.orm.em.fork().findOneOrFail(Post, 'p', { fetch: { tags: true } });
      expect(
        post.tags
          .get()
          .map(({ label }) => label)
          .sort(),
      ).toEqual(['kept', 'old']);
    });

    it('takes back direct writes, and what a query was refused for', async () => {
      em.create(Team, { id: 'red', name: 'Red' });
      await em.flush();
      test.clear();
      await run(em.fork(), async (tx) => {
        await fail(tx, async (inner) => {
          await inner.patch(Team, 'red', { name: 'Blue' });
          await inner.insert(Team, [{ name: 'Green' }]);
          await expect(inner.find(Team, { name: 'Red' })).rejects.toThrow(/interactive/);
        });
        expect(await tx.find(Team, { name: 'Red' })).toHaveLength(1);
      });
      expect(test.written()).toEqual([]);
      expect(await teams()).toEqual(['Red']);
    });

    it('entities that it brought in go back to where they came from, as they were', async () => {
      const red = em.create(Team, { name: 'Red' });
      const blue = em.create(Team, { name: 'Blue' });
      await em.flush();
      test.clear();
      const failed = run(
        em,
        async (tx) => {
          tx.merge(blue).name = 'Navy';
          await fail(tx, async (inner) => {
            inner.merge(red).name = 'Crimson';
            blue.name = 'Black';
          });
          expect([red.name, blue.name]).toEqual(['Red', 'Navy']);
          expect([tx.contains(red), tx.contains(blue)]).toEqual([false, true]);
          await nested(tx, async (inner) => void (inner.merge(red).name = 'Ruby'));
          throw new Error('outer');
        },
        { retry: false },
      );
      await expect(failed).rejects.toThrow('outer');
      expect(test.written()).toEqual([]);
      expect([red.name, blue.name]).toEqual(['Red', 'Blue']);
      expect([em.contains(red), em.contains(blue)]).toEqual([true, true]);
      expect(await teams()).toEqual(['Blue', 'Red']);
      await expectClean();
    });

    it('nests to any depth: each level undoes its own', async () => {
      await run(em, async (tx) => {
        const team = tx.create(Team, { name: '0' });
        await nested(tx, async () => {
          team.name = '1';
          await fail(tx, async () => {
            team.name = '2';
            await nested(tx, async () => void (team.name = '3'));
            expect(team.name).toBe('3');
          });
          expect(team.name).toBe('1');
        });
      });
      expect(test.written()).toEqual(made('1'));
      expect(await teams()).toEqual(['1']);
      await expectClean();
    });

    it('a block that joins the nested one fails with it alone', async () => {
      await run(em, async (tx) => {
        tx.create(Team, { name: 'A' });
        await fail(tx, (inner) => inner.transaction(() => Promise.reject(new Error('joined'))).catch(() => undefined));
      });
      expect(test.written()).toEqual(made('A'));
      expect(await teams()).toEqual(['A']);
    });

    it('two side by side are refused: neither could be told from the other', async () => {
      await run(em, async (tx) => {
        const first = nested(tx, () => new Promise((resolve) => setTimeout(resolve, 20)));
        await expect(nested(tx, () => Promise.resolve())).rejects.toThrow(/beside it/);
        await first;
        await nested(tx, async (inner) => void inner.create(Team, { name: 'A' }));
      });
      expect(test.written()).toEqual(made('A'));
      expect(await teams()).toEqual(['A']);
    });

    it('a timeout that ends the transaction inside a nested block restores all of it', async () => {
      const red = em.create(Team, { name: 'Red' });
      await em.flush();
      test.clear();
      const failed = run(
        em,
        async (tx) => {
          tx.merge(red).name = 'Navy';
          await nested(tx, async () => {
            red.name = 'Black';
            await new Promise((resolve) => setTimeout(resolve, 300));
          });
        },
        { timeout: 50 },
      );
      await expect(failed).rejects.toMatchObject({ code: 'TIMEOUT' });
      expect([red.name, em.contains(red)]).toEqual(['Red', true]);
      await new Promise((resolve) => setTimeout(resolve, 350));
      expect([red.name, em.contains(red)]).toEqual(['Red', true]);
      expect(test.written()).toEqual([]);
      expect(await teams()).toEqual(['Red']);
      await expectClean();
    });

    it('is refused to outlive the block that started it: nothing is kept', async () => {
      let running: Promise<unknown> = Promise.resolve();
      const outer = run(em, async (tx) => {
        tx.create(Team, { name: 'A' });
        running = nested(tx, () => new Promise((resolve) => setTimeout(resolve, 20)));
      });
      await expect(outer).rejects.toThrow(/still running/);
      await running;
      expect(test.written()).toEqual([]);
      expect(await teams()).toEqual([]);
      await expectClean();
    });

    it('what it has asked to be written is there for the queries of the outer block', async () => {
      em.create(Team, { id: 'red', name: 'Red' });
      await em.flush();
      test.clear();
      const work = em.transaction(
        async (tx) => {
          await nested(tx, async (inner) => {
            inner.create(Team, { name: 'Blue' });
            await nested(inner, async () => void (await inner.patch(Team, 'red', { name: 'Ruby' })));
            await inner.flush();
            await expect(inner.count(Team)).rejects.toThrow(/queued/);
          });
          return (await tx.find(Team, {}, { orderBy: { name: 'asc' } })).map(({ name }) => name);
        },
        { mode, retry: false },
      );
      if (mode === 'deferred') await expect(work).rejects.toThrow(/mode: 'interactive'/);
      else expect(await work).toEqual(['Blue', 'Ruby']);
      expect(test.written()).toEqual(
        mode === 'deferred' ? [] : ["UPDATE ONLY team:red SET name = 'Ruby' RETURN AFTER", ...made('Blue')],
      );
      expect(await teams()).toEqual(mode === 'deferred' ? ['Red'] : ['Blue', 'Ruby']);
    });

    it('so are the rows that it has inserted', async () => {
      const work = em.transaction(
        async (tx) => {
          await nested(tx, async (inner) => {
            await inner.insert(Team, { id: 'red', name: 'Red' });
            await expect(inner.count(Team)).rejects.toThrow(/queued/);
          });
          return tx.count(Team);
        },
        { mode, retry: false },
      );
      if (mode === 'deferred') await expect(work).rejects.toThrow(/mode: 'interactive'/);
      else expect(await work).toBe(1);
      const sent = mode === 'deferred' ? [] : ["CREATE ONLY team:red CONTENT { name: 'Red' } RETURN NONE"];
      expect(test.written()).toEqual(sent);
      expect(await teams()).toEqual(mode === 'deferred' ? [] : ['Red']);
      await expectClean();
    });

    if (mode === 'interactive') {
      it('is refused a raw statement that writes: it could not be undone', async () => {
        await run(em, async (tx) => {
          await fail(tx, async (inner) => {
            inner.create(Team, { name: 'Lost' });
            await expect(inner.query(surql`CREATE team`)).rejects.toBeInstanceOf(CapabilityError);
            expect(await inner.query(surql`SELECT * FROM team`)).toEqual([[]]);
          });
          tx.create(Team, { name: 'A' });
        });
        expect(test.written()).toEqual(made('A'));
        expect(await teams()).toEqual(['A']);
      });

      it('one whose writes the server refuses takes the whole transaction along, though the error is caught', async () => {
        const red = em.create(Team, { id: 'red', name: 'Red' });
        await em.flush();
        test.clear();
        const outer = run(
          em,
          async (tx) => {
            tx.create(Team, { name: 'A' });
            await tx.flush();
            await nested(tx, async (inner) => {
              inner.create(Team, { id: 'red', name: 'again' });
              await inner.flush();
            }).catch(() => undefined);
          },
          { retry: false },
        );
        await expect(outer).rejects.toThrow(/cancelled instead of committed/);
        expect(test.written()).toEqual([...made('A'), "CREATE ONLY team:red CONTENT { name: 'again' } RETURN NONE"]);
        expect([await teams(), red.name]).toEqual([['Red'], 'Red']);
        await expectClean();
      });
    }
  });
});
