import type { CreateData, RecordId, ReverieError } from '../../lib/index.js';
import {
  Field,
  Id,
  Index,
  Table,
  UniqueConstraintError,
  ValidationError,
  BulkError,
  surql,
  type EntityManager,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { Follows, Role, Team, User, entities } from '../support/entities.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

@Table({ name: 'seat' })
@Index({ fields: ['row', 'place'], unique: true })
class Seat {
  @Id('uuid') id!: RecordId<'seat'>;
  @Field('string') row!: string;
  @Field('int', { name: 'nr' }) place!: number;
  @Field('option<string>') guest?: string;
}

const ANN = { id: 'ann', name: 'Ann', age: 42, role: Role.Writer, email: 'ann@x.y' } as const;

describe.each(backends)('upsert and insert on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [...entities, Seat] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.orm.em.fork().query(surql`DELETE user; DELETE team; DELETE seat; DELETE follows`);
    em = test.orm.em.fork();
    em.create(User, { ...ANN });
    await em.flush();
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  describe('upsert', () => {
    it('changes the record of an id, or makes it', async () => {
      const [ann, bob] = await em.upsert(User, [
        { id: 'ann', name: 'Anna', age: 43, role: Role.Reader },
        { id: 'bob', name: 'Bob', age: 7, role: Role.Reader, labels: ['new'] },
      ]);
      expect(test.sent()).toHaveLength(1);
      expect(test.written()).toEqual([
        "IF (SELECT VALUE true FROM ONLY user:ann) != NONE { RETURN UPDATE ONLY user:ann SET name = 'Anna', age = 43, role = 'reader' RETURN AFTER } ELSE { RETURN CREATE ONLY user:ann CONTENT { age: 43, name: 'Anna', role: 'reader' } RETURN AFTER }",
        "IF (SELECT VALUE true FROM ONLY user:bob) != NONE { RETURN UPDATE ONLY user:bob SET name = 'Bob', age = 7, role = 'reader', labels = ['new'] RETURN AFTER } ELSE { RETURN CREATE ONLY user:bob CONTENT { age: 7, labels: ['new'], name: 'Bob', role: 'reader' } RETURN AFTER }",
      ]);
      expect(ann).toMatchObject({ name: 'Anna', age: 43, email: ANN.email, shout: 'ANNA' });
      expect(bob).toMatchObject({ name: 'Bob', active: true, labels: ['new'], shout: 'BOB' });
      expect([em.contains(ann as User), em.contains(bob as User)]).toEqual([true, true]);
      expect(await test.orm.em.fork().find(User, {}, { orderBy: { name: 'asc' } })).toMatchObject([
        { name: 'Anna', email: ANN.email },
        { name: 'Bob' },
      ]);
    });

    it('goes by a unique field, and keeps the id of what exists', async () => {
      const [bob, ann] = await em.upsert(
        User,
        [
          { name: 'Bob', age: 7, role: Role.Reader, email: 'bob@x.y' },
          { name: 'Anna', age: 43, role: Role.Reader, email: ANN.email },
        ],
        { on: 'email' },
      );
      expect(String(ann?.id)).toBe('user:ann');
      expect(ann).toMatchObject({ name: 'Anna', age: 43 });
      expect(String(bob?.id)).toMatch(/^user:\w{20}$/);
      const again = await em.upsert(
        User,
        { name: 'Rob', age: 8, role: Role.Reader, email: 'bob@x.y' },
        { on: 'email' },
      );
      expect(again).toBe(bob);
      expect(bob?.name).toBe('Rob');
      expect(await em.count(User)).toBe(2);
    });

    it('goes by several fields, of another name in the table, with an id of the declared type', async () => {
      const on = ['place', 'row'] as const;
      const first = await em.upsert(Seat, { row: 'A', place: 1, guest: 'Ann' }, { on });
      const second = await em.upsert(Seat, { row: 'A', place: 1 }, { on });
      expect(second).toBe(first);
      expect(second.guest).toBe('Ann');
      await em.upsert(Seat, { row: 'A', place: 1, guest: null }, { on });
      expect(first.guest).toBeUndefined();
      expect(await em.count(Seat)).toBe(1);
    });

    it('takes no conflict of another index for the one meant', async () => {
      const failing = em.upsert(User, { id: 'eve', name: 'Eve', age: 1, role: Role.Reader, email: ANN.email });
      await expect(failing).rejects.toBeInstanceOf(UniqueConstraintError);
      await expect(failing).rejects.toMatchObject({ fields: ['email'] });
      expect((await em.findOneOrFail(User, 'ann')).name).toBe('Ann');
    });

    it('of nothing sends nothing', async () => {
      expect(await em.upsert(User, [])).toEqual([]);
      expect(test.sent()).toEqual([]);
    });

    const eve = { name: 'Eve', age: 1, role: Role.Reader };
    it.each([
      ['a field without a unique index', [{ ...eve }], 'name', /unique index/],
      ['an id beside another key', [{ ...eve, id: 'eve', email: 'e' }], 'email', /was given an id/],
      ['a key without a value', [{ ...eve }], 'email', /no value/],
      [
        'one record twice',
        [
          { ...eve, email: 'e' },
          { ...eve, email: 'e' },
        ],
        'email',
        /Rows 0 and 1/,
      ],
      [
        'one id twice',
        [
          { ...eve, id: 'e' },
          { ...eve, id: 'e' },
        ],
        'id',
        /Rows 0 and 1/,
      ],
      ['a wrong value', [{ ...eve, age: 'x' }], 'id', /age/],
    ])('refuses %s', async (_case, rows, on, message) => {
      await expect(em.upsert(User, rows as never, { on: on as never })).rejects.toThrow(message);
      await expect(em.upsert(User, rows as never, { on: on as never })).rejects.toBeInstanceOf(ValidationError);
      expect(test.sent()).toEqual([]);
    });

    it('refuses edges', async () => {
      await expect(em.upsert(Follows, { in: 'user:a', out: 'user:b' } as never)).rejects.toThrow(/em\.relate/);
    });

    it('is queued in a deferred transaction', async () => {
      await em.transaction(async (tx) => {
        expect(await tx.upsert(User, { id: 'ann', name: 'Anna', age: 1, role: Role.Reader })).toBeUndefined();
        expect(test.sent()).toEqual([]);
      });
      expect((await em.findOneOrFail(User, 'ann')).name).toBe('Anna');
    });

    if (backend.stateful)
      it('sees what an interactive transaction has written', async () => {
        await em.transaction(
          async (tx) => {
            const row = { name: 'Bob', age: 7, role: Role.Reader, email: 'bob@x.y' };
            const bob = await tx.upsert(User, row, { on: 'email' });
            const again = await tx.upsert(User, { ...row, age: 8 }, { on: 'email' });
            expect(again).toBe(bob);
            expect(bob.age).toBe(8);
          },
          { mode: 'interactive' },
        );
        expect(await em.count(User)).toBe(2);
        em.clear();
      });
  });

  describe('insert', () => {
    const teams = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, k) => ({ id: `t${from + k}`, name: `Team ${from + k}` }));

    it('writes chunks one beside the other, and tells how far it is', async () => {
      const progress: number[] = [];
      const onProgress = ({ done, total }: { done: number; total: number }) => void progress.push(done / total);
      const result = await em.insert(Team, teams(0, 10), { chunk: 3, concurrency: 3, onProgress });
      expect(result).toEqual({ inserted: 10, failed: 0, errors: [] });
      expect(test.sent()).toHaveLength(4);
      expect(progress).toHaveLength(4);
      expect(progress.at(-1)).toBe(1);
      expect(await em.count(Team)).toBe(10);
    });

    it('brings the entities when asked', async () => {
      const { entities: made } = await em.insert(Team, teams(0, 5), { chunk: 2, returning: 'after' });
      expect(made?.map(({ name }) => name)).toEqual(teams(0, 5).map(({ name }) => name));
      expect(made?.every((team) => em.contains(team))).toBe(true);
    });

    it('atomic is all or nothing, in one request', async () => {
      await em.insert(Team, { id: 't5', name: 'there' });
      test.clear();
      const failing = em.insert(Team, teams(0, 10), { chunk: 2, atomic: true });
      await expect(failing).rejects.toBeInstanceOf(UniqueConstraintError);
      expect(test.sent()).toHaveLength(1);
      expect(await em.count(Team)).toBe(1);
      const result = await em.insert(Team, teams(6, 10), { chunk: 2, atomic: true, returning: 'after' });
      expect(result).toMatchObject({ inserted: 4, failed: 0 });
      expect(result.entities?.map(({ id }) => id.key)).toEqual(['t6', 't7', 't8', 't9']);
      await expect(em.insert(Team, [], { atomic: true })).resolves.toMatchObject({ inserted: 0 });
      await expect(em.insert(Team, [], { atomic: true, onError: 'collect' })).rejects.toThrow(/contradict/);
    });

    it('leaves or overwrites rows that exist, and counts what it wrote', async () => {
      await em.insert(Team, teams(0, 3));
      const again = teams(1, 6).map((team) => ({ ...team, name: 'New' }));
      expect(await em.insert(Team, again, { onConflict: 'ignore' })).toMatchObject({ inserted: 3, failed: 0 });
      expect(await em.count(Team, { name: 'New' })).toBe(3);
      const held = await em.find(Team, {}, { orderBy: { id: 'asc' } });
      expect(await em.insert(Team, again, { onConflict: 'update', atomic: true })).toMatchObject({ inserted: 5 });
      expect(test.written().at(-1)).toBe(
        "IF (SELECT VALUE true FROM ONLY team:t5) != NONE { RETURN UPDATE ONLY team:t5 SET name = 'New' RETURN NONE } ELSE { RETURN CREATE ONLY team:t5 CONTENT { name: 'New' } RETURN NONE }",
      );
      expect(held.filter(({ name }) => name === 'New')).toHaveLength(5);
      expect(await em.count(Team, { name: 'New' })).toBe(5);
    });

    it('collects the rows that fail, with concurrency too', async () => {
      await em.insert(Team, [
        { id: 't2', name: 'there' },
        { id: 't7', name: 'there' },
      ]);
      const result = await em.insert(Team, teams(0, 10), {
        chunk: 4,
        concurrency: 2,
        onError: 'collect',
        returning: 'after',
      });
      expect(result).toMatchObject({ inserted: 8, failed: 2 });
      expect(result.errors.map(({ index }) => index)).toEqual([2, 7]);
      expect(result.errors.every(({ error }) => error instanceof UniqueConstraintError)).toBe(true);
      expect(result.entities?.map(({ id }) => id.key)).toEqual(['t0', 't1', 't3', 't4', 't5', 't6', 't8', 't9']);
    });

    it('collects the rows that cannot be sent beside those that the server refuses', async () => {
      await em.insert(Team, { id: 't3', name: 'there' });
      const wrong = [{ name: 7 }, { id: 'x' }, { name: 'X', colour: 'red' }] as unknown as CreateData<Team>[];
      const progress: number[] = [];
      test.clear();
      const result = await em.insert(Team, [wrong[0] as CreateData<Team>, ...teams(2, 5), ...wrong.slice(1)], {
        chunk: 2,
        onError: 'collect',
        returning: 'after',
        onProgress: ({ done }) => progress.push(done),
      });
      expect(result).toMatchObject({ inserted: 2, failed: 4 });
      expect(result.errors.map(({ index }) => index)).toEqual([0, 2, 4, 5]);
      expect(result.errors.map(({ error }) => (error as ReverieError).code)).toEqual([
        'VALIDATION',
        'UNIQUE_CONSTRAINT',
        'VALIDATION',
        'VALIDATION',
      ]);
      expect(result.entities?.map(({ id }) => id.key)).toEqual(['t2', 't4']);
      expect(progress).toEqual([3, 5, 6]);
      expect(await em.count(Team)).toBe(3);
    });

    it('says what was written before it stopped', async () => {
      await em.insert(Team, { id: 't7', name: 'there' });
      const failing = em.insert(Team, teams(0, 10), { chunk: 2 });
      await expect(failing).rejects.toBeInstanceOf(BulkError);
      await expect(failing).rejects.toMatchObject({ result: { inserted: 6 } });
    });

    it('in a deferred transaction leaves with the block', async () => {
      await em.insert(Team, teams(0, 2));
      test.clear();
      await em.transaction(async (tx) => {
        expect(await tx.insert(Team, { id: 't9', name: 'Nine' })).toBeUndefined();
        await tx.insert(Team, [{ id: 't0', name: 'Zero' }], { onConflict: 'update' });
        await tx.insert(Team, [{ id: 't1', name: 'One' }], { onConflict: 'ignore' });
        await expect(tx.insert(Team, teams(3, 4), { returning: 'after' })).rejects.toThrow(/interactive/);
        await expect(tx.insert(Team, teams(3, 4), { onError: 'collect' })).rejects.toThrow(/interactive/);
        expect(test.sent()).toEqual([]);
      });
      expect(test.written()).toEqual([
        "IF (SELECT VALUE true FROM ONLY team:t0) != NONE { RETURN UPDATE ONLY team:t0 SET name = 'Zero' RETURN NONE } ELSE { RETURN CREATE ONLY team:t0 CONTENT { name: 'Zero' } RETURN NONE }",
        "INSERT IGNORE INTO team [{ id: team:t1, name: 'One' }] RETURN AFTER",
        "CREATE ONLY team:t9 CONTENT { name: 'Nine' } RETURN NONE",
      ]);
      expect((await em.find(Team, {}, { orderBy: { id: 'asc' } })).map(({ name }) => name)).toEqual([
        'Zero',
        'Team 1',
        'Nine',
      ]);
    });

    if (backend.stateful)
      it('in an interactive transaction goes with it, edges too', async () => {
        em.create(User, { id: 'bob', name: 'Bob', age: 1, role: Role.Reader });
        await em.flush();
        const failing = em.transaction(
          async (tx) => {
            await tx.insert(Follows, { in: 'user:ann', out: 'user:bob' } as never);
            expect(await tx.insert(Team, teams(0, 3), { atomic: true })).toMatchObject({ inserted: 3 });
            expect(await tx.count(Team)).toBe(3);
            expect(await tx.count(Follows)).toBe(1);
            throw new Error('no');
          },
          { mode: 'interactive' },
        );
        await expect(failing).rejects.toThrow('no');
        expect([await em.count(Team), await em.count(Follows)]).toEqual([0, 0]);
      });
  });
});
