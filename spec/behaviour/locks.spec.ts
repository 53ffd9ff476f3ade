import 'reflect-metadata';
import type { Opt, RecordId } from '../../lib/index.js';
import {
  ConcurrencyCheck,
  DateTime,
  EntityNotFoundError,
  Field,
  Id,
  MetadataError,
  OptimisticLockError,
  Relation,
  Reverie,
  Table,
  ValidationError,
  Version,
  surql,
  type EntityManager,
  type Link,
} from '../../lib/index.js';
import { formatLiteral } from '../../lib/values/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

@Table({ name: 'counter' })
class Counter {
  @Id() id!: RecordId<'counter'>;
  @Field('int') n!: number;
  @Version({ name: 'v' }) readonly version!: number;
}

@Table({ name: 'timed' })
class Timed {
  @Id() id!: RecordId<'timed'>;
  @Field('int') n!: number;
  @Version({ type: 'datetime' }) readonly changed!: Date;
}

@Table({ name: 'job' })
class Job {
  @Id() id!: RecordId<'job'>;
  @ConcurrencyCheck() @Field('string', { name: 'job_state' }) state!: string;
  @ConcurrencyCheck() @Field('option<datetime>', { codec: DateTime }) due?: DateTime;
  @Field('array<int>', { default: [] }) steps!: Opt<number[]>;
}

@Table({ name: 'bare' })
class Bare {
  @Id() id!: RecordId<'bare'>;
  @Field('int') n!: number;
  @Relation(() => Bare, { onDelete: 'cascade', optional: true }) parent?: Link<Bare>;
}

const TABLES = ['counter', 'timed', 'job', 'bare'];

