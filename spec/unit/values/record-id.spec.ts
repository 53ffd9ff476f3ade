import fc from '../../support/property';
import { RecordId as SdkRecordId, StringRecordId, Uuid as SdkUuid } from 'surrealdb';
import { ValidationError } from '../../../lib/errors/index.js';
import {
  DateTime,
  Decimal,
  Duration,
  NONE,
  Point,
  RecordId,
  RecordIdRange,
  BoundExcluded,
  BoundIncluded,
  Uuid,
  equals,
  identityOf,
  toRecordId,
} from '../../../lib/values/index.js';
import { keys, recordIds, texts } from '../../support/value-arbitraries.js';

describe('the text of a record id', () => {
  // What SurrealDB 3.0.2 prints for `<string>` of the same id.
  it.each([
    ['abc', 't:abc'],
    ['0abc', 't:0abc'],
    ['1e5', 't:1e5'],
    ['select', 't:select'],
    ['true', 't:true'],
    ['12', 't:`12`'],
    ['-5', 't:`-5`'],
    ['1_000', 't:`1_000`'],
    ['_', 't:`_`'],
    ['_1', 't:`_1`'],
    ['NaN', 't:`NaN`'],
    ['Infinity', 't:`Infinity`'],
    ['nan', 't:nan'],
    ['', 't:``'],
    ['a b', 't:`a b`'],
    ['a`b', 't:`a\\`b`'],
    ['a\\b', 't:`a\\\\b`'],
    ['é', 't:`é`'],
    ['⟩', 't:`⟩`'],
    ['\n', 't:`\\n`'],
    ['9223372036854775808', 't:`9223372036854775808`'],
    ['018a6680-0000-7000-8000-000000000000', 't:`018a6680-0000-7000-8000-000000000000`'],
    [12, 't:12'],
    [-5, 't:-5'],
    [-0, 't:0'],
    [9223372036854775807n, 't:9223372036854775807'],
    [Uuid.parse('018a6680-0000-7000-8000-000000000000'), "t:u'018a6680-0000-7000-8000-000000000000'"],
    [
      [1, 1.5, -0, 1e21, Number.NaN, Number.NEGATIVE_INFINITY],
      't:[1, 1.5f, -0f, 1000000000000000000000f, NaN, -Infinity]',
    ],
    [
      [new Decimal('1.50'), "a'b", 'q', undefined, NONE, null, true],
      "t:[1.5dec, \"a'b\", 'q', NONE, NONE, NULL, true]",
    ],
    [{ b: { c: [] }, 'x y': 1, NaN: {} }, 't:{ "NaN": {  }, b: { c: [] }, "x y": 1 }'],
    [
      [DateTime.parse('2024-01-01T00:00:00Z'), new Date(1), Duration.parse('90m')],
      "t:[d'2024-01-01T00:00:00Z', d'1970-01-01T00:00:00.001Z', 1h30m]",
    ],
    [[DateTime.parse('+12345-01-01T00:00:00Z')], "t:[d'+12345-01-01T00:00:00Z']"],
    [
      [DateTime.parse('-0001-01-01T00:00:00Z'), DateTime.parse('-200000-01-01T00:00:00Z')],
      "t:[d'-0001-01-01T00:00:00Z', d'-200000-01-01T00:00:00Z']",
    ],
    [
      [new RecordId('a', [1]), new Uint8Array([0, 255]), new Set([1, 2]), new Set([1]), new Set()],
      't:[a:[1], b"00FF", {1, 2}, {1,}, {,}]',
    ],
    [[new Point([1.5, 2])], 't:[(1.5, 2)]'],
  ])('writes the key %p as %s', (key, text) => {
    expect(String(new RecordId('t', key))).toBe(text);
  });

  it.each([
    ['user', 'user:k'],
    ['_x', '_x:k'],
    ['commit', 'commit:k'],
    ['select', '`select`:k'],
    ['Value', '`Value`:k'],
    ['NaN', '`NaN`:k'],
    ['user-group', '`user-group`:k'],
    ['1a', '`1a`:k'],
    ['größe', '`größe`:k'],
  ])('writes the table %s as %s', (table, text) => {
    expect(String(new RecordId(table, 'k'))).toBe(text);
    expect(JSON.stringify(new RecordId(table, 'k'))).toBe(JSON.stringify(text));
  });

  it('is read back to the same id, whatever table and key', () => {
    fc.assert(
      fc.property(recordIds, (id) => {
        const back = RecordId.parse(id.toString());
        expect(back.table).toBe(id.table);
        expect(equals(back.key, id.key)).toBe(true);
        expect(typeof back.key).toBe(typeof id.key);
        expect(back.toString()).toBe(id.toString());
      }),
      { numRuns: 2000 },
    );
  });
});

