import 'reflect-metadata';
import type { RecordId } from '../../lib/index.js';
import {
  Computed,
  DateTime,
  Decimal,
  Duration,
  Field,
  Id,
  Point,
  Table,
  TransactionConflictError,
  Uuid,
  surql,
  type EntityManager,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'holder' })
class Holder {
  @Id() id!: RecordId<'holder'>;
  @Field('option<string>') text?: string;
  @Field('float') ratio!: number;
  @Field('int') big!: number | bigint;
  @Field('decimal') price!: Decimal;
  @Field('datetime') at!: Date;
  @Field('datetime', { codec: DateTime }) exact!: DateTime;
  @Field('set<int>') numbers!: Set<number>;
  @Field('bytes') bytes!: Uint8Array;
  @Field('geometry<point>') place!: Point;
  @Field('uuid') key!: Uuid;
  @Field('duration') span!: Duration;
  @Field('object', { flexible: true }) deep!: Record<string, unknown>;
  @Field('array<any>') list!: unknown[];
  @Field('any') anything!: unknown;
  @Field('int') touched!: number;
  @Computed(surql`(touched ?? 0) * 2`, { type: 'int' }) readonly doubled!: number;
}

interface Case {
  readonly field: keyof Holder & string;
  /** What is stored, as SurrealQL; what a rival stores; what the block wants. */
  readonly stored: string;
  readonly rival: string;
  readonly wanted: unknown;
}

const uuid = 'u"0193e5a0-0000-7000-8000-00000000000';
const CASES: readonly Case[] = [
  { field: 'text', stored: 'NONE', rival: '"rival"', wanted: 'mine' },
  { field: 'text', stored: '""', rival: 'NONE', wanted: undefined },
  { field: 'ratio', stored: 'NaN', rival: '1f', wanted: 2.5 },
  { field: 'ratio', stored: '-0f', rival: '1f', wanted: 2.5 },
  { field: 'ratio', stored: '0.1f', rival: '0.10000000000000002f', wanted: 0.3 },
  { field: 'ratio', stored: '1e300f', rival: 'NaN', wanted: Number.NaN },
  { field: 'ratio', stored: 'NaN', rival: '-0f', wanted: -0 },
  { field: 'big', stored: '9007199254740993', rival: '9007199254740994', wanted: 9007199254740995n },
  { field: 'price', stored: '1.10dec', rival: '1.11dec', wanted: new Decimal('2.20') },
  { field: 'price', stored: '79228162514264337593543950335dec', rival: '1dec', wanted: new Decimal(0) },
  {
    field: 'at',
    stored: 'd"2026-01-01T00:00:00.123456789Z"',
    rival: 'd"2026-01-01T00:00:00.123456788Z"',
    wanted: new Date(5),
  },
  {
    field: 'exact',
    stored: 'd"2026-01-01T00:00:00.123456789Z"',
    rival: 'd"2026-01-01T00:00:00.123456788Z"',
    wanted: new DateTime('2026-01-01T00:00:00.123456790Z'),
  },
  { field: 'numbers', stored: '<set>[2, 1]', rival: '<set>[1]', wanted: new Set([1, 2, 3]) },
  { field: 'numbers', stored: '<set>[]', rival: '<set>[9]', wanted: new Set([1]) },
  { field: 'bytes', stored: '<bytes>"abc"', rival: '<bytes>"abd"', wanted: new Uint8Array([0, 255]) },
  { field: 'place', stored: '(1.5, -2.5)', rival: '(1.5, -2.6)', wanted: new Point([3, 4]) },
  { field: 'key', stored: `${uuid}1"`, rival: `${uuid}2"`, wanted: new Uuid('0193e5a0-0000-7000-8000-000000000003') },
  { field: 'span', stored: '1h1ns', rival: '1h', wanted: new Duration('2h') },
  {
    field: 'deep',
    stored: '{ a: { b: [1, { c: 0.1f, at: d"2026-01-01T00:00:00.000000001Z" }], n: NULL } }',
    rival: '{ a: { b: [1, { c: 0.1f, at: d"2026-01-01T00:00:00.000000002Z" }], n: NULL } }',
    wanted: { a: { b: [] } },
  },
  { field: 'deep', stored: '{}', rival: '{ a: 1 }', wanted: { b: 1 } },
  { field: 'list', stored: '[1, NONE, NULL, -0f]', rival: '[1, NULL, NULL, -0f]', wanted: [2] },
  { field: 'list', stored: '[[NaN], { x: holder:other }]', rival: '[[1f], { x: holder:other }]', wanted: [] },
  { field: 'anything', stored: 'NULL', rival: '1', wanted: 'mine' },
  { field: 'anything', stored: '1..5', rival: '1..=5', wanted: 'mine' },
  { field: 'anything', stored: '(1.5, 2.5)', rival: '{ type: "none" }', wanted: 'mine' },
  { field: 'anything', stored: '1', rival: '2', wanted: 1.5 },
];

const ALL = `{ ratio: 1f, big: 1, price: 1dec, at: d"2026-01-01T00:00:00Z", exact: d"2026-01-01T00:00:00Z", numbers: <set>[1],
  bytes: <bytes>"a", place: (1, 1), key: ${uuid}0", span: 1s, deep: {}, list: [], anything: 1, touched: 1 }`;

