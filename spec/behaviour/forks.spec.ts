import { setTimeout as delay } from 'node:timers/promises';
import { RequestContext, ValidationError, type EntityManager } from '../../lib/index.js';
import { backend, backends } from '../support/backends.js';
import { Role, Team, User } from '../support/entities.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { runChild } from '../support/run-child.js';

const ANN = { name: 'Ann', age: 42, role: Role.Writer };

describe.each(backends)('forks and contexts on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend);
  });
  afterAll(() => test.close());
  afterEach(() => expectInOrder(test, em));
  beforeEach(async () => {
    await test.orm.em.fork().deleteWhere(Team, { name: { $ne: '' } });
    em = test.orm.em.fork();
    test.clear();
  });

  it('100 interleaved requests never share an EntityManager', async () => {
    em.create(Team, { id: 'red', name: 'Red' });
    await em.flush();
    const request = (number: number) =>
      RequestContext.run(test.orm, async (own) => {
        const { session } = test.orm.em;
        await delay((number * 7) % 11);
        const red = await test.orm.em.findOneOrFail(Team, 'red');
        test.orm.em.create(Team, { id: `t${number}`, name: `of ${number}` });
        await new Promise<void>((resolve) => setTimeout(resolve, (number * 3) % 5));
        expect(test.orm.em.session).toBe(session);
        expect(own.session).toBe(session);
        expect(test.orm.em.changeSets().map(({ id }) => id.key)).toEqual([`t${number}`]);
        await test.orm.em.flush();
        return { session, red };
      });
    const done = await Promise.all(Array.from({ length: 100 }, (_, number) => request(number)));
    expect(new Set(done.map(({ session }) => session)).size).toBe(100);
    expect(new Set(done.map(({ red }) => red)).size).toBe(100);
    expect(await test.orm.em.fork().count(Team)).toBe(101);
  });

  it('two ORMs in one context resolve separately', async () => {
    const other = await openRecordedOrm(backend);
    await RequestContext.run(test.orm, (first) =>
      RequestContext.run(other.orm, async (second) => {
        expect(test.orm.em.session).toBe(first.session);
        expect(other.orm.em.session).toBe(second.session);
        test.orm.em.create(Team, { name: 'first' });
        await other.orm.em.transaction(async (tx) => {
          expect(other.orm.em.session).toBe(tx.session);
          expect(test.orm.em.session).toBe(first.session);
          tx.create(Team, { name: 'second' });
        });
        await test.orm.em.flush();
      }),
    );
    expect((await em.find(Team)).map(({ name }) => name)).toEqual(['first']);
    expect((await other.orm.em.fork().find(Team)).map(({ name }) => name)).toEqual(['second']);
    await other.close();
  });

  it('changeSets shows what a flush would write, and sends nothing', async () => {
    const red = em.create(Team, { id: 'red', name: 'Red' });
    const blue = em.create(Team, { id: 'blue', name: 'Blue' });
    await em.flush();
    test.clear();
    red.name = 'Crimson';
    em.remove(blue);
    const green = em.create(Team, { id: 'green', name: 'Green' });
    const sets = em.changeSets();
    const byId = new Map(sets.map((set) => [String(set.id), set]));
    expect([...byId.keys()].sort()).toEqual(['team:blue', 'team:green', 'team:red']);
    expect(byId.get('team:green')).toMatchObject({ action: 'create', changes: { name: { new: 'Green' } } });
    expect(byId.get('team:blue')?.action).toBe('delete');
    expect([...byId.values()].map(({ entity }) => entity)).toEqual(expect.arrayContaining([red, blue, green]));
    expect(byId.get('team:red')?.changes).toEqual({ name: { old: 'Red', new: 'Crimson' } });
    expect(Object.isFrozen(sets)).toBe(true);
    expect(test.sent()).toEqual([]);
    await em.flush();
    expect(em.changeSets()).toEqual([]);
    expect(test.written()).toEqual([
      "CREATE ONLY team:green CONTENT { name: 'Green' } RETURN NONE",
      "UPDATE ONLY team:red SET name = 'Crimson' RETURN VALUE id",
      'DELETE [team:blue] RETURN NONE',
    ]);
    expect((await em.fork().find(Team)).map(({ name }) => name).sort()).toEqual(['Crimson', 'Green']);
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('Promise.all of services on one EntityManager queues their flushes and loses nothing', async () => {
    const service = async (number: number) => {
      const team = em.create(Team, { name: `a${number}` });
      await em.flush();
      team.name = `b${number}`;
      await em.flush();
    };
    await Promise.all(Array.from({ length: 20 }, (_, number) => service(number)));
    const written = test.written().map((text) => /name[:=\s]+'(\w+)'/.exec(text)?.[1]);
    expect(written.sort()).toEqual(
      ['a', 'b'].flatMap((kind) => Array.from({ length: 20 }, (_, n) => `${kind}${n}`)).sort(),
    );
    const names = (await test.orm.em.fork().find(Team)).map(({ name }) => name).sort();
    expect(names).toEqual(Array.from({ length: 20 }, (_, number) => `b${number}`).sort());
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('a failing flush in the queue leaves the others alone', async () => {
    const bad = em.create(Team, { name: 5 as never });
    const first = em.flush();
    const second = first.catch(() => {
      bad.name = 'good';
      return em.flush();
    });
    await expect(first).rejects.toBeInstanceOf(ValidationError);
    await second;
    expect(test.written()).toEqual([`CREATE ONLY ${bad.id} CONTENT { name: 'good' } RETURN NONE`]);
    expect((await test.orm.em.fork().find(Team)).map(({ name }) => name)).toEqual(['good']);
  });

  it('what is persisted or changed during a flush goes with the next one', async () => {
    const red = em.create(Team, { name: 'Red' });
    const flushing = em.flush();
    while (test.statements().length === 0) await Promise.resolve();
    const late = em.create(Team, { name: 'Late' });
    red.name = 'Crimson';
    await flushing;
    await em.flush();
    expect(test.written()).toEqual([
      `CREATE ONLY ${red.id} CONTENT { name: 'Red' } RETURN NONE`,
      `CREATE ONLY ${late.id} CONTENT { name: 'Late' } RETURN NONE`,
      `UPDATE ONLY ${red.id} SET name = 'Crimson' RETURN VALUE id`,
    ]);
    expect(em.contains(late)).toBe(true);
    const names = (await test.orm.em.fork().find(Team)).map(({ name }) => name).sort();
    expect(names).toEqual(['Crimson', 'Late']);
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('options that there are not are refused by name', () => {
    expect(() => em.fork({ weka: true } as never)).toThrow(/weka/);
    expect(() => em.fork({ weak: 'yes' } as never)).toThrow(ValidationError);
    expect(() => em.fork({ namespace: '' })).toThrow(ValidationError);
  });

  it('weak: what a job still uses stays the one object of its record, changes are not lost', async () => {
    for (const name of ['A', 'B', 'C']) em.create(Team, { id: name, name });
    em.create(User, { ...ANN, id: 'ann' });
    await em.flush();
    const job = test.orm.em.fork({ weak: true });
    const [a, b] = (await job.find(Team, {}, { orderBy: { id: 'asc' } })) as [Team, Team, Team];
    b.name = 'changed before the flush';
    await job.flush();
    expect(job.contains(a)).toBe(true);
    expect(await job.findOneOrFail(Team, 'A')).toBe(a);
    expect((await job.find(Team, {}, { orderBy: { id: 'asc' } }))[1]).toBe(b);
    b.name = 'changed after it';
    const sets = job.changeSets();
    expect(sets.map(({ entity }) => entity)).toEqual([b]);
    test.clear();
    await job.flush();
    expect(test.written()).toEqual(["UPDATE ONLY team:B SET name = 'changed after it' RETURN VALUE id"]);
    expect((await test.orm.em.fork().findOneOrFail(Team, 'B')).name).toBe('changed after it');
    test.clear();
    job.remove(a);
    await job.flush();
    expect(test.written()).toEqual(['DELETE [team:A] RETURN NONE']);
    expect(await test.orm.em.fork().findOne(Team, 'A')).toBeNull();
    test.clear();
    await job.flush();
    expect(test.sent()).toEqual([]);
    job.clear();
    expect(job.contains(b)).toBe(false);
    em.clear();
  });
});

describe('weak forks and the garbage collector', () => {
  const job = (weak: boolean) => `
    import { Reverie } from 'lib/index.js';
    import { Account, bank } from 'spec/support/money.js';
    async function main() {
      const orm = await Reverie.init({ url: 'mem://', entities: bank });
      const maker = orm.em.fork();
      await maker.insert(Account, Array.from({ length: 400 }, (_, n) => ({ id: String(n), balance: n })));
      const em = orm.em.fork({ weak: ${weak} });
      const watched = new Map();
      const read = async () => {
        for (const account of await em.find(Account)) watched.set(account.id.key, new WeakRef(account));
        return em.findOneOrFail(Account, '7');
      };
      const kept = await read();
      (await em.findOneOrFail(Account, '8')).balance = -1;
      const collect = async () => {
        for (let round = 0; round < 5; round++) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          globalThis.gc();
        }
        return [...watched.values()].filter((reference) => reference.deref() !== undefined).length;
      };
      const unflushed = await collect();
      await em.flush();
      const left = await collect();
      const stored = (await orm.em.fork().findOneOrFail(Account, '8')).balance;
      const same = (await em.findOneOrFail(Account, '7')) === kept;
      console.log(JSON.stringify({ unflushed, left, stored, same, size: em.session.uow.size }));
      await orm.close();
    }
  `;

  it.each([
    [true, { unflushed: 400, left: 1, stored: -1, same: true, size: 1 }],
    [false, { unflushed: 400, left: 400, stored: -1, same: true, size: 400 }],
  ])('weak: %s', async (weak, expected) => {
    const { output } = await runChild(job(weak), { flags: ['--expose-gc'], deadline: 30_000 });
    expect(JSON.parse(output)).toEqual(expected);
  });

  it('is the same in a request', async () => {
    const test = await openRecordedOrm(backend('embedded'));
    await RequestContext.run(test.orm, { weak: true }, async (em) => {
      em.create(Team, { id: 'red', name: 'Red' });
      await em.flush();
      expect(await test.orm.em.findOneOrFail(Team, 'red')).toMatchObject({ name: 'Red' });
    });
    await test.close();
  });
});
