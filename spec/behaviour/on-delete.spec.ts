import 'reflect-metadata';
import type { RecordId } from '../../lib/index.js';
import {
  Field,
  Id,
  In,
  Out,
  QueryError,
  Relation,
  Table,
  surql,
  type EntityManager,
  type Link,
  type Links,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

@Table({ name: 'boss' })
class Boss {
  @Id() id!: RecordId<'boss'>;
  @Field('string') name!: string;
  @Relation(() => Staff, { inverse: 'boss' }) staff!: Links<Staff>;
  @Relation(() => Boss, { edge: () => Knows }) knows!: Links<Boss, Knows>;
}

@Table({ name: 'knows', type: 'relation', in: () => Boss, out: () => Boss })
class Knows {
  @Id() id!: RecordId<'knows'>;
  @In() in!: Link<Boss>;
  @Out() out!: Link<Boss>;
}

@Table({ name: 'staff' })
class Staff {
  @Id() id!: RecordId<'staff'>;
  @Field('string') name!: string;
  @Relation(() => Boss, { optional: true, onDelete: 'cascade' }) boss?: Link<Boss>;
  @Relation(() => Boss, { onDelete: 'unset' }) former?: Link<Boss>;
  @Relation(() => Boss, { optional: true, onDelete: 'reject' }) needs?: Link<Boss>;
  @Relation(() => Boss, { optional: true }) liked?: Link<Boss>;
  @Relation(() => Boss, { optional: true, onDelete: surql`UPDATE $this SET told = NONE, name = 'left alone'` })
  told?: Link<Boss>;
  @Relation(() => Boss, { many: true, onDelete: 'unset' }) unsetAll!: Links<Boss>;
  @Relation(() => Boss, { many: true }) keptAll!: Links<Boss>;
}

@Table({ name: 'crew' })
class Crew {
  @Id() id!: RecordId<'crew'>;
  @Relation(() => Boss, { many: true, onDelete: 'cascade' }) bosses!: Links<Boss>;
}

@Table({ name: 'task' })
class Task {
  @Id() id!: RecordId<'task'>;
  @Field('string') text!: string;
  @Relation(() => Staff, { optional: true, onDelete: 'cascade' }) doneBy?: Link<Staff>;
  @Relation(() => Staff, { onDelete: 'unset' }) checkedBy?: Link<Staff>;
}

const TABLES = ['task', 'crew', 'staff', 'knows', 'boss'];

describe.each(backends)('onDelete on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;
  let ann: Boss;
  let bob: Boss;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Boss, Knows, Staff, Crew, Task] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    for (const table of TABLES) await test.orm.em.fork().query(surql`DELETE ${surql.id(table)}`);
    em = test.orm.em.fork();
    ann = em.create(Boss, { id: 'ann', name: 'Ann' });
    bob = em.create(Boss, { id: 'bob', name: 'Bob' });
  });
  afterEach(() => expectInOrder(test, em));

  /** Removes her in one request, which writes nothing else: the rest is the server's. Answers what was read with it. */
  async function removeAnn(): Promise<string[]> {
    await em.flush();
    em.remove(ann);
    test.clear();
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    const statements = test.statements();
    expect(statements.slice(0, 3)).toEqual([
      'BEGIN',
      "IF (SELECT VALUE true FROM ONLY boss:ann) = NONE { THROW 'reverie:gone' }",
      'DELETE [boss:ann] RETURN NONE',
    ]);
    return statements.slice(3, -1);
  }

  const row = async (id: RecordId) => {
    const [rows] = await test.orm.em.fork().query<[Record<string, unknown>[]]>(surql`SELECT * FROM ${id}`);
    return rows[0];
  };

  it('cascade: what pointed there is dropped from memory, and from the collections that showed it', async () => {
    const one = em.create(Staff, { name: 'one', boss: ann });
    const task = em.create(Task, { text: 't', doneBy: one });
    await em.flush();
    await bob.staff.load();
    expect(await removeAnn()).toEqual([]);
    expect([em.contains(one), em.contains(task)]).toEqual([false, false]);
    expect(await em.count(Task)).toBe(0);
  });

  it('cascade goes on where nothing is loaded: what only the server knew is dropped all the same', async () => {
    await em.query(
      surql`CREATE boss:x SET name = 'x'; CREATE staff:y SET name = 'y', boss = boss:x, unsetAll = [], keptAll = []; CREATE task:z SET text = 'z', doneBy = staff:y; CREATE task:w SET text = 'w', checkedBy = staff:y`,
    );
    await em.flush();
    const boss = await em.findOneOrFail(Boss, 'x');
    const [gone, unset] = (await em.findByIds(Task, ['z', 'w'])) as [Task, Task];
    em.remove(boss);
    test.clear();
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    expect(test.written()).toEqual(['DELETE [boss:x] RETURN NONE']);
    expect([em.contains(gone), em.contains(unset)]).toEqual([false, true]);
    expect(unset.checkedBy).toBeUndefined();
    unset.text = 'still mine';
    await em.flush();
    expect(await row(unset.id)).toMatchObject({ text: 'still mine' });
  });

  it('unset: the link is gone in memory too, and is no change', async () => {
    const one = em.create(Staff, { name: 'one', former: ann, unsetAll: [ann, bob] });
    expect(await removeAnn()).toEqual([]);
    expect(one.former).toBeUndefined();
    expect(one.unsetAll.ids.map(String)).toEqual(['boss:bob']);
    expect(await row(one.id)).toMatchObject({ unsetAll: [bob.id] });
    expect(await row(one.id)).not.toHaveProperty('former');
  });

  it('ignore: the link keeps the id and is unloaded, as when it is read', async () => {
    const one = em.create(Staff, { name: 'one', liked: ann, keptAll: [ann, bob] });
    await em.flush();
    expect(one.liked?.isLoaded).toBe(true);
    expect(await removeAnn()).toEqual([]);
    expect([one.liked?.isLoaded, String(one.liked?.id)]).toEqual([false, 'boss:ann']);
    expect(one.keptAll.ids.map(String)).toEqual(['boss:ann', 'boss:bob']);
    expect(await row(one.id)).toMatchObject({ liked: one.liked?.id });
  });

  it('reject: an error that names both records; nothing is lost', async () => {
    const one = em.create(Staff, { name: 'one', needs: ann });
    await em.flush();
    em.remove(ann);
    test.clear();
    const error: unknown = await em.flush().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(QueryError);
    expect((error as Error).message).toContain('boss:ann');
    expect((error as Error).message).toContain(String(one.id));
    expect(test.written()).toEqual(['DELETE [boss:ann] RETURN NONE']);
    expect(await row(ann.id)).toMatchObject({ name: 'Ann' });
    test.clear();
    one.needs = undefined;
    await em.flush();
    expect(test.written()).toEqual([
      `UPDATE ONLY ${one.id} SET needs = NONE RETURN VALUE id`,
      'DELETE [boss:ann] RETURN NONE',
    ]);
    expect(await row(ann.id)).toBeUndefined();
    expect(em.contains(ann)).toBe(false);
  });

  it('a statement of your own: what it did to the entity is read back in the same request', async () => {
    const one = em.create(Staff, { name: 'one', told: ann });
    const two = em.create(Staff, { name: 'two', told: bob });
    expect(await removeAnn()).toEqual([`SELECT * FROM ONLY ${one.id}`]);
    expect(await row(one.id)).toMatchObject({ name: 'left alone' });
    expect(one).toMatchObject({ name: 'left alone', told: undefined });
    expect(two.name).toBe('two');
  });

  it('a link array that cascades takes its owner along', async () => {
    const crew = em.create(Crew, { bosses: [ann, bob] });
    expect(await removeAnn()).toEqual([]);
    expect(em.contains(crew)).toBe(false);
    expect(await em.count(Crew)).toBe(0);
  });

  it('edges go with their ends, and leave the collections', async () => {
    ann.knows.add(bob);
    bob.knows.add(ann);
    await em.flush();
    const edges = await em.find(Knows);
    await bob.knows.load();
    expect(await removeAnn()).toEqual([]);
    expect(await em.fork().count(Knows)).toBe(0);
    expect(await bob.knows.load()).toEqual([]);
    expect(edges.map((edge) => em.contains(edge))).toEqual([false, false]);
  });

  it('a member that moved away in the same flush stays', async () => {
    const one = em.create(Staff, { name: 'one', boss: ann });
    await em.flush();
    await ann.staff.load();
    await bob.staff.load();
    bob.staff.add(one);
    em.remove(ann);
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      `UPDATE ONLY ${one.id} SET boss = boss:bob RETURN VALUE id`,
      'DELETE [boss:ann] RETURN NONE',
    ]);
    expect(await row(one.id)).toMatchObject({ boss: bob.id });
    expect([em.contains(one), String(one.boss?.id)]).toEqual([true, 'boss:bob']);
    expect(await bob.staff.load()).toEqual([one]);
  });

  it('a transaction that fails brings everything back', async () => {
    const one = em.create(Staff, { name: 'one', former: ann, liked: ann, unsetAll: [ann] });
    await em.flush();
    test.clear();
    const run = em.transaction(
      async (tx) => {
        for (const each of [ann, one]) tx.merge(each);
        tx.remove(ann);
        await tx.flush();
        throw new Error('no');
      },
      { mode: backend.stateful ? 'interactive' : 'deferred' },
    );
    await expect(run).rejects.toThrow('no');
    expect(test.written()).toEqual(backend.stateful ? ['DELETE [boss:ann] RETURN NONE'] : []);
    expect(await row(one.id)).toMatchObject({ former: ann.id, liked: ann.id, unsetAll: [ann.id] });
    expect([String(one.former?.id), one.liked?.isLoaded, one.unsetAll.ids.length]).toEqual(['boss:ann', true, 1]);
    expect(em.contains(ann)).toBe(true);
  });
});