/** A statement of fixed text. */
const raw = (text: string) => surql(Object.assign([text], { raw: [text] }));

describe.each(backends)('guards on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Holder] });
  });
  afterAll(() => test.close());
  afterEach(() => expectInOrder(test, em));
  beforeEach(() => {
    em = test.orm.em.fork();
  });

  const store = async (field = 'touched', stored = '1') => {
    await em.query(raw(`DELETE holder; CREATE holder:h CONTENT object::extend(${ALL}, { ${field}: ${stored} })`));
    test.clear();
  };
  const rivalSets = (field: string, value: string) =>
    test.orm.em.fork().query(raw(`UPDATE holder:h SET ${field} = ${value}`));
  const once = <R>(work: (tx: EntityManager, holder: Holder) => Promise<R> | R, guard?: 'read') =>
    em.fork().transaction(async (tx) => work(tx, await tx.findOneOrFail(Holder, 'h')), {
      retry: false,
      ...(guard !== undefined && { guard }),
    });
  const assign = (holder: Holder, field: string, value: unknown) =>
    void ((holder as unknown as Record<string, unknown>)[field] = value);

  describe.each(CASES)('$field = $stored', ({ field, stored, rival, wanted }) => {
    it('what nobody else has touched is written, and computed fields come back beside the guard', async () => {
      await store(field, stored);
      const holder = await once((_tx, found) => {
        assign(found, field, wanted);
        found.touched = 21;
        return found;
      });
      expect(test.sent()).toHaveLength(2);
      expect(holder.doubled).toBe(42);
      const stored2 = await em.fork().findOneOrFail(Holder, 'h');
      expect((stored2 as unknown as Record<string, unknown>)[field]).toEqual(wanted);
      test.clear();
      await em.flush();
      expect(test.sent()).toEqual([]);
    });

    it("a rival's change of it is a conflict, and stays", async () => {
      await store(field, stored);
      const block = once(async (_tx, holder) => {
        assign(holder, field, wanted);
        await rivalSets(field, rival);
      });
      await expect(block).rejects.toBeInstanceOf(TransactionConflictError);
      const [kept] = await em.query<[boolean]>(raw(`RETURN holder:h.${field} = ${rival}`));
      expect(kept).toBe(true);
    });

    // The conditions are the same for these; that they find each kind of value over a wire was shown above.
    if (backend.name !== 'embedded') return;

    it('a rival that changes another field is none', async () => {
      await store(field, stored);
      await once(async (_tx, holder) => {
        assign(holder, field, wanted);
        await rivalSets('touched', '2');
      });
      expect((await em.fork().findOneOrFail(Holder, 'h')).touched).toBe(2);
    });

    it('a remove is guarded by all that was read', async () => {
      await store(field, stored);
      const removed = once(async (tx, holder) => {
        tx.remove(holder);
        await rivalSets(field, rival);
      });
      await expect(removed).rejects.toBeInstanceOf(TransactionConflictError);
      await store(field, stored);
      await once((tx, holder) => void tx.remove(holder));
      expect(await em.fork().findOne(Holder, 'h')).toBeNull();
    });

    it("guard: 'read' and tx.guard() protect what was only read", async () => {
      for (const guard of ['read', undefined] as const) {
        const block = (tx: EntityManager, holder: Holder) => {
          if (guard === undefined) tx.guard(holder);
          tx.create(Holder, { ...others(holder), id: 'other', touched: 0 } as never);
        };
        await store(field, stored);
        await once(block, guard);
        await store(field, stored);
        const late = once(async (tx, holder) => {
          block(tx, holder);
          await rivalSets(field, rival);
        }, guard);
        await expect(late).rejects.toBeInstanceOf(TransactionConflictError);
        expect(await em.fork().findOne(Holder, 'other')).toBeNull();
      }
    });
  });

  it('a record that a rival has deleted is a conflict, whether it is changed or removed', async () => {
    for (const act of [
      (_: EntityManager, h: Holder) => void h.touched++,
      (tx: EntityManager, h: Holder) => void tx.remove(h),
    ]) {
      await store();
      const block = once(async (tx, holder) => {
        act(tx, holder);
        await test.orm.em.fork().query(raw('DELETE holder:h'));
      });
      await expect(block).rejects.toBeInstanceOf(TransactionConflictError);
    }
  });

  it('read A, change A, read B, change B, read A again works, in one request at the end', async () => {
    await store();
    await em.query(raw(`CREATE holder:i CONTENT ${ALL}`));
    test.clear();
    await em.fork().transaction(async (tx) => {
      const a = await tx.findOneOrFail(Holder, 'h');
      a.touched = 5;
      const [b] = await tx.find(Holder, { touched: 1, id: { $ne: a.id } });
      (b as Holder).touched = a.touched + 1;
      expect((await tx.find(Holder)).map(({ touched }) => touched).sort()).toEqual([5, 6]);
    });
    expect(test.sent().filter((text) => text.includes('BEGIN'))).toHaveLength(1);
    expect((await em.find(Holder)).map(({ touched }) => touched).sort()).toEqual([5, 6]);
  });
});

/** What is needed to make another one. */
function others(holder: Holder): object {
  const { ratio, big, price, at, exact, numbers, bytes, place, key, span, deep, list, anything } = holder;
  return { ratio, big, price, at, exact, numbers, bytes, place, key, span, deep, list, anything };
}
