import { decode, encode } from '../../../lib/driver/codec/index.js';
import {
  BoundExcluded,
  BoundIncluded,
  DateTime,
  Decimal,
  Duration,
  FileRef,
  GeometryCollection,
  Line,
  MultiLine,
  MultiPoint,
  MultiPolygon,
  NONE,
  Point,
  Polygon,
  Range,
  RecordId,
  RecordIdRange,
  Table,
  Uuid,
} from '../../../lib/values/index.js';
import { fromHex, toHex } from './hex.js';

const UUID = '018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c';
const UUID_HEX = UUID.replaceAll('-', '');
const SQUARE = [
  [0, 0],
  [1.5, 0],
  [1.5, 1.5],
  [0, 0],
] as const;

/** The server's bytes, the value they mean, and our bytes where they are other (floats are always sent in full). */
const VECTORS: readonly (readonly [name: string, hex: string, value: unknown, sent?: string])[] = [
  ['NONE', 'c6f6', undefined],
  ['NULL', 'f6', null],
  ['true', 'f5', true],
  ['false', 'f4', false],
  ['int 0', '00', 0],
  ['int 23', '17', 23],
  ['int 24', '1818', 24],
  ['int 255', '18ff', 255],
  ['int 256', '190100', 256],
  ['int 65535', '19ffff', 65535],
  ['int 65536', '1a00010000', 65536],
  ['int 2^32-1', '1affffffff', 4294967295],
  ['int 2^32', '1b0000000100000000', 4294967296],
  ['int 2^53-1', '1b001fffffffffffff', 9007199254740991],
  ['int 2^53', '1b0020000000000000', 9007199254740992n],
  ['greatest int', '1b7fffffffffffffff', 9223372036854775807n],
  ['int -1', '20', -1],
  ['int -24', '37', -24],
  ['int -25', '3818', -25],
  ['int -256', '38ff', -256],
  ['int -2^32', '3affffffff', -4294967296],
  ['int -2^32-1', '3b0000000100000000', -4294967297],
  ['int -2^53+1', '3b001ffffffffffffe', -9007199254740991],
  ['int -2^53', '3b001fffffffffffff', -9007199254740992n],
  ['least int', '3b7fffffffffffffff', -9223372036854775808n],
  ['1.5 as half float', 'f93e00', 1.5, 'fb3ff8000000000000'],
  ['the least half float', 'f90001', 2 ** -24, 'fb3e70000000000000'],
  ['-0', 'f98000', -0, 'fb8000000000000000'],
  ['100000.5 as single float', 'fa47c35040', 100000.5, 'fb40f86a0800000000'],
  ['0.1', 'fb3fb999999999999a', 0.1],
  ['1e300', 'fb7e37e43c8800759c', 1e300],
  ['NaN', 'f97e00', Number.NaN, 'fb7ff8000000000000'],
  ['Infinity', 'f97c00', Number.POSITIVE_INFINITY, 'fb7ff0000000000000'],
  ['-Infinity', 'f9fc00', Number.NEGATIVE_INFINITY, 'fbfff0000000000000'],
  ['2^53 as a number', 'fb4340000000000000', 2 ** 53],
  ['decimal', 'ca63312e35', new Decimal('1.50')],
  ['string', '63737472', 'str'],
  ['empty string', '60', ''],
  ['string of 24', `7818${'61'.repeat(24)}`, 'a'.repeat(24)],
  ['string with umlauts and emoji', '68c3a9c3a4f09f9880', 'éä😀'],
  ['bytes', '4200ff', new Uint8Array([0, 255])],
  ['array', '820102', [1, 2]],
  ['array with NONE', '8201c6f6', [1, undefined]],
  ['set', 'd83883010203', new Set([1, 2, 3])],
  ['empty set', 'd83880', new Set()],
  ['object with NONE', 'a26161016162c6f6', { a: 1, b: undefined }],
  ['datetime', 'cc821a65937d251a075bcd15', DateTime.parse('2024-01-02T03:04:05.123456789Z')],
  ['datetime before 1970', 'cc82201a1dcd6500', new DateTime(-500)],
  ['duration 1h30m', 'ce81191518', Duration.parse('1h30m')],
  ['duration 0ns', 'ce80', Duration.parse('0ns')],
  ['duration 5ns', 'ce820005', Duration.parse('5ns')],
  ['uuid', `d82550${UUID_HEX}`, Uuid.parse(UUID)],
  ['table', 'c766706572736f6e', new Table('person')],
  ['record id with an int', 'c88266706572736f6e01', new RecordId('person', 1)],
  ['record id with a text', 'c88266706572736f6e6131', new RecordId('person', '1')],
  ['record id with a big int', 'c88261741b7fffffffffffffff', new RecordId('t', 9223372036854775807n)],
  ['record id with an array', 'c88261748201c6f6', new RecordId('t', [1, undefined])],
  ['record id with an object', 'c8826174a1616101', new RecordId('t', { a: 1 })],
  ['record id with a uuid', `c8826174d82550${UUID_HEX}`, new RecordId('t', Uuid.parse(UUID))],
  [
    'record id range',
    'c88266706572736f6ed83182d83201d83305',
    new RecordIdRange('person', new BoundIncluded(1), new BoundExcluded(5)),
  ],
  ['range', 'd83182d83201d83205', new Range(new BoundIncluded(1), new BoundIncluded(5))],
  ['open range', 'd83182f6f6', new Range(undefined, undefined)],
  ['file', 'd837826162622f6b', new FileRef('b', 'k')],
  ['point', 'd85882f93e00f94100', new Point([1.5, 2.5]), 'd85882fb3ff8000000000000fb4004000000000000'],
  [
    'line',
    'd85982d85882f93c00f94000d85882f94200f94400',
    new Line([
      [1, 2],
      [3, 4],
    ]),
    `d85982${point(1, 2)}${point(3, 4)}`,
  ],
  ['polygon', `d85a81${halfRing()}`, new Polygon([SQUARE]), `d85a81${ring()}`],
  [
    'multipoint',
    'd85b82d85882f93c00f94000d85882f94200f94400',
    new MultiPoint([
      [1, 2],
      [3, 4],
    ]),
    `d85b82${point(1, 2)}${point(3, 4)}`,
  ],
  [
    'multiline',
    'd85c81d85982d85882f93c00f94000d85882f94200f94400',
    new MultiLine([
      [
        [1, 2],
        [3, 4],
      ],
    ]),
    `d85c81d85982${point(1, 2)}${point(3, 4)}`,
  ],
  ['multipolygon', `d85d81d85a81${halfRing()}`, new MultiPolygon([[SQUARE]]), `d85d81d85a81${ring()}`],
  ['collection', 'd85e81d85882f93c00f94000', new GeometryCollection([new Point([1, 2])]), `d85e81${point(1, 2)}`],
  [
    'the answer to RETURN 1',
    '81a466726573756c740166737461747573624f4b6474696d656938302e363335c2b5736474797065c6f6',
    [{ result: 1, status: 'OK', time: '80.635µs', type: undefined }],
  ],
];