describe('RecordId.parse', () => {
  it.each([
    ['t:01', 1],
    ['t:-1', -1],
    ['t:1_000', '1_000'],
    ['t:9223372036854775808', '9223372036854775808'],
    ['t:9223372036854775807', 9223372036854775807n],
    ['t:⟨a b⟩', 'a b'],
    ['t:`\\u{1F600}\\u0041\\n`', '😀A\n'],
    ['t:[ 1 , [ ] , ]', [1, []]],
    ['t:{ }', {}],
    ['t:{ \'a b\': 1, "c": TRUE, `d`: none, e: NULL, }', { 'a b': 1, c: true, d: undefined, e: null }],
    ['t:[1h30m, 1dec, 1_000, 1e3, -1.5]', [Duration.parse('90m'), new Decimal(1), 1000, 1000, -1.5]],
    ["t:[s'x', r'a:1', a:`b c`]", ['x', new RecordId('a', 1), new RecordId('a', 'b c')]],
  ])('reads %s', (text, key) => {
    const id = RecordId.parse(text);
    expect(id.table).toBe('t');
    expect(id.key).toEqual(key);
  });

  it('reads tables that start with a digit, as the server prints them', () => {
    expect(RecordId.parse('1a:b')).toEqual(new RecordId('1a', 'b'));
    expect(RecordId.parse('t:[1d:2, 1d, 1_:3]').key).toEqual([
      new RecordId('1d', 2),
      Duration.parse('1d'),
      new RecordId('1_', 3),
    ]);
  });

  it.each([
    'user',
    'user:',
    ':1',
    '',
    'user:a-b',
    'user:1.5',
    'user:a b',
    'user:1..5',
    'user:..',
    'user:rand()',
    'user:ulid()',
    'user:`a',
    'user:[1',
    "user:['a]",
    'user:{a}',
    'user:{a:1',
    'user:[/x/]',
    'user:[person]',
    'user:018a6680-0000-7000-8000-000000000000',
    'user:john@example.com',
    '1:b',
    '::1',
    'a::b',
    'us er:1',
    'user:`\\q`',
    "user:['\\u{110000}']",
    'user:{1, 2}',
    `user:${'['.repeat(5000)}`,
    'user:`a`b',
    'user:(1, 2)',
    'user:$x',
    ' user:1',
    'user:1 ',
    "user:d'2024-01-01T00:00:00Z'",
    'user:[(1)]',
    'user:[b"0"]',
    'user:[f"x"]',
  ])('refuses %s', (text) => {
    expect(() => RecordId.parse(text)).toThrow(ValidationError);
  });

  it('names the text, the reason and the way out', () => {
    expect(() => RecordId.parse('user:a-b')).toThrow(
      /user:a-b: "-b" is left over.*[\s\S]*new RecordId\('user', 'a-b'\)/,
    );
  });

  it('never takes long for hostile text', () => {
    const start = performance.now();
    for (const text of [
      `t:{${' '.repeat(50_000)}`,
      `t:['${'\\\\'.repeat(50_000)}`,
      `t:[${'1h'.repeat(50_000)}x]`,
      `t:{'${'a'.repeat(50_000)}`,
    ]) {
      expect(() => RecordId.parse(text)).toThrow(ValidationError);
    }
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('new RecordId', () => {
  it.each([
    [1.5],
    [Number.NaN],
    [2 ** 53],
    [2n ** 63n],
    [-(2n ** 63n) - 1n],
    [null],
    [undefined],
    [true],
    [new Date()],
    [new Decimal(1)],
    [new Set()],
    [new Uint8Array(1)],
    [Symbol('x')],
  ])('refuses the key %p', (key) => {
    expect(() => new RecordId('t', key as never)).toThrow(ValidationError);
  });

  it('refuses an empty table', () => {
    expect(() => new RecordId('', 'a')).toThrow('Not a table name: ""');
  });

  it('keeps table and key readable', () => {
    const id: RecordId<'user', string> = new RecordId('user', 'tobie');
    expect([id.table, id.key]).toEqual(['user', 'tobie']);
  });
});

describe('RecordId.equals', () => {
  const id = new RecordId('user', 1);

  it.each([
    ['another id', new RecordId('user', 1), true],
    ['a bigint key', new RecordId('user', 1n), true],
    ['a text key', new RecordId('user', '1'), false],
    ['another table', new RecordId('admin', 1), false],
    ['its text', 'user:1', true],
    ['its text, otherwise written', '`user`:01', true],
    ['other text', 'user:`1`', false],
    ['text that is no id', 'user:a-b', false],
    ['an entity', { id: new RecordId('user', 1), name: 'x' }, true],
    ["the official client's id", new SdkRecordId('user', 1), true],
    ["the official client's text id", new StringRecordId('user:1'), true],
    ["an entity with the official client's id", { id: new SdkRecordId('user', 1) }, true],
    ['undefined', undefined, false],
    ['a number', 1, false],
    ['an object', {}, false],
  ])('with %s', (_, other, expected) => {
    expect(id.equals(other)).toBe(expected);
  });

  it('compares composite keys by value', () => {
    expect(new RecordId('t', { a: 1, b: [2] }).equals(new RecordId('t', { b: [2n], a: 1 }))).toBe(true);
    expect(new RecordId('t', [1, 2]).equals(new RecordId('t', [2, 1]))).toBe(false);
    const uuid = Uuid.v7();
    expect(new RecordId('t', uuid).equals(new SdkRecordId('t', new SdkUuid(uuid.toString())))).toBe(true);
  });
});

describe('identityOf', () => {
  it('is equal exactly for equal ids', () => {
    fc.assert(
      fc.property(recordIds, recordIds, (a, b) => {
        expect(identityOf(a) === identityOf(b)).toBe(a.equals(b));
        expect(identityOf(RecordId.parse(String(a)))).toBe(identityOf(a));
      }),
      { numRuns: 1000 },
    );
  });

  it('tells neighbours apart', () => {
    const ids = [
      new RecordId('t', 1),
      new RecordId('t', '1'),
      new RecordId('t', [1]),
      new RecordId('t', ['1']),
      new RecordId('t', '[1]'),
      new RecordId('t', { a: 1 }),
      new RecordId('t', { a: '1' }),
      new RecordId('t', {}),
      new RecordId('t', []),
      new RecordId('a', 'b:c'),
      new RecordId('a:b', 'c'),
      new RecordId('1', '1:a'),
      new RecordId('11', ':a'),
      new RecordId('t', '#1'),
      new RecordId('t#1', ''),
      new RecordId('t', Uuid.parse('018a6680-0000-7000-8000-000000000000')),
      new RecordId('t', '018a6680-0000-7000-8000-000000000000'),
      new RecordId('t', [new Date(0)]),
      new RecordId('t', ['1970-01-01T00:00:00Z']),
      new RecordId('t', [null]),
      new RecordId('t', [undefined]),
      new RecordId('t', [1.5]),
      new RecordId('t', [new Decimal('1.5')]),
    ];
    expect(new Set(ids.map(identityOf)).size).toBe(ids.length);
  });

  it('counts equal keys as one', () => {
    const same = (a: RecordId, b: RecordId): void => expect(identityOf(a)).toBe(identityOf(b));
    same(new RecordId('t', 1), new RecordId('t', 1n));
    same(new RecordId('t', [1n, 0]), new RecordId('t', [1, -0]));
    same(new RecordId('t', { a: 1, b: { c: 2, d: 3 } }), new RecordId('t', { b: { d: 3, c: 2 }, a: 1 }));
    same(
      new RecordId('t', [new RecordId('u', { a: 1, b: 2 })]),
      new RecordId('t', [new RecordId('u', { b: 2, a: 1 })]),
    );
    same(new RecordId('t', [2 ** 60]), new RecordId('t', [2n ** 60n]));
    same(new RecordId('t', [new Set([1, 2])]), new RecordId('t', [new Set([2, 1])]));
    same(new RecordId('t', [new Date(5)]), new RecordId('t', [new DateTime(5)]));
    same(
      new RecordId('t', [new SdkUuid('018a6680-0000-7000-8000-000000000000')]),
      new RecordId('t', [Uuid.parse('018a6680-0000-7000-8000-000000000000')]),
    );
    same(
      new RecordId('t', new SdkUuid('018a6680-0000-7000-8000-000000000000') as never),
      new RecordId('t', Uuid.parse('018a6680-0000-7000-8000-000000000000')),
    );
  });
});

describe('toRecordId', () => {
  it('finds the id of ids, links and entities, and of nothing else', () => {
    const id = new RecordId('user', 1);
    expect(toRecordId(id)).toBe(id);
    expect(toRecordId({ id })).toBe(id);
    expect(toRecordId(new SdkRecordId('user', 1))).toEqual(id);
    for (const other of [
      'user:1',
      1,
      null,
      undefined,
      {},
      { id: 'user:1' },
      { id: null },
      new StringRecordId('nothing'),
      { table: { name: 'user' }, id: 1 },
    ])
      expect(toRecordId(other)).toBeUndefined();
  });

  it('knows an unbranded id by its accessors, and no entity that merely has a table and an id', () => {
    class Old {
      #table = { name: 'user' };
      get table(): unknown {
        return this.#table;
      }
      get id(): unknown {
        return 1;
      }
      toJSON(): string {
        return 'user:1';
      }
    }
    class Booking {
      table = { name: 'by the window' };
      id = 7;
      toJSON(): unknown {
        return this;
      }
    }
    expect(String(toRecordId(new Old()))).toBe('user:1');
    expect(toRecordId(new Booking())).toBeUndefined();
  });
});

describe('RecordIdRange', () => {
  it.each([
    [new RecordIdRange('t', new BoundIncluded(1), new BoundExcluded(5)), 't:1..5'],
    [new RecordIdRange('t', new BoundExcluded(1), new BoundIncluded(5)), 't:1>..=5'],
    [new RecordIdRange('t', undefined, undefined), 't:..'],
    [new RecordIdRange('t', new BoundIncluded(['a']), undefined), "t:['a'].."],
    [new RecordIdRange('t', undefined, new BoundIncluded('1')), 't:..=`1`'],
  ])('writes %s', (range, text) => {
    expect(String(range)).toBe(text);
    expect(range.toJSON()).toBe(text);
    expect(RecordId.parse(`x:[${text}]`).key).toEqual([range]);
  });
});

it('random keys of any kind are accepted', () => {
  fc.assert(
    fc.property(
      texts.filter((text) => text !== ''),
      keys,
      (table, key) => RecordId.is(new RecordId(table, key)),
    ),
  );
});
