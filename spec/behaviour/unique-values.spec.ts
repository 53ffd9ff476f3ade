import 'reflect-metadata';
import {
  Field,
  Id,
  Index,
  Relation,
  Table,
  Version,
  surql,
  type EntityManager,
  type Link,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

@Table({ name: 'seat' })
@Index({ fields: ['row', 'place'], unique: true })
class Seat {
  @Id('int') id!: RecordId<'seat', number>;
  @Field('option<string>', { name: 'label_text', unique: true, assert: surql`string::len($value) > 1` }) label?: string;
  @Field('string', { unique: true }) code!: string;
  @Field('int') row!: number;
  @Field('option<int>') place?: number;
  @Relation(() => Seat, { optional: true, onDelete: 'unset' }) next?: Link<Seat>;
}

@Table({ name: 'locker' })
class Locker {
  @Id('int') id!: RecordId<'locker', number>;
  @Field('string', { unique: true }) code!: string;
  @Field('option<string>', { unique: true }) owner?: string;
  @Version() readonly version!: number;
}

const label = (id: number): string => `label ${id}`;

describe.each(backends)('unique values that change hands within one flush, on $name', (backend) => {
  let db: RecordedOrm;
  let em: EntityManager;
  let seats: Seat[];

  beforeAll(async () => {
    db = await openRecordedOrm(backend, { entities: [Seat, Locker] });
  });
  afterAll(() => db.close());
  afterEach(() => expectInOrder(db, em));

  beforeEach(async () => {
    await db.orm.em.fork().query(surql`DELETE ${Seat}; DELETE ${Locker}`);
    em = db.orm.em.fork();
    seats = [1, 2, 3].map((id) => em.create(Seat, { id, label: label(id), code: `code ${id}`, row: 1, place: id }));
    await em.flush();
    db.clear();
  });

  /** One request wrote it, memory and database agree, and nothing is left to write. */
  async function expectFlushed(
    expected: Readonly<Record<number, Partial<Seat>>>,
    written: readonly string[],
  ): Promise<void> {
    await em.flush();
    expect(db.sent()).toHaveLength(1);
    expect(db.written()).toEqual(written);
    await em.flush();
    expect(db.sent()).toHaveLength(1);
    const stored = await db.orm.em.fork().find(Seat, {}, { orderBy: { id: 'asc' } });
    expect(stored.map(({ id }) => id.key)).toEqual(Object.keys(expected).map(Number));
    for (const seat of stored) {
      expect(seat).toMatchObject(expected[seat.id.key] as Partial<Seat>);
      expect(await em.findOne(Seat, seat.id)).toMatchObject(expected[seat.id.key] as Partial<Seat>);
    }
  }

  const [first, second, third] = [0, 1, 2].map((at) => () => seats[at] as Seat) as [() => Seat, () => Seat, () => Seat];

  test('two records exchange their values', async () => {
    first().label = label(2);
    second().label = label(1);
    await expectFlushed({ 1: { label: label(2) }, 2: { label: label(1) }, 3: { label: label(3) } }, [
      'UPDATE seat:2 SET label_text = NONE RETURN NONE',
      "UPDATE ONLY seat:1 SET label_text = 'label 2' RETURN VALUE id",
      "UPDATE ONLY seat:2 SET label_text = 'label 1' RETURN VALUE id",
    ]);
  });

  test('values go round, and other fields along with some of them', async () => {
    for (const [at, seat] of seats.entries()) seat.label = label(((at + 1) % 3) + 1);
    third().code = 'other';
    await expectFlushed({ 1: { label: label(2) }, 2: { label: label(3) }, 3: { label: label(1), code: 'other' } }, [
      'UPDATE seat:2 SET label_text = NONE RETURN NONE',
      "UPDATE ONLY seat:1 SET label_text = 'label 2' RETURN VALUE id",
      "UPDATE ONLY seat:3 SET label_text = 'label 1', code = 'other' RETURN VALUE id",
      "UPDATE ONLY seat:2 SET label_text = 'label 3' RETURN VALUE id",
    ]);
  });

  test('a new record takes the value that another gives up', async () => {
    second().label = 'spare';
    first().label = label(2);
    em.create(Seat, { id: 4, label: label(1), code: 'code 4', row: 2 });
    await expectFlushed(
      {
        1: { label: label(2) },
        2: { label: 'spare' },
        3: { label: label(3) },
        4: { label: label(1) },
      },
      [
        "UPDATE ONLY seat:2 SET label_text = 'spare' RETURN VALUE id",
        "UPDATE ONLY seat:1 SET label_text = 'label 2' RETURN VALUE id",
        "CREATE ONLY seat:4 CONTENT { code: 'code 4', label_text: 'label 1', row: 2 } RETURN NONE",
      ],
    );
  });

  test('an index over several fields', async () => {
    first().place = 2;
    second().place = 1;
    await expectFlushed({ 1: { place: 2 }, 2: { place: 1 }, 3: { place: 3 } }, [
      'UPDATE seat:2 SET place = NONE RETURN NONE',
      'UPDATE ONLY seat:1 SET place = 2 RETURN VALUE id',
      'UPDATE ONLY seat:2 SET place = 1 RETURN VALUE id',
    ]);
  });

  test('a new record takes the required value of one that is removed', async () => {
    em.remove(first());
    em.create(Seat, { id: 4, label: label(1), code: 'code 1', row: 1, place: 1 });
    await expectFlushed(
      {
        2: { label: label(2) },
        3: { label: label(3) },
        4: { label: label(1), code: 'code 1', place: 1 },
      },
      [
        'DELETE [seat:1] RETURN NONE',
        "CREATE ONLY seat:4 CONTENT { code: 'code 1', label_text: 'label 1', place: 1, row: 1 } RETURN NONE",
      ],
    );
  });

  test('a record that is removed lets go of its value while others still lead to it', async () => {
    em.assign(second(), { next: first() });
    await em.flush();
    db.clear();
    em.remove(first());
    em.assign(second(), { next: third() });
    second().label = label(1);
    await expectFlushed({ 2: { label: label(1) }, 3: { label: label(3) } }, [
      'DELETE [seat:1] RETURN NONE',
      "UPDATE ONLY seat:2 SET label_text = 'label 1', next = seat:3 RETURN VALUE id",
    ]);
    expect((await em.findOneOrFail(Seat, 2)).next?.id.key).toBe(3);
  });

  test('what is checked is checked as it was read', async () => {
    const [a, b] = [1, 2].map((id) => em.create(Locker, { id, code: `code ${id}`, owner: `owner ${id}` }));
    await em.flush();
    db.clear();
    (a as Locker).owner = 'owner 2';
    (b as Locker).owner = 'owner 1';
    await em.flush();
    expect([a?.version, b?.version]).toEqual([2, 2]);
    expect(db.statements()).toEqual([
      'BEGIN',
      "IF (SELECT VALUE true FROM ONLY locker:2) = NONE { THROW 'reverie:gone' }",
      "IF locker:2.version != 1 { THROW 'reverie:stale' }",
      'UPDATE locker:2 SET owner = NONE RETURN NONE',
      "IF (SELECT VALUE true FROM ONLY locker:1) = NONE { THROW 'reverie:gone' }",
      "IF locker:1.version != 1 { THROW 'reverie:stale' }",
      "UPDATE ONLY locker:1 SET owner = 'owner 2', version += 1 RETURN VALUE id",
      "IF $o = NONE { THROW 'reverie:gone' }",
      "UPDATE ONLY locker:2 SET owner = 'owner 1', version += 1 RETURN VALUE id",
      "IF $o = NONE { THROW 'reverie:gone' }",
      'COMMIT',
    ]);
    await em.transaction(async (tx) => {
      const [one, two] = await tx.find(Locker, {}, { orderBy: { id: 'asc' } });
      [(one as Locker).owner, (two as Locker).owner] = [two?.owner, one?.owner];
    });
    const other = db.orm.em.fork();
    (await other.findOneOrFail(Locker, 1)).owner = 'somebody';
    await other.flush();
    (a as Locker).owner = 'owner 2';
    (b as Locker).owner = 'owner 1';
    await expect(em.flush()).rejects.toMatchObject({ code: 'OPTIMISTIC_LOCK' });
    const stored = await db.orm.em.fork().find(Locker, {}, { orderBy: { id: 'asc' } });
    expect(stored.map(({ owner }) => owner)).toEqual(['somebody', 'owner 2']);
    await em.find(Locker, {}, { refresh: true });
  });

  test('where the field must have a value, the error says what to do', async () => {
    first().code = 'code 2';
    second().code = 'code 1';
    await expect(em.flush()).rejects.toMatchObject({
      code: 'VALIDATION',
      errors: [{ path: 'Seat.code', rule: 'unique' }],
      message: expect.stringContaining('option<…>') as string,
    });
    expect(db.sent()).toEqual([]);
    expect((await db.orm.em.fork().findOneOrFail(Seat, 1)).code).toBe('code 1');
    first().code = 'code 9';
    await em.flush();
    expect(db.written()).toEqual([
      "UPDATE ONLY seat:1 SET code = 'code 9' RETURN VALUE id",
      "UPDATE ONLY seat:2 SET code = 'code 1' RETURN VALUE id",
    ]);
    db.clear();
    await em.flush();
    expect(db.sent()).toEqual([]);
  });
});

describe.each(backends)('what a failing flush names, on $name', (backend) => {
  @Table({ name: 'mark' })
  class Mark {
    @Id('int') id!: RecordId<'mark', number>;
    @Field('string', { name: 'body', assert: surql`string::len($value) > 2` }) text!: string;
    @Field('option<object>', { flexible: true }) extra?: Record<string, unknown>;
  }
  @Table({ name: 'bookmark' })
  class Bookmark {
    @Id('int') id!: RecordId<'bookmark', number>;
    @Field('string', { name: 'body', assert: surql`string::len($value) > 2` }) text!: string;
    @Field('any', { optional: true }) note?: unknown;
  }
  let db: RecordedOrm;

  beforeAll(async () => {
    db = await openRecordedOrm(backend, { entities: [Mark, Bookmark] });
  });
  afterAll(() => db.close());

  test('the entity of the record, though the id of another is part of its own, and the field', async () => {
    const em = db.orm.em.fork();
    em.create(Mark, { id: 1, text: 'long enough' });
    const short = em.create(Bookmark, { id: 1, text: 'no' });
    const refused = await em.flush().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'QUERY', entities: ['Bookmark'] });
    expect(String(refused)).toMatch(/The flush of Bookmark\.text was refused/);
    short.text = 'yes, it is';
    short.note = [1];
    await em.flush();
    expect(await db.orm.em.fork().findOneOrFail(Bookmark, 1)).toMatchObject({ text: 'yes, it is', note: [1] });
    db.clear();
    await em.flush();
    expect(db.sent()).toEqual([]);
  });

  test.each([
    ['a function', { at: { call: () => 1 } }, 'Mark.extra.at.call'],
    ['a pattern', { 'odd key': [/a/] }, 'Mark.extra["odd key"][0]'],
  ])('the field that holds %s', async (_title, extra, path) => {
    const em = db.orm.em.fork();
    const mark = em.create(Mark, { id: 2, text: 'made', extra });
    await expect(em.flush()).rejects.toMatchObject({ code: 'VALIDATION', errors: [{ path }] });
    mark.extra = {};
    await em.flush();
    mark.extra = extra;
    await expect(em.flush()).rejects.toMatchObject({ code: 'VALIDATION', errors: [{ path }] });
    em.remove(mark);
    await em.flush();
    db.clear();
    await em.flush();
    expect(db.sent()).toEqual([]);
  });

  test('the field whose value holds itself', async () => {
    const em = db.orm.em.fork();
    const extra: Record<string, unknown> = {};
    extra['self'] = extra;
    db.clear();
    em.create(Mark, { id: 3, text: 'made', extra });
    await expect(em.flush()).rejects.toMatchObject({ code: 'VALIDATION', errors: [{ path: 'Mark.extra' }] });
    expect(db.sent()).toEqual([]);
  });

  test('records that were read in part and in whole go in one transaction', async () => {
    const em = db.orm.em.fork();
    for (const id of [4, 5]) em.create(Mark, { id, text: 'made' });
    await em.flush();
    await em.transaction(
      async (tx) => {
        const whole = await tx.findOneOrFail(Mark, 4);
        const [part] = await tx.find(Mark, { id: 5 }, { select: ['text'] });
        tx.remove(whole);
        tx.remove(part as Mark);
      },
      { retry: false },
    );
    expect(await db.orm.em.fork().find(Mark, { id: { $in: [4, 5] } })).toEqual([]);
  });
});