describe.each(backends)('optimistic locks on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;
  let other: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Counter, Timed, Job, Bare] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    for (const table of TABLES) await test.orm.em.fork().query(surql`DELETE ${surql.id(table)}`);
    em = test.orm.em.fork();
    other = test.orm.em.fork();
  });
  afterEach(() => expectInOrder(test, em));

  async function sendsNothing(): Promise<void> {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  }

  const failure = async (): Promise<OptimisticLockError> => {
    const error: unknown = await em.flush().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OptimisticLockError);
    return error as OptimisticLockError;
  };

  it('a version grows by one with every flush that writes, and by no other', async () => {
    const one = em.create(Counter, { n: 1 });
    await em.flush();
    expect(one.version).toBe(1);
    one.n = 2;
    one.n = 3;
    test.clear();
    await em.flush();
    expect(test.statements()).toEqual([
      'BEGIN',
      `IF (SELECT VALUE true FROM ONLY ${one.id}) = NONE { THROW 'reverie:gone' }`,
      `IF ${one.id}.v != 1 { THROW 'reverie:stale' }`,
      `UPDATE ONLY ${one.id} SET n = 3, v += 1 RETURN VALUE id`,
      "IF $o = NONE { THROW 'reverie:gone' }",
      'COMMIT',
    ]);
    expect(await em.fork().findOneOrFail(Counter, one.id)).toMatchObject({ n: 3, version: 2 });
    expect(one.version).toBe(2);
    one.n = 3;
    await sendsNothing();
    expect(one.version).toBe(2);
  });

  it('a version cannot be given or changed', async () => {
    const data = { n: 1, version: 7 } as never;
    expect(() => em.create(Counter, data)).toThrow(ValidationError);
    const one = em.create(Counter, { n: 1 });
    await em.flush();
    expect(() => em.assign(one, { version: 7 } as never)).toThrow(ValidationError);
    (one as { version: number }).version = 7;
    test.clear();
    await expect(em.flush()).rejects.toMatchObject({ errors: [{ path: 'Counter.version', rule: 'readonly' }] });
    expect(test.sent()).toEqual([]);
    await em.refresh(one);
    one.n = 2;
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([`UPDATE ONLY ${one.id} SET n = 2, v += 1 RETURN VALUE id`]);
    expect(await em.fork().findOneOrFail(Counter, one.id)).toMatchObject({ n: 2, version: 2 });
    expect(one.version).toBe(2);
  });

  it('one stale of 300 rolls all back, and says which', async () => {
    const all = Array.from({ length: 300 }, (_, n) => em.create(Counter, { id: `c${n}`, n }));
    await em.flush();
    (await other.findOneOrFail(Counter, 'c177')).n = -1;
    await other.flush();
    for (const one of all) one.n += 1000;
    test.clear();
    const error = await failure();
    expect(test.sent()).toHaveLength(1);
    expect(test.statements().filter((text) => text.startsWith('IF counter:c177.'))).toEqual([
      "IF counter:c177.v != 1 { THROW 'reverie:stale' }",
    ]);
    expect(test.written()).toHaveLength(300);
    expect([error.entity, String(error.id), error.expected]).toEqual(['Counter', 'counter:c177', 1]);
    expect(error.message).toContain('version');
    expect(await em.fork().count(Counter, { n: { $gte: 1000 } })).toBe(0);
    expect(all[0]).toMatchObject({ n: 1000, version: 1 });
    await em.refresh(all[177] as Counter);
    await em.flush();
    expect(await em.fork().count(Counter, { n: { $gte: 1000 } })).toBe(299);
    expect([all[0]?.version, all[177]?.version]).toEqual([2, 2]);
  });

  it('a stale removal among 300 too, and one whose record is gone', async () => {
    const all = Array.from({ length: 300 }, (_, n) => em.create(Counter, { id: `c${n}`, n }));
    await em.flush();
    (await other.findOneOrFail(Counter, 'c5')).n = -1;
    await other.flush();
    for (const one of all) em.remove(one);
    test.clear();
    expect(String((await failure()).id)).toBe('counter:c5');
    expect(test.statements().filter((text) => text.includes('counter:c5.'))).toEqual([
      "IF counter:c5.v != 1 { THROW 'reverie:stale' }",
    ]);
    expect(test.written()).toEqual([`DELETE [${all.map(({ id }) => id).join(', ')}] RETURN NONE`]);
    expect(em.contains(all[0] as Counter)).toBe(true);
    await em.fork().query(surql`DELETE counter:c5`);
    expect((await failure()).message).toContain('no longer in the database');
    expect(await em.fork().count(Counter)).toBe(299);
    em.clear();
  });

  it('a stale replacement too, whose record was changed or is gone', async () => {
    const one = em.create(Counter, { id: 'one', n: 1 });
    await em.flush();
    (await other.findOneOrFail(Counter, 'one')).n = -1;
    await other.flush();
    em.remove(one);
    em.create(Counter, { id: 'one', n: 2 });
    test.clear();
    const changed = await failure();
    expect(test.statements().slice(1, 4)).toEqual([
      "IF (SELECT VALUE true FROM ONLY counter:one) = NONE { THROW 'reverie:gone' }",
      "IF counter:one.v != 1 { THROW 'reverie:stale' }",
      'UPDATE ONLY counter:one REPLACE object::extend({ v: counter:one.v + 1 }, { n: 2 }) RETURN AFTER',
    ]);
    expect([changed.entity, String(changed.id), changed.expected]).toEqual(['Counter', 'counter:one', 1]);
    expect(changed.message).toContain('its version is no longer');
    expect((await em.fork().findOneOrFail(Counter, 'one')).n).toBe(-1);
    await em.fork().query(surql`DELETE counter:one`);
    const gone = await failure();
    expect([gone.message, gone.expected]).toEqual([expect.stringContaining('the replacement touched no record'), 1]);
    expect(await em.fork().count(Counter)).toBe(0);
    em.clear();
    em.create(Counter, { id: 'one', n: 3 });
    await em.flush();
  });

  it('a version may be a time, later with every write', async () => {
    const one = em.create(Timed, { n: 0 });
    await em.flush();
    let before = one.changed;
    expect(before).toBeInstanceOf(Date);
    for (let n = 1; n <= 5; n++) {
      one.n = n;
      test.clear();
      await em.flush();
      expect(test.statements()[2]).toBe(`IF ${one.id}.changed != ${formatLiteral(before)} { THROW 'reverie:stale' }`);
      expect(test.written()).toEqual([
        `UPDATE ONLY ${one.id} SET n = ${n}, changed = time::max([time::floor(time::now(), 1ms), changed + 1ms]) RETURN AFTER`,
      ]);
      expect(one.changed.getTime()).toBeGreaterThan(before.getTime());
      before = one.changed;
    }
    const [[row]] = await em.query<[{ changed: DateTime }[]]>(surql`SELECT changed FROM ${one.id}`);
    expect(Number(row?.changed.nanoseconds) % 1_000_000).toBe(0);
  });

  it('a stale time is a lock error; patch, and a copy that comes from JSON, take part', async () => {
    const one = em.create(Timed, { id: 'x', n: 0 });
    await em.flush();
    const detached = Object.assign(new Timed(), {
      ...one,
      changed: new Date(JSON.parse(JSON.stringify(one.changed)) as string),
    });
    await other.patch(Timed, 'x', { n: 5 });
    one.n = 1;
    expect((await failure()).expected).toEqual(expect.anything());
    em.clear();
    em.merge(detached).n = 9;
    await failure();
    em.clear();
    const fresh = await em.findOneOrFail(Timed, 'x');
    em.remove(fresh);
    test.clear();
    await em.flush();
    expect(test.written()).toEqual(['DELETE [timed:x] RETURN NONE']);
    expect(test.statements()[2]).toBe(
      `IF timed:x.changed != ${formatLiteral(fresh.changed)} { THROW 'reverie:stale' }`,
    );
    expect(await em.fork().count(Timed)).toBe(0);
  });

  it('@ConcurrencyCheck guards by value: whatever else is written, and a removal', async () => {
    const job = em.create(Job, { id: 'j', state: 'open', due: new DateTime('2026-01-01T00:00:00.123456789Z') });
    await em.flush();
    job.steps.push(1);
    await em.flush();
    await other.patch(Job, 'j', { state: 'done' });
    job.steps.push(2);
    test.clear();
    const error = await failure();
    expect(test.statements()).toContain(
      "IF job:j.job_state != 'open' OR job:j.due != d'2026-01-01T00:00:00.123456789Z' { THROW 'reverie:stale' }",
    );
    expect(test.written()).toEqual(['UPDATE ONLY job:j SET steps = [1, 2] RETURN AFTER']);
    expect(error.message).toContain('its state or due');
    em.remove(job);
    await failure();
    em.persist(job);
    await em.refresh(job);
    expect(job).toMatchObject({ state: 'done', steps: [1] });
    await other.patch(Job, 'j', { steps: [7] });
    job.state = 'closed';
    await em.flush();
    expect((await em.fork().findOneOrFail(Job, 'j')).steps).toEqual([7]);
  });

  it('@ConcurrencyCheck tells nanoseconds apart, and a value from none', async () => {
    const job = em.create(Job, { id: 'j', state: 'open', due: new DateTime('2026-01-01T00:00:00.123456789Z') });
    await em.flush();
    await em.query(surql`UPDATE job:j SET due = d'2026-01-01T00:00:00.123456788Z'`);
    job.steps.push(2);
    await failure();
    await em.query(surql`UPDATE job:j SET due = NONE`);
    await failure();
    await em.refresh(job);
    job.steps.push(3);
    test.clear();
    await em.flush();
    expect(test.statements()[2]).toBe("IF job:j.job_state != 'open' OR job:j.due != NONE { THROW 'reverie:stale' }");
    expect(test.written()).toEqual(['UPDATE ONLY job:j SET steps = [3] RETURN AFTER']);
    expect((await em.fork().findOneOrFail(Job, 'j')).steps).toEqual([3]);
  });

  it('is checked for partial entities, whose reads always bring it', async () => {
    em.create(Job, { id: 'j', state: 'open' });
    await em.flush();
    em.clear();
    const job = await em.findOneOrFail(Job, 'j', { select: ['steps'] });
    await other.patch(Job, 'j', { state: 'done' });
    (job as Job).steps.push(1);
    test.clear();
    await failure();
    expect(test.statements()[2]).toBe("IF job:j.job_state != 'open' OR job:j.due != NONE { THROW 'reverie:stale' }");
    expect(await em.fork().findOneOrFail(Job, 'j')).toMatchObject({ state: 'done', steps: [] });
    expect(job).toMatchObject({ steps: [1] });
    em.clear();
  });

  describe('without a lock', () => {
    it('a tracked update or removal that touches no record is an error', async () => {
      const one = em.create(Bare, { n: 1 });
      await em.flush();
      await em.query(surql`DELETE ${one.id}`);
      one.n = 2;
      await expect(em.flush()).rejects.toThrow(EntityNotFoundError);
      em.remove(one);
      test.clear();
      await expect(em.flush()).rejects.toThrow(EntityNotFoundError);
      expect(test.statements()).toEqual([
        'BEGIN',
        `IF (SELECT VALUE true FROM ONLY ${one.id}) = NONE { THROW 'reverie:gone' }`,
        `DELETE [${one.id}] RETURN NONE`,
        'COMMIT',
      ]);
      expect([await em.fork().count(Bare), em.contains(one)]).toEqual([0, true]);
      em.clear();
    });

    it('one that goes with an earlier removal or cascade of the same flush is done', async () => {
      const parent = em.create(Bare, { n: 1 });
      const child = em.create(Bare, { n: 2, parent });
      const changed = em.create(Bare, { n: 3, parent });
      await em.flush();
      em.remove(parent);
      em.remove(child);
      changed.n = 4;
      test.clear();
      await em.flush();
      expect(test.sent()).toHaveLength(1);
      expect(test.written()).toEqual([
        `UPDATE ONLY ${changed.id} SET n = 4 RETURN VALUE id`,
        `DELETE [${child.id}, ${parent.id}] RETURN NONE`,
      ]);
      expect(await em.fork().count(Bare)).toBe(0);
      expect([parent, child, changed].map((one) => em.contains(one))).toEqual([false, false, false]);
    });
  });
});

describe('locks that are no locks', () => {
  it('are reported with the entity', async () => {
    @Table({ name: 'bad' })
    class Bad {
      @Id() id!: RecordId<'bad'>;
      @Version({ type: 'text' as 'int' }) readonly version!: number;
      @ConcurrencyCheck() @Relation(() => Bad, { optional: true }) other?: Link<Bad>;
    }
    const boot = Reverie.init({ url: 'mem://', namespace: 'a', database: 'b', entities: [Bad] });
    const error: unknown = await boot.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(MetadataError);
    expect((error as Error).message).toMatch(/Bad\.version.*int or datetime/s);
    expect((error as Error).message).toMatch(/Bad\.other.*@ConcurrencyCheck/s);
  });
});