function point(x: number, y: number): string {
  const bytes = Buffer.alloc(16);
  bytes.writeDoubleBE(x);
  bytes.writeDoubleBE(y, 8);
  const hex = bytes.toString('hex');
  return `d85882fb${hex.slice(0, 16)}fb${hex.slice(16)}`;
}

function ring(): string {
  return `d85984${SQUARE.map(([x, y]) => point(x, y)).join('')}`;
}

function halfRing(): string {
  return 'd85984d85882f90000f90000d85882f93e00f90000d85882f93e00f93e00d85882f90000f90000';
}

describe('the bytes of every kind of value', () => {
  const cases = VECTORS.map(([name, hex, value, sent = hex]) => ({ name, hex, value, sent }));

  it.each(cases)('$name is read', ({ hex, value }) => {
    const read = decode(fromHex(hex));
    expect(read).toEqual(value);
    expect(toHex(encode(read))).toBe(toHex(encode(value)));
    expect(Object.prototype.toString.call(read)).toBe(Object.prototype.toString.call(value));
  });

  it.each(cases)('$name is written', ({ value, sent }) => {
    expect(toHex(encode(value))).toBe(sent);
  });
});

describe('what else is read', () => {
  it.each([
    ['undefined', 'f7', undefined],
    [
      'a datetime as text',
      'c0781e323032342d30312d30325430333a30343a30352e3132333435363738395a',
      DateTime.parse('2024-01-02T03:04:05.123456789Z'),
    ],
    ['a uuid as text', `c97824${Buffer.from(UUID).toString('hex')}`, Uuid.parse(UUID)],
    ['a duration as text', 'cd65316833306d', Duration.parse('1h30m')],
    ['a record id as text', 'c863743a31', new RecordId('t', 1)],
    ['an indefinite array', '9f0102ff', [1, 2]],
    ['an indefinite map', 'bf6161016162820203ff', { a: 1, b: [2, 3] }],
    ['an indefinite map in a map', 'a16161bf616201ff', { a: { b: 1 } }],
    ['text in chunks', '7f626162616360ff', 'abc'],
    ['a letter cut in two chunks', '7f61c361a9ff', 'é'],
    ['bytes in chunks', '5f41014202034106ff', new Uint8Array([1, 2, 3, 6])],
    ['a key in chunks', 'a17f6161ff01', { a: 1 }],
    ['a record id with a table in chunks', 'c8827f61616162ff01', new RecordId('ab', 1)],
    ['heads longer than needed', '98021801190002', [1, 2]],
    ['a duplicate key, the last wins', 'a2616101616102', { a: 2 }],
    ['a point of ints', 'd858820102', new Point([1, 2])],
    ['a point of decimals', 'd85882ca63312e35ca63322e35', new Point([1.5, 2.5])],
    ['a range with undefined ends', 'd83182f7f7', new Range(undefined, undefined)],
    ['a float that is whole', 'f93c00', 1],
  ])('%s', (_, hex, value) => {
    expect(decode(fromHex(hex))).toEqual(value);
  });

  it('keeps -0 and 0 apart', () => {
    expect(Object.is(decode(fromHex('f98000')), -0)).toBe(true);
    expect(Object.is(decode(fromHex('00')), 0)).toBe(true);
  });

  it('gives NONE as undefined, in objects under its key', () => {
    const read = decode(fromHex('a1616ac6f6')) as object;
    expect(Object.keys(read)).toEqual(['j']);
    expect(encode(NONE)).toEqual(encode(undefined));
  });

  it('reads bytes into memory of their own', () => {
    const frame = Buffer.from('4200ff', 'hex');
    const read = decode(frame) as Uint8Array;
    frame.fill(7);
    expect([...read]).toEqual([0, 255]);
    expect(Buffer.isBuffer(read)).toBe(false);
  });

  it('reads a frame that lies within a larger buffer', () => {
    expect(decode(new Uint8Array(Buffer.from('ffff820102ff', 'hex')).subarray(2, 5))).toEqual([1, 2]);
  });
});
