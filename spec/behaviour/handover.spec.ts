import 'reflect-metadata';
import type { Opt, RecordId } from '../../lib/index.js';
import {
  Field,
  Id,
  Index,
  Relation,
  SoftDelete,
  Table,
  TransactionConflictError,
  Unique,
  surql,
  type EntityManager,
  type Link,
  type Links,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

@Table({ name: 'player' })
@Index({ fields: ['shirt'], unique: true, where: { active: true } })
class Player {
  @Id() id!: RecordId<'player', string>;
  @Field('option<int>') shirt?: number;
  @Field('bool', { default: true }) active!: Opt<boolean>;
  @Field('option<string>') @Unique() nick?: string;
}

@Table({ name: 'lease' })
class Lease {
  @Id() id!: RecordId<'lease', string>;
  @Field('string') @Unique() code!: string;
  @Field('option<string>') note?: string;
  @SoftDelete() @Field('option<datetime>') endedAt?: Date;
}

@Table({ name: 'shelf' })
class Shelf {
  @Id() id!: RecordId<'shelf', string>;
  @Relation(() => Book, { inverse: 'shelf', owns: true }) books!: Links<Book>;
}

@Table({ name: 'book' })
class Book {
  @Id() id!: RecordId<'book', string>;
  @Relation(() => Shelf, { optional: true }) shelf?: Link<Shelf>;
}

describe.each(backends)('what changes hands within one flush, on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Player, Lease, Shelf, Book] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.orm.em.fork().query(surql`DELETE player; DELETE lease; DELETE book; DELETE shelf`);
    em = test.orm.em.fork();
  });
  afterEach(() => expectInOrder(test, em));

  /** What a flush writes, in one request. */
  async function flushed(): Promise<string[]> {
    test.clear();
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    const written = test.written();
    await expectInOrder(test, em);
    return written;
  }

  const players = async () =>
    Object.fromEntries((await em.fork().find(Player)).map(({ id, nick, shirt }) => [id.key, nick ?? shirt]));
  const leases = async () => (await em.fork().find(Lease, {}, { orderBy: { id: 'asc' } })).map(({ id }) => id.key);

  async function three(value: (key: string, index: number) => object): Promise<[Player, Player, Player]> {
    const made = ['a', 'b', 'c'].map((id, index) => em.create(Player, { id, ...value(id, index) }));
    await em.flush();
    return made as [Player, Player, Player];
  }

  it('a unique value goes round in a circle', async () => {
    const [a, b, c] = await three((nick) => ({ nick }));
    [a.nick, b.nick, c.nick] = ['b', 'c', 'a'];
    expect(await flushed()).toEqual([
      'UPDATE player:b SET nick = NONE RETURN NONE',
      "UPDATE ONLY player:a SET nick = 'b' RETURN VALUE id",
      "UPDATE ONLY player:c SET nick = 'a' RETURN VALUE id",
      "UPDATE ONLY player:b SET nick = 'c' RETURN VALUE id",
    ]);
    expect(await players()).toEqual({ a: 'b', b: 'c', c: 'a' });
  });

  it('one that a removed record gives free is passed on, and the next too', async () => {
    const [a, b] = await three((nick) => ({ nick }));
    em.remove(a);
    b.nick = 'a';
    em.create(Player, { id: 'd', nick: 'b' });
    expect(await flushed()).toEqual([
      'DELETE [player:a] RETURN NONE',
      "UPDATE ONLY player:b SET nick = 'a' RETURN VALUE id",
      "CREATE ONLY player:d CONTENT { nick: 'b' } RETURN AFTER",
    ]);
    expect(await players()).toEqual({ b: 'a', c: 'c', d: 'b' });
    expect(em.contains(a)).toBe(false);
  });

  it('within a partial index: the values, and who is a part of it', async () => {
    const [a, b, c] = await three((_, shirt) => ({ shirt, active: shirt < 2 }));
    [a.shirt, b.shirt] = [1, 0];
    expect(await flushed()).toEqual([
      'UPDATE player:b SET shirt = NONE RETURN NONE',
      'UPDATE ONLY player:a SET shirt = 1 RETURN VALUE id',
      'UPDATE ONLY player:b SET shirt = 0 RETURN VALUE id',
    ]);
    expect(await players()).toEqual({ a: 1, b: 0, c: 2 });
    c.shirt = 1;
    expect(await flushed()).toEqual(['UPDATE ONLY player:c SET shirt = 1 RETURN VALUE id']);
    [a.active, c.active] = [false, true];
    expect(await flushed()).toEqual([
      'UPDATE ONLY player:a SET active = false RETURN VALUE id',
      'UPDATE ONLY player:c SET active = true RETURN VALUE id',
    ]);
    expect(await em.fork().count(Player, { shirt: 1, active: true })).toBe(1);
    a.active = true;
    await expect(em.flush()).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT', fields: ['shirt'], value: 1 });
    a.shirt = 9;
    expect(await flushed()).toEqual(['UPDATE ONLY player:a SET shirt = 9, active = true RETURN VALUE id']);
  });

  it('who is a part of a partial index changes hands, whichever comes first', async () => {
    const [a, b, c] = await three(() => ({ shirt: 7, active: false }));
    let before: Player | undefined;
    for (const holder of [b, a, c, a, b]) {
      for (const each of [a, b, c]) each.active = each === holder;
      expect(await flushed()).toEqual([
        ...(before === undefined ? [] : [`UPDATE ONLY ${before.id} SET active = false RETURN VALUE id`]),
        `UPDATE ONLY ${holder.id} SET active = true RETURN VALUE id`,
      ]);
      before = holder;
      expect(await em.fork().find(Player, { shirt: 7, active: true })).toMatchObject([{ id: holder.id }]);
    }
    [a.active, b.active] = [true, false];
    b.shirt = 8;
    em.create(Player, { id: 'd', shirt: 8, active: true });
    expect(await flushed()).toEqual([
      'CREATE ONLY player:d CONTENT { active: true, shirt: 8 } RETURN AFTER',
      'UPDATE ONLY player:b SET shirt = 8, active = false RETURN VALUE id',
      'UPDATE ONLY player:a SET active = true RETURN VALUE id',
    ]);
    [a.active, c.active] = [true, true];
    await expect(em.flush()).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT', fields: ['shirt'], value: 7 });
    c.active = false;
  });

  it('a value goes back to a restored record while the one that had it is removed', async () => {
    const first = em.create(Lease, { id: 'first', code: 'x' });
    await em.flush();
    em.remove(first);
    const second = em.create(Lease, { id: 'second', code: 'x' });
    expect(await flushed()).toEqual([
      'UPDATE ONLY lease:first SET endedAt = (time::floor(time::now(), 1ms)) RETURN AFTER',
      "CREATE ONLY lease:second CONTENT { code: 'x' } RETURN AFTER",
    ]);
    expect(await leases()).toEqual(['second']);
    em.restore(first);
    em.remove(second);
    expect(await flushed()).toEqual([
      'UPDATE ONLY lease:second SET endedAt = (time::floor(time::now(), 1ms)) RETURN AFTER',
      'UPDATE ONLY lease:first SET endedAt = NONE RETURN AFTER',
    ]);
    expect([await leases(), first.endedAt, second.endedAt instanceof Date]).toEqual([['first'], undefined, true]);
    em.remove(first, { hard: true });
    em.restore(second);
    expect(await flushed()).toEqual([
      'DELETE [lease:first] RETURN NONE',
      'UPDATE ONLY lease:second SET endedAt = NONE RETURN AFTER',
    ]);
    expect([await leases(), em.contains(first)]).toEqual([['second'], false]);
  });

  it('a record that was made anew in place of another is removed and restored as any', async () => {
    em.remove(await create(Lease, { id: 'one', code: 'x', note: 'old' }));
    const anew = em.create(Lease, { id: 'one', code: 'y' });
    expect(await flushed()).toEqual(["UPDATE ONLY lease:one REPLACE object::extend({}, { code: 'y' }) RETURN AFTER"]);
    em.remove(anew);
    expect(await flushed()).toEqual([
      'UPDATE ONLY lease:one SET endedAt = (time::floor(time::now(), 1ms)) RETURN AFTER',
    ]);
    expect(await leases()).toEqual([]);
    em.restore(anew);
    expect(await flushed()).toEqual(['UPDATE ONLY lease:one SET endedAt = NONE RETURN AFTER']);
    expect(await em.fork().findOneOrFail(Lease, 'one')).toMatchObject({ code: 'y', note: undefined });
  });

  it('an id goes from one entity to the next as often as it has to; a failure leaves it to be corrected', async () => {
    const [a, b] = await three((nick) => ({ nick }));
    em.remove(a);
    em.remove(em.create(Player, { id: 'a', nick: 'second' }));
    const last = em.create(Player, { id: 'a', nick: 'b' });
    await expect(em.flush()).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT', value: 'b' });
    expect([em.contains(last), await players()]).toEqual([true, { a: 'a', b: 'b', c: 'c' }]);
    last.nick = 'third';
    expect(await flushed()).toEqual([
      "UPDATE ONLY player:a REPLACE object::extend({ active: true }, { nick: 'third' }) RETURN AFTER",
    ]);
    expect(await players()).toEqual({ a: 'third', b: 'b', c: 'c' });
    expect([em.contains(a), em.contains(last), await em.findOne(Player, 'a')]).toEqual([false, true, last]);
    expect(b.nick).toBe('b');
  });

  it('a child goes from owner to owner by every way there is, and goes for good when the last lets go', async () => {
    const [left, right] = [em.create(Shelf, { id: 'left' }), em.create(Shelf, { id: 'right' })];
    const book = em.create(Book, { id: 'one', shelf: left });
    await em.flush();
    await Promise.all([left.books.load(), right.books.load()]);
    left.books.remove(book);
    right.books.add(book);
    expect(await flushed()).toEqual(['UPDATE ONLY book:one SET shelf = shelf:right RETURN VALUE id']);
    expect([left.books.ids.length, right.books.ids.length]).toEqual([0, 1]);
    book.shelf = left as never;
    expect(await flushed()).toEqual(['UPDATE ONLY book:one SET shelf = shelf:left RETURN VALUE id']);
    expect([left.books.ids.length, right.books.ids.length]).toEqual([1, 0]);
    em.remove(left);
    right.books.add(book);
    expect(await flushed()).toEqual([
      'UPDATE ONLY book:one SET shelf = shelf:right RETURN VALUE id',
      'DELETE [shelf:left] RETURN NONE',
    ]);
    expect((await em.fork().findOneOrFail(Book, 'one')).shelf?.id.key).toBe('right');
    right.books.set([]);
    expect(await flushed()).toEqual(['DELETE [book:one] RETURN NONE']);
    expect([await em.fork().count(Book), em.contains(book)]).toEqual([0, false]);
  });

  it('tx.guard: what was read counts once, what is new or removed needs none, and strangers are refused', async () => {
    const [a] = await three((nick) => ({ nick }));
    const guarding = (pick: (tx: EntityManager) => object | Promise<object>) =>
      em.transaction(async (tx) => tx.guard((await pick(tx)) as Player), { retry: false });
    await guarding((tx) => tx.create(Player, { id: 'd' }));
    await guarding(async (tx) => {
      const read = await tx.findOneOrFail(Player, 'a');
      tx.guard(read);
      return read;
    });
    await expect(guarding(() => a)).rejects.toThrow(/player:a belongs to another EntityManager/);
    await expect(guarding(() => ({ nick: 'x' }))).rejects.toThrow(/does not track/);
    expect(() => em.guard(a)).toThrow(/outside of a transaction/);
    test.clear();
    const guarded = em.transaction(
      async (tx) => {
        tx.guard(await tx.findOneOrFail(Player, 'b'));
        (await tx.findOneOrFail(Player, 'c')).shirt = 1;
        await test.orm.em.fork().patch(Player, 'b', { nick: 'rival' });
      },
      { retry: false },
    );
    await expect(guarded).rejects.toBeInstanceOf(TransactionConflictError);
    // All that was read of b is compared, and of c what is changed.
    expect(test.statements().filter((text) => text.includes('reverie:stale'))).toEqual([
      "IF player:b.shirt != NONE OR player:b.active != true OR player:b.nick != 'b' { THROW 'reverie:stale' }",
      "IF player:c.shirt != NONE { THROW 'reverie:stale' }",
    ]);
    await em.find(Player, {}, { refresh: true });
    expect(await players()).toEqual({ a: 'a', b: 'rival', c: 'c', d: undefined });
  });

  async function create<T extends object>(entity: new () => T, data: object): Promise<T> {
    const made = em.create(entity, data as never);
    await em.flush();
    return made;
  }
});
