import { TransactionConflictError, ValidationError, surql, type EntityManager } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { Role, Team, User } from '../support/entities.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { withMadeKeys } from '../support/statements.js';

const ANN = { name: 'Ann', age: 42, role: Role.Writer };

describe.each(backends)('transactions on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend);
  });
  afterAll(() => test.close());
  afterEach(() => expectInOrder(test, em));
  beforeEach(async () => {
    await test.orm.em.fork().query(surql`DELETE user; DELETE team`);
    em = test.orm.em.fork();
    test.clear();
  });

  const names = async () =>
    (await test.orm.em.fork().find(User, {}, { orderBy: { name: 'asc' } })).map((user) => user.name);

  it('commits everything as one request when the block returns', async () => {
    const ann = await em.transaction(async (tx) => {
      tx.create(User, { ...ANN, name: 'Bob' });
      const created = tx.create(User, ANN);
      await tx.flush();
      created.age = 50;
      return created;
    });
    expect(test.sent()).toHaveLength(1);
    expect(test.written()).toEqual([
      withMadeKeys("CREATE ONLY user:* CONTENT { age: 42, name: 'Bob', role: 'writer' } RETURN AFTER"),
      withMadeKeys("CREATE ONLY user:* CONTENT { age: 50, name: 'Ann', role: 'writer' } RETURN AFTER"),
    ]);
    expect(await names()).toEqual(['Ann', 'Bob']);
    expect(em.contains(ann)).toBe(true);
    expect(ann.age).toBe(50);
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('throwing rolls back, in the database and in memory', async () => {
    const ann = em.create(User, ANN);
    await em.flush();
    test.clear();
    const failed = em.transaction(async (tx) => {
      tx.merge(ann).age = 99;
      tx.create(User, { ...ANN, name: 'Bob' });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(test.sent()).toEqual([]);
    expect(ann.age).toBe(42);
    expect(em.contains(ann)).toBe(true);
    expect(await names()).toEqual(['Ann']);
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('inside the block the EntityManager that started it, and orm.em, are tx', async () => {
    await em.transaction(async (tx) => {
      em.create(User, ANN);
      test.orm.em.create(User, { ...ANN, name: 'Bob' });
      expect(test.orm.em.session).toBe(tx.session);
    });
    expect(test.sent()).toHaveLength(1);
    expect(test.written()).toEqual([
      withMadeKeys("CREATE ONLY user:* CONTENT { age: 42, name: 'Ann', role: 'writer' } RETURN AFTER"),
      withMadeKeys("CREATE ONLY user:* CONTENT { age: 42, name: 'Bob', role: 'writer' } RETURN AFTER"),
    ]);
    expect(await names()).toEqual(['Ann', 'Bob']);
  });

  it('an entity of another EntityManager is refused, with the way out', async () => {
    const other = test.orm.em.fork();
    const ann = other.create(User, ANN);
    await other.flush();
    test.clear();
    await expect(em.transaction(async (tx) => void tx.remove(ann))).rejects.toThrow(/tx\.merge/);
    expect(test.sent()).toEqual([]);
    expect([await names(), other.contains(ann)]).toEqual([['Ann'], true]);
  });

  it('a change of an entity that the block does not track is refused; nothing is written, and the change still waits', async () => {
    const [ann, bob] = [em.create(User, ANN), em.create(User, { ...ANN, name: 'Bob' })];
    await em.flush();
    bob.age = 50;
    test.clear();
    const block = em.transaction(async (tx) => {
      tx.create(User, { ...ANN, name: 'Cleo' });
      ann.age = 43;
    });
    await expect(block).rejects.toMatchObject({
      code: 'VALIDATION',
      message: expect.stringMatching(
        /User user:.* was changed inside a transaction block[^]*tx\.merge\(entity\)/,
      ) as string,
    });
    expect(test.sent()).toEqual([]);
    expect(em.changeSets().map(({ entity }) => entity)).toEqual([ann, bob]);
    await em.transaction(async (tx) => void (tx.merge(ann).age = 44));
    expect(await names()).toEqual(['Ann', 'Bob']);
    expect([(await test.orm.em.fork().findOneOrFail(User, ann.id)).age, bob.age]).toEqual([44, 50]);
    await em.flush();
    expect(test.written()).toEqual([
      `UPDATE ONLY ${ann.id} SET age = 44 RETURN AFTER`,
      `UPDATE ONLY ${bob.id} SET age = 50 RETURN AFTER`,
    ]);
    expect((await test.orm.em.fork().findOneOrFail(User, bob.id)).age).toBe(50);
  });

  it('what others do with the EntityManager beside the block is theirs', async () => {
    const ann = em.create(User, ANN);
    await em.flush();
    const wait = () => new Promise((resolve) => setTimeout(resolve, 20));
    const beside = async () => {
      await em.count(User);
      ann.age = 43;
      await wait();
      await em.flush();
    };
    const block = em.transaction(async (tx) => {
      await wait();
      tx.create(User, { ...ANN, name: 'Bob' });
    });
    test.clear();
    await Promise.all([block, beside()]);
    expect(test.written().sort()).toEqual([
      withMadeKeys("CREATE ONLY user:* CONTENT { age: 42, name: 'Bob', role: 'writer' } RETURN AFTER"),
      `UPDATE ONLY ${ann.id} SET age = 43 RETURN AFTER`,
    ]);
    expect(await names()).toEqual(['Ann', 'Bob']);
    expect((await test.orm.em.fork().findOneOrFail(User, ann.id)).age).toBe(43);
  });

  it('two blocks that change the same value conflict; the later runs again with what is true', async () => {
    const ann = em.create(User, ANN);
    await em.flush();
    const birthday = () =>
      test.orm.em.fork().transaction(
        async (tx) => {
          const user = await tx.findOneOrFail(User, ann.id);
          user.age += 1;
        },
        { retry: { attempts: 40 } },
      );
    await Promise.all(Array.from({ length: 8 }, birthday));
    await em.refresh(ann);
    expect(ann.age).toBe(50);
  });

  it('gives up with the number of runs', async () => {
    const ann = em.create(User, ANN);
    await em.flush();
    let runs = 0;
    test.clear();
    const block = em.transaction(
      async (tx) => {
        runs++;
        const user = await tx.findOneOrFail(User, ann.id);
        user.age += 1;
        const rival = test.orm.em.fork();
        (await rival.findOneOrFail(User, ann.id)).age += 10;
        await rival.flush();
      },
      { retry: { attempts: 3 } },
    );
    const error = await block.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TransactionConflictError);
    expect(error).toMatchObject({ attempts: 3, retryable: true });
    expect(runs).toBe(3);
    // The rival's, then the block's, three times.
    expect(test.written()).toEqual(
      [52, 43, 62, 53, 72, 63].map((age) => `UPDATE ONLY ${ann.id} SET age = ${age} RETURN AFTER`),
    );
    expect((await em.refresh(ann)).age).toBe(ANN.age + 30);
  });

  it('what was only read is protected by guard: read and tx.guard', async () => {
    const ann = em.create(User, ANN);
    const red = em.create(Team, { name: 'Red' });
    await em.flush();
    const run = (guard: (tx: EntityManager, team: Team) => void, options: { guard?: 'read' }) =>
      em.fork().transaction(
        async (tx) => {
          const team = await tx.findOneOrFail(Team, red.id);
          guard(tx, team);
          const user = await tx.findOneOrFail(User, ann.id);
          user.age += 1;
          const rival = test.orm.em.fork();
          (await rival.findOneOrFail(Team, red.id)).name += '!';
          await rival.flush();
        },
        { ...options, retry: false },
      );
    test.clear();
    await expect(run(() => undefined, { guard: 'read' })).rejects.toBeInstanceOf(TransactionConflictError);
    expect(test.statements()).toContain(`IF ${red.id}.name != 'Red' { THROW 'reverie:stale' }`);
    await expect(run((tx, team) => void tx.guard(team), {})).rejects.toBeInstanceOf(TransactionConflictError);
    test.clear();
    await run(() => undefined, {});
    expect(test.written()).toEqual([
      `UPDATE ONLY ${red.id} SET name = 'Red!!!' RETURN VALUE id`,
      `UPDATE ONLY ${ann.id} SET age = 43 RETURN AFTER`,
    ]);
    expect(test.statements().filter((text) => text.startsWith(`IF ${red.id}`))).toEqual([]);
    expect((await em.refresh(ann)).age).toBe(ANN.age + 1);
    expect((await em.refresh(red)).name).toBe('Red!!!');
  });

  it('a query of a table with queued writes is refused, with the way out', async () => {
    const block = em.transaction(async (tx) => {
      tx.create(User, ANN);
      await tx.flush();
      await tx.find(User, { age: 42 });
    });
    await expect(block).rejects.toThrow(/mode: 'interactive'/);
    await expect(block).rejects.toBeInstanceOf(ValidationError);
    expect(test.sent()).toEqual([]);
    expect(await names()).toEqual([]);
  });

  it('what was assigned to a link and not flushed yet is a change: a refresh by a transaction or by patch keeps it', async () => {
    const ann = em.create(User, ANN);
    const [red, blue] = [em.create(Team, { name: 'red' }), em.create(Team, { name: 'blue' })];
    await em.flush();
    test.clear();
    ann.team = red as never;
    await em.transaction(async (tx) => {
      (await tx.findOneOrFail(User, ann.id)).name = 'Anna';
    });
    expect(ann.team).toBe(red);
    await em.flush();
    expect(ann).toMatchObject({ team: { id: red.id } });
    expect((await em.fork().findOneOrFail(User, ann.id)).team?.id).toEqual(red.id);
    ann.team = blue as never;
    await em.patch(User, ann.id, { age: 43 });
    expect([ann.age, ann.team]).toEqual([43, blue]);
    await em.flush();
    expect(test.written()).toEqual([
      `UPDATE ONLY ${ann.id} SET name = 'Anna' RETURN AFTER`,
      `UPDATE ONLY ${ann.id} SET team = ${red.id} RETURN AFTER`,
      `UPDATE ONLY ${ann.id} SET age = 43 RETURN AFTER`,
      `UPDATE ONLY ${ann.id} SET team = ${blue.id} RETURN AFTER`,
    ]);
    const stored = await em.fork().findOneOrFail(User, ann.id);
    expect([stored.age, stored.team?.id]).toEqual([43, blue.id]);
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('an error that is no conflict runs once', async () => {
    let runs = 0;
    await expect(
      em.transaction(async () => {
        runs++;
        throw new TypeError('x');
      }),
    ).rejects.toThrow('x');
    expect(runs).toBe(1);
  });

  it('joins an open transaction, and refuses where told to', async () => {
    await em.transaction(async (tx) => {
      await tx.transaction(async (inner) => {
        expect(inner).toBe(tx);
        inner.create(User, ANN);
      });
      await expect(tx.transaction(async () => undefined, { propagation: 'NEVER' })).rejects.toThrow(/NEVER/);
    });
    await expect(em.transaction(async () => undefined, { propagation: 'MANDATORY' })).rejects.toThrow(/MANDATORY/);
    expect(test.written()).toEqual([
      withMadeKeys("CREATE ONLY user:* CONTENT { age: 42, name: 'Ann', role: 'writer' } RETURN AFTER"),
    ]);
    expect(await names()).toEqual(['Ann']);
  });

  if (backend.name === 'http') {
    it('interactive mode is a CapabilityError over http', async () => {
      await expect(em.transaction(async () => undefined, { mode: 'interactive' })).rejects.toMatchObject({
        code: 'CAPABILITY',
      });
    });
    return;
  }

  it('interactive: reads see own writes, and a throw undoes them', async () => {
    await em.transaction(
      async (tx) => {
        tx.create(User, ANN);
        await tx.flush();
        expect(await tx.count(User, { age: 42 })).toBe(1);
      },
      { mode: 'interactive' },
    );
    const failed = em.transaction(
      async (tx) => {
        tx.create(User, { ...ANN, name: 'Bob' });
        await tx.flush();
        throw new Error('no');
      },
      { mode: 'interactive' },
    );
    await expect(failed).rejects.toThrow('no');
    expect(test.written()).toEqual([
      withMadeKeys("CREATE ONLY user:* CONTENT { age: 42, name: 'Ann', role: 'writer' } RETURN AFTER"),
      withMadeKeys("CREATE ONLY user:* CONTENT { age: 42, name: 'Bob', role: 'writer' } RETURN AFTER"),
    ]);
    expect(await names()).toEqual(['Ann']);
  });

  it('interactive: a failed statement makes the transaction rollback-only', async () => {
    em.create(User, { ...ANN, id: 'ann' });
    await em.flush();
    test.clear();
    const block = em.fork().transaction(
      async (tx) => {
        tx.create(Team, { name: 'Red' });
        await tx.flush();
        tx.create(User, { ...ANN, id: 'ann' });
        await tx.flush().catch(() => undefined);
      },
      { mode: 'interactive' },
    );
    await expect(block).rejects.toThrow(/cancelled instead of committed: a statement in it failed/);
    expect(test.written()).toEqual([
      withMadeKeys("CREATE ONLY team:* CONTENT { name: 'Red' } RETURN NONE"),
      "CREATE ONLY user:ann CONTENT { age: 42, name: 'Ann', role: 'writer' } RETURN AFTER",
    ]);
    expect(await test.orm.em.fork().count(Team)).toBe(0);
  });
});
