import 'reflect-metadata';
import {
  Field,
  Id,
  In,
  NotLoadedError,
  OptimisticLockError,
  Out,
  Relation,
  Table,
  TransactionConflictError,
  surql,
  type EntityManager,
  type Link,
  type Links,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

@Table({ name: 'basket' })
class Basket {
  @Id() id!: RecordId<'basket'>;
  @Field('string', { default: '' }) name!: string;
  @Relation(() => Item, { inverse: 'basket', owns: true }) items!: Links<Item>;
  @Relation(() => Guest, { inverse: 'basket' }) guests!: Links<Guest>;
  @Relation(() => Photo, { many: true, owns: true }) photos!: Links<Photo>;
  @Relation(() => Photo, { many: true, list: true }) slides!: Links<Photo>;
  @Relation(() => Sticker, { edge: () => Sticks, owns: true }) stickers!: Links<Sticker>;
  @Relation(() => Photo, { optional: true, owns: true }) cover?: Link<Photo>;
}

@Table({ name: 'item' })
class Item {
  @Id() id!: RecordId<'item'>;
  @Field('string', { default: '' }) name!: string;
  @Relation(() => Basket) basket!: Link<Basket>;
}

@Table({ name: 'guest' })
class Guest {
  @Id() id!: RecordId<'guest'>;
  @Relation(() => Basket, { optional: true }) basket?: Link<Basket>;
}

@Table({ name: 'photo' })
class Photo {
  @Id() id!: RecordId<'photo'>;
}

@Table({ name: 'sticker' })
class Sticker {
  @Id() id!: RecordId<'sticker'>;
}

@Table({ name: 'sticks', type: 'relation', in: () => Basket, out: () => Sticker })
class Sticks {
  @Id() id!: RecordId<'sticks'>;
  @In() in!: Link<Basket>;
  @Out() out!: Link<Sticker>;
}

const TABLES = ['basket', 'item', 'guest', 'photo', 'sticker', 'sticks'];

describe.each(backends)('members that nobody has read, on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;
  let a: Basket;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Basket, Item, Guest, Photo, Sticker, Sticks] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    em = test.orm.em.fork();
    for (const table of TABLES) await em.query(surql`DELETE ${surql.id(table)}`);
    for (const id of ['a', 'b']) {
      em.create(Basket, {
        id,
        items: [{ id: `${id}-item` }],
        guests: [{ id: `${id}-guest` }],
        photos: [{ id: `${id}-photo` }],
        stickers: [{ id: `${id}-sticker` }],
      } as never);
    }
    await em.flush();
    em = test.orm.em.fork();
    a = await em.findOneOrFail(Basket, 'a');
    test.clear();
  });
  /** The invariant: what has been flushed is not flushed again. */
  afterEach(() => sendsNothing());

  async function sendsNothing(): Promise<void> {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  }

  async function keys(table: string): Promise<string[]> {
    const [ids] = await test.orm.em.fork().query<[RecordId[]]>(surql`SELECT VALUE id FROM ${surql.id(table)}`);
    return ids.map((id) => String(id.key)).sort();
  }

  const shown = (links: Links<Photo>) => (links as unknown as { get(): Photo[] }).get();

  const failure = () => em.flush().catch((error: unknown) => error);

  it('are taken out by their ids in one request', async () => {
    a.items.remove('a-item');
    a.guests.remove('a-guest');
    test.clear();
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    expect(test.written()).toEqual([
      'UPDATE ONLY guest:`a-guest` SET basket = NONE RETURN AFTER',
      'DELETE [item:`a-item`] RETURN NONE',
    ]);
    expect(await keys('item')).toEqual(['b-item']);
    const guest = await test.orm.em.fork().findOneOrFail(Guest, 'a-guest');
    expect(guest.basket).toBeUndefined();
    expect(await a.items.load()).toEqual([]);
    expect(await a.guests.load()).toEqual([]);
  });

  it("another owner's is not deleted: the error says whose it is not", async () => {
    a.items.remove('b-item');
    const error = await failure();
    expect(error).toBeInstanceOf(OptimisticLockError);
    expect(String(error)).toContain('item:`b-item` is not among Basket.items of basket:a');
    expect(test.statements()).toEqual([
      'BEGIN',
      "IF (SELECT VALUE true FROM ONLY item:`b-item`) != NONE AND item:`b-item`.basket != basket:a { THROW 'reverie:stale' }",
      'DELETE [item:`b-item`] RETURN NONE',
      'COMMIT',
    ]);
    expect(await keys('item')).toEqual(['a-item', 'b-item']);
    em.clear();
  });

  it("another owner's link is not cleared, and nothing else of the flush is kept", async () => {
    a.name = 'changed';
    a.guests.remove('b-guest');
    expect(await failure()).toBeInstanceOf(OptimisticLockError);
    expect(test.written()).toEqual([
      "UPDATE ONLY basket:a SET name = 'changed' RETURN VALUE id",
      'UPDATE ONLY guest:`b-guest` SET basket = NONE RETURN AFTER',
    ]);
    expect(a.name).toBe('changed');
    const fork = test.orm.em.fork();
    expect((await fork.findOneOrFail(Guest, 'b-guest')).basket?.id.key).toBe('b');
    expect((await fork.findOneOrFail(Basket, 'a')).name).toBe('');
    em.clear();
  });

  it('nor are they where the member is read before the flush', async () => {
    a.items.remove('b-item');
    await em.findOneOrFail(Item, 'b-item');
    expect(await failure()).toBeInstanceOf(OptimisticLockError);
    expect(test.written()).toEqual(['DELETE [item:`b-item`] RETURN NONE']);
    expect(await keys('item')).toEqual(['a-item', 'b-item']);
    em.clear();
  });

  it('in a deferred transaction it is the same error, and no conflict to be run again', async () => {
    let runs = 0;
    const error = await em
      .transaction(async (tx) => {
        runs++;
        (await tx.findOneOrFail(Basket, 'a')).items.remove('b-item');
      })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OptimisticLockError);
    expect(error).not.toBeInstanceOf(TransactionConflictError);
    expect(runs).toBe(1);
    expect(test.written()).toEqual(['DELETE [item:`b-item`] RETURN NONE']);
    expect(await keys('item')).toEqual(['a-item', 'b-item']);
  });

  it('one that is gone already is no error where it was to go', async () => {
    await test.orm.em.fork().query(surql`DELETE item:⟨a-item⟩`);
    a.items.remove('a-item');
    test.clear();
    await em.flush();
    expect(test.statements()).toEqual([
      'BEGIN',
      "IF (SELECT VALUE true FROM ONLY item:`a-item`) != NONE AND item:`a-item`.basket != basket:a { THROW 'reverie:stale' }",
      'DELETE [item:`a-item`] RETURN NONE',
      'COMMIT',
    ]);
    expect(await a.items.load()).toEqual([]);
    expect(await keys('item')).toEqual(['b-item']);
  });

  it('one that is given to another owner instead moves there', async () => {
    const b = await em.findOneOrFail(Basket, 'b');
    a.items.remove('a-item');
    b.items.add('a-item');
    await em.flush();
    expect(test.written()).toEqual(['UPDATE ONLY item:`a-item` SET basket = basket:b RETURN AFTER']);
    expect(await keys('item')).toEqual(['a-item', 'b-item']);
    expect((await b.items.load()).map(({ id }) => id.key).sort()).toEqual(['a-item', 'b-item']);
  });

  it('an id that is in no owned column of the owner deletes nothing', async () => {
    a.photos.remove('b-photo');
    await em.flush();
    expect(test.written()).toEqual(['UPDATE ONLY basket:a SET photos -= [photo:`b-photo`] RETURN AFTER']);
    expect(await keys('photo')).toEqual(['a-photo', 'b-photo']);
    test.clear();
    a.photos.remove('a-photo');
    await em.flush();
    expect(test.written()).toEqual([
      'UPDATE ONLY basket:a SET photos -= [photo:`a-photo`] RETURN AFTER',
      'DELETE [photo:`a-photo`] RETURN NONE',
    ]);
    expect(a.photos.ids).toEqual([]);
    expect(await keys('photo')).toEqual(['b-photo']);
  });

  it('what is owned over an edge has to be known to go', async () => {
    expect(() => a.stickers.remove('b-sticker')).toThrow(NotLoadedError);
    await a.stickers.load();
    a.stickers.remove('b-sticker');
    a.stickers.remove('a-sticker');
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      'DELETE basket:a->sticks WHERE out = sticker:`b-sticker` OR sticker:`b-sticker` = NONE RETURN NONE',
      'DELETE basket:a->sticks WHERE out = sticker:`a-sticker` OR sticker:`a-sticker` = NONE RETURN NONE',
      'DELETE [sticker:`a-sticker`] RETURN NONE',
    ]);
    expect(a.stickers.ids).toEqual([]);
    expect(await keys('sticker')).toEqual(['b-sticker']);
    expect(await keys('sticks')).toHaveLength(1);
  });

  it('link arrays without members have nothing to load: of new entities, before and after the flush, and of rows', async () => {
    const made = em.create(Basket, { id: 'c' } as never);
    expect([shown(made.photos), shown(made.slides)]).toEqual([[], []]);
    await em.flush();
    expect([shown(made.photos), shown(made.slides)]).toEqual([[], []]);
    expect(shown(a.slides)).toEqual([]);
    expect(() => shown(a.photos)).toThrow(NotLoadedError);
    test.clear();
    expect(await a.slides.load()).toEqual([]);
    expect(test.sent()).toEqual([]);
    a.slides.add(em.create(Photo, { id: 'late' }));
    await em.flush();
    expect(test.written()).toEqual([
      'CREATE ONLY photo:late CONTENT {  } RETURN NONE',
      'UPDATE ONLY basket:a SET slides = [photo:late] RETURN VALUE id',
    ]);
    expect(await keys('photo')).toEqual(['a-photo', 'b-photo', 'late']);
    expect(shown(a.slides).map(({ id }) => id.key)).toEqual(['late']);
  });

  it('what a replaced owner had goes, unless the new one has it; what points to the record stays', async () => {
    em.assign(a, { cover: { id: 'a-cover' } } as never);
    await em.flush();
    em.remove(a);
    const next = em.create(Basket, { id: 'a', cover: 'a-photo' } as never);
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      "UPDATE ONLY basket:a REPLACE object::extend({ name: '' }, { cover: photo:`a-photo`, photos: [], slides: [] }) RETURN AFTER",
      'DELETE [photo:`a-cover`] RETURN NONE',
    ]);
    expect(await keys('photo')).toEqual(['a-photo', 'b-photo']);
    expect(await keys('item')).toEqual(['a-item', 'b-item']);
    expect((await next.items.load()).map(({ id }) => id.key)).toEqual(['a-item']);
  });
});
