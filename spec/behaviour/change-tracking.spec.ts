import 'reflect-metadata';
import {
  DateTime,
  Decimal,
  Duration,
  Field,
  Id,
  NONE,
  RecordId,
  Table,
  Uuid,
  ValidationError,
  surql,
  type EntityManager,
  type QueryEvent,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

class Part {
  @Field('string') label!: string;
  @Field('option<datetime>') at?: Date;
  @Field('option<array<string>>') tags?: string[];
}

class Box {
  @Field('string') name!: string;
  @Field(() => [Part]) parts!: Part[];
  @Field(() => Part, { type: 'option<object>' }) main?: Part;
}

@Table({ name: 'thing' })
class Thing {
  @Id() id!: RecordId<'thing'>;
  @Field('option<string>') text?: string;
  @Field('option<string | null>') nullable?: string | null;
  @Field('option<int>') int?: number | bigint;
  @Field('option<float>') float?: number;
  @Field('option<number>') number?: number;
  @Field('option<decimal>') decimal?: Decimal;
  @Field('option<datetime>') at?: Date;
  @Field('option<datetime>', { codec: DateTime }) exact?: DateTime;
  @Field('option<duration>') duration?: Duration;
  @Field('option<uuid>') uuid?: Uuid;
  @Field('option<bytes>') bytes?: Uint8Array;
  @Field('option<object>', { flexible: true }) object?: Record<string, unknown>;
  @Field('option<array<any>>') list?: unknown[];
  @Field('option<set<string>>') set?: Set<string>;
  @Field('any') any?: unknown;
  @Field(() => Box, { type: 'option<object>' }) box?: Box;
}

describe.each(backends)('change tracking on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;
  /** Runs when a flush is on its way. */
  let whileSending: () => void;

  beforeAll(async () => {
    const instance = {
      beforeQuery: ({ purpose }: QueryEvent) => {
        if (purpose === 'flush') whileSending();
      },
    };
    test = await openRecordedOrm(backend, { entities: [Thing], subscribers: [{ instance }] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.orm.em.fork().query(surql`DELETE thing`);
    em = test.orm.em.fork();
    whileSending = () => undefined;
  });
  afterEach(() => expectInOrder(test, em));

  async function sendsNothing(manager = em): Promise<void> {
    test.clear();
    await manager.flush();
    expect(test.sent()).toEqual([]);
  }

  async function stored(): Promise<Record<string, unknown>> {
    const [rows] = await test.orm.em.fork().query<[Record<string, unknown>[]]>(surql`SELECT * FROM thing`);
    return rows[0] ?? {};
  }

  async function create(data: Record<string, unknown>): Promise<Thing> {
    const thing = em.create(Thing, data as never);
    await em.flush();
    await sendsNothing();
    return thing;
  }

  /** The same record in an EntityManager of its own; loading it is no change. */
  async function reload(thing: Thing): Promise<Thing> {
    em = test.orm.em.fork();
    const loaded = await em.findOneOrFail(Thing, thing.id);
    await sendsNothing();
    return loaded;
  }

  it.each([
    ['int', 'int', 7],
    ['a bigint that is safe', 'int', 7n],
    ['a bigint beyond 2^53', 'int', 9007199254740993n],
    ['the least int', 'int', -(2n ** 63n)],
    ['0', 'float', 0],
    ['-0', 'float', -0],
    ['NaN', 'float', Number.NaN],
    ['Infinity', 'float', Infinity],
    ['a whole float', 'float', 3],
    ['a fraction', 'number', 0.1],
    ['a decimal', 'decimal', new Decimal('1.50')],
    ['a decimal as text', 'decimal', '1.50'],
    ['a decimal as number', 'decimal', 2],
    ['a date', 'at', new Date(5)],
    ['a date given as DateTime', 'at', DateTime.parse('2024-01-02T03:04:05.123456789Z')],
    ['nanoseconds', 'exact', DateTime.parse('2024-01-02T03:04:05.123456789Z')],
    ['a far time', 'exact', DateTime.fromParts(8_200_000_000_000n, 1)],
    ['a duration as text', 'duration', '1h30m'],
    ['a uuid as text', 'uuid', '018d2f3a-7b1c-7c3e-8a4b-1234567890ab'],
    ['bytes', 'bytes', new Uint8Array([1, 2, 3])],
    ['empty bytes', 'bytes', new Uint8Array()],
    ['an empty object', 'object', {}],
    ['deep objects', 'object', { a: { b: [{ c: new Date(0), d: null }] } }],
    ['an object with an undefined member', 'object', { a: undefined, b: 1 }],
    [
      'a Map',
      'object',
      new Map<string, unknown>([
        ['a', 1],
        ['b', { c: 2 }],
      ]),
    ],
    ['an empty list', 'list', []],
    ['a list with undefined and null', 'list', [undefined, null, 1]],
    ['a list of lists', 'list', [[1], [[2]]]],
    ['a set', 'set', new Set(['a', 'b'])],
    ['a list for a set', 'set', ['b', 'a', 'b']],
    ['an empty text', 'text', ''],
    ['null where it is allowed', 'nullable', null],
    ['null where it is not', 'text', null],
    ['a record id', 'any', new RecordId('other', 'x')],
    ['a Set in any', 'any', new Set([1, 2])],
  ])('%s settles', async (_title, property, value) => {
    const thing = await create({ [property]: value });
    const loaded = await reload(thing);
    expect(loaded).toEqual({ ...thing });
    expect(thing[property as keyof Thing]).toEqual(loaded[property as keyof Thing]);
  });

  it('text forms become values once they are stored', async () => {
    const thing = await create({
      decimal: '1.5',
      uuid: '018d2f3a-7b1c-7c3e-8a4b-1234567890ab',
      duration: '90m',
      set: ['a'],
    });
    expect(await stored()).toMatchObject({ decimal: new Decimal('1.5'), set: new Set(['a']) });
    expect(Decimal.isDecimal(thing.decimal)).toBe(true);
    expect(Uuid.is(thing.uuid)).toBe(true);
    expect(Duration.is(thing.duration)).toBe(true);
    expect(thing.set).toEqual(new Set(['a']));
  });

  it('other forms of the same value are no change', async () => {
    const thing = await reload(
      await create({ object: { a: 1, b: { c: 2, d: 3 } }, decimal: '1.50', int: 5, set: ['a', 'b'], duration: '1h' }),
    );
    Object.assign(thing, {
      object: { b: { d: 3, c: 2 }, a: 1 },
      decimal: '1.5',
      int: 5n,
      set: ['b', 'a'],
      duration: '60m',
      text: null,
      nullable: undefined,
    });
    await sendsNothing();
    thing.object = { ...thing.object, extra: undefined, none: NONE };
    await sendsNothing();
  });

  it('null and undefined are two values where the type has both', async () => {
    const thing = await create({ nullable: null });
    expect(await stored()).toMatchObject({ nullable: null });
    thing.nullable = undefined;
    await em.flush();
    expect(test.written()).toEqual([`UPDATE ONLY ${thing.id} SET nullable = NONE RETURN AFTER`]);
    expect(await stored()).not.toHaveProperty('nullable');
    await sendsNothing();
    test.clear();
    thing.nullable = null;
    await em.flush();
    expect(test.written()).toEqual([`UPDATE ONLY ${thing.id} SET nullable = NULL RETURN AFTER`]);
    expect(await stored()).toMatchObject({ nullable: null });
  });

  it('options are cleared by undefined, by null, by NONE, and by assign with null', async () => {
    const thing = await create({ text: 'a', int: 1, at: new Date(), list: [1] });
    thing.text = undefined;
    (thing as { int: unknown }).int = null;
    (thing as { at: unknown }).at = NONE;
    em.assign(thing, { list: null });
    await em.flush();
    expect(test.written()).toEqual([
      `UPDATE ONLY ${thing.id} SET text = NONE, int = NONE, at = NONE, list = NONE RETURN AFTER`,
    ]);
    expect(Object.keys(await stored())).toEqual(['id']);
    expect(thing).toMatchObject({ text: undefined, int: undefined, at: undefined, list: undefined });
    await sendsNothing();
  });

  it('assign skips undefined', async () => {
    const thing = await create({ text: 'a' });
    em.assign(thing, { text: undefined, int: 3 });
    await em.flush();
    expect(test.written()).toEqual([`UPDATE ONLY ${thing.id} SET int = 3 RETURN AFTER`]);
    expect(thing).toMatchObject({ text: 'a', int: 3 });
    expect(await stored()).toMatchObject({ text: 'a', int: 3 });
  });

  it("assign takes the entity's own id, and no other", async () => {
    const thing = await create({ text: 'a' });
    em.assign(thing, { id: thing.id, text: 'b' } as never);
    expect(thing.text).toBe('b');
    expect(() => em.assign(thing, { id: 'other', text: 'c' } as never)).toThrow(/never changes/);
    expect(thing.text).toBe('b');
    await em.flush();
    expect(test.written()).toEqual([`UPDATE ONLY ${thing.id} SET text = 'b' RETURN AFTER`]);
    expect(await stored()).toMatchObject({ id: thing.id, text: 'b' });
  });

  it('an id that was changed is refused', async () => {
    const thing = await create({ text: 'a' });
    const { id } = thing;
    thing.id = new RecordId('thing', 'other');
    await expect(em.flush()).rejects.toThrow(/never changes/);
    expect(test.sent()).toEqual([]);
    expect(await stored()).toMatchObject({ id, text: 'a' });
    thing.id = new RecordId('thing', id.key);
    await sendsNothing();
  });

  it.each<[string, (thing: Thing) => void, string, Record<string, unknown>]>([
    [
      'an object',
      (t) => void ((t.object as { a: { b: number } }).a.b = 2),
      'object.a.b = 2',
      { object: { a: { b: 2 } } },
    ],
    [
      'a key of an object deleted',
      (t) => void delete (t.object as { a?: unknown }).a,
      'object.a = NONE',
      { object: {} },
    ],
    ['a list', (t) => void t.list?.push(3), 'list = [1, { x: 1 }, 3]', { list: [1, { x: 1 }, 3] }],
    [
      'an object in a list',
      (t) => void ((t.list?.[1] as { x: number }).x = 9),
      'list = [1, { x: 9 }]',
      { list: [1, { x: 9 }] },
    ],
    ['a date', (t) => void t.at?.setTime(77), "at = d'1970-01-01T00:00:00.077Z'", { at: new Date(77) }],
    ['a set', (t) => void t.set?.add('z'), "set = {'a', 'z'}", { set: new Set(['a', 'z']) }],
    ['bytes', (t) => void ((t.bytes as Uint8Array)[0] = 9), 'bytes = b"0902"', { bytes: new Uint8Array([9, 2]) }],
    ['an embedded class', (t) => void ((t.box as Box).name = 'new'), "box.name = 'new'", { box: { name: 'new' } }],
    [
      'an embedded list',
      (t) => void t.box?.parts[0]?.tags?.push('y'),
      "box.parts = [{ at: d'1970-01-01T00:00:00.002Z', label: 'p', tags: ['x', 'y'] }]",
      { box: { parts: [{ tags: ['x', 'y'] }] } },
    ],
    [
      'a date in an embedded list',
      (t) => void t.box?.parts[0]?.at?.setTime(5),
      "box.parts = [{ at: d'1970-01-01T00:00:00.005Z', label: 'p', tags: ['x'] }]",
      { box: { parts: [{ at: new Date(5) }] } },
    ],
    [
      'a new embedded member',
      (t) => void t.box?.parts.push({ label: 'q' }),
      "box.parts = [{ at: d'1970-01-01T00:00:00.002Z', label: 'p', tags: ['x'] }, { label: 'q' }]",
      { box: { parts: [{}, { label: 'q' }] } },
    ],
  ])('mutation in place is found: %s', async (_title, mutate, set, wanted) => {
    const thing = await reload(
      await create({
        object: { a: { b: 1 } },
        list: [1, { x: 1 }],
        at: new Date(1),
        set: ['a'],
        bytes: new Uint8Array([1, 2]),
        box: { name: 'b', parts: [{ label: 'p', at: new Date(2), tags: ['x'] }] },
      }),
    );
    mutate(thing);
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([`UPDATE ONLY ${thing.id} SET ${set} RETURN AFTER`]);
    expect(await stored()).toMatchObject(wanted);
    expect(thing).toMatchObject(wanted);
    await sendsNothing();
  });

  it('embedded classes come back as such, in lists too, and are told apart from literals that lack fields', async () => {
    const thing = await reload(
      await create({ box: { name: 'b', parts: [{ label: 'p' }], main: { label: 'm', at: new Date(3) } } }),
    );
    expect(thing.box).toBeInstanceOf(Box);
    expect(thing.box?.parts[0]).toBeInstanceOf(Part);
    expect(thing.box?.main).toBeInstanceOf(Part);
    thing.box = { name: 'b', parts: [{ label: 'p' }], main: { label: 'm', at: new Date(3) } };
    await sendsNothing();
    thing.box = { nmae: 'b', parts: [{}], main: { label: 3 } } as never;
    const error = (await em.flush().catch((e: unknown) => e)) as ValidationError;
    expect(error).toBeInstanceOf(ValidationError);
    expect(error.errors.map(({ path, rule }) => `${path} ${rule}`).sort()).toEqual([
      'Thing.box.main.label type',
      'Thing.box.name required',
      'Thing.box.nmae unknown',
      'Thing.box.parts[0].label required',
    ]);
    await em.refresh(thing);
  });

  it('what cannot be converted is refused with the path of its field', async () => {
    em.create(Thing, { decimal: 'one', uuid: 'no', duration: 'long', at: new Date(Number.NaN), int: 1.5 } as never);
    test.clear();
    const error = (await em.flush().catch((e: unknown) => e)) as ValidationError;
    expect(error.errors.map(({ path }) => path).sort()).toEqual([
      'Thing.at',
      'Thing.decimal',
      'Thing.duration',
      'Thing.int',
      'Thing.uuid',
    ]);
    expect(test.sent()).toEqual([]);
    em.clear();
  });

  it('a value that is mutated while the flush is under way stays a change', async () => {
    const thing = await create({ object: { a: 1 }, list: [1], at: new Date(1), box: { name: 'b', parts: [] } });
    thing.text = 'x';
    (thing.object as { a: number }).a = 2;
    thing.at?.setTime(2);
    whileSending = () => {
      (thing.object as { a: number }).a = 3;
      thing.at?.setTime(3);
      thing.list?.push(2);
      thing.text = undefined;
      if (thing.box !== undefined) thing.box.name = 'c';
      whileSending = () => undefined;
    };
    await em.flush();
    expect(test.written()).toEqual([
      `UPDATE ONLY ${thing.id} SET text = 'x', at = d'1970-01-01T00:00:00.002Z', object.a = 2 RETURN AFTER`,
    ]);
    expect(thing).toMatchObject({ object: { a: 3 }, list: [1, 2], text: undefined, box: { name: 'c' } });
    expect(await stored()).toMatchObject({ object: { a: 2 }, at: new Date(2), text: 'x' });
    test.clear();
    await em.flush();
    expect(test.written()).toEqual([
      `UPDATE ONLY ${thing.id} SET text = NONE, at = d'1970-01-01T00:00:00.003Z', object.a = 3, list = [1, 2], box.name = 'c' RETURN AFTER`,
    ]);
    expect(await stored()).toMatchObject({ object: { a: 3 }, at: new Date(3), list: [1, 2], box: { name: 'c' } });
    expect(await stored()).not.toHaveProperty('text');
  });

  it('nanoseconds survive a load, a change of another field and a flush', async () => {
    const at = DateTime.parse('2024-01-02T03:04:05.123456789Z');
    const thing = await reload(await create({ at, exact: at }));
    thing.text = 'x';
    await em.flush();
    await em.transaction(async (tx) => {
      const again = await tx.findOneOrFail(Thing, thing.id);
      again.text = 'y';
    });
    expect(test.written()).toEqual([
      `UPDATE ONLY ${thing.id} SET text = 'x' RETURN AFTER`,
      `UPDATE ONLY ${thing.id} SET text = 'y' RETURN AFTER`,
    ]);
    const row = await stored();
    expect(String(row['at'])).toBe(String(at));
    expect((row['exact'] as DateTime).nanoseconds).toBe(123456789);
  });
});
