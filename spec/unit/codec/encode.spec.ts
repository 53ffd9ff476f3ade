import vm from 'node:vm';
import * as sdk from 'surrealdb';
import { ValidationError } from '../../../lib/errors/index.js';
import { decode, encode, encodeRequest } from '../../../lib/driver/codec/index.js';
import { DateTime, Decimal, Duration, FileRef, NONE, Point, RecordId, Table, Uuid } from '../../../lib/values/index.js';
import { toHex } from './hex.js';

function refusal(value: unknown): ValidationError {
  try {
    encode(value);
  } catch (error) {
    if (ValidationError.is(error)) return error as ValidationError;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('what is written', () => {
  it.each([
    ['a Float32Array as 32-bit floats, whole ones too', new Float32Array([1, 0.5]), '82fa3f800000fa3f000000'],
    ['a Float64Array as 64-bit floats', new Float64Array([1]), '81fb3ff0000000000000'],
    ['an Int8Array as ints', new Int8Array([-1, 5]), '822005'],
    ['a Uint8ClampedArray as ints', new Uint8ClampedArray([300]), '8118ff'],
    ['a BigInt64Array as ints', new BigInt64Array([-1n, 2n ** 62n]), '82201b4000000000000000'],
    ['a Buffer as bytes', Buffer.from('ab'), '426162'],
    ['an ArrayBuffer as bytes', new Uint8Array([1, 2]).buffer, '420102'],
    ['a DataView as bytes', new DataView(new Uint8Array([1, 2, 3]).buffer, 1), '420203'],
    ['a part of a larger array', new Uint8Array([1, 2, 3]).subarray(1), '420203'],
    [
      'a Map as an object',
      new Map<string, unknown>([
        ['a', 1],
        ['b', NONE],
      ]),
      'a26161016162c6f6',
    ],
    ['a Set', new Set([1]), 'd8388101'],
    ['bigints as short as ints', [5n, -5n, 2n ** 40n], '8305241b0000010000000000'],
    ['-0 as a float', -0, 'fb8000000000000000'],
    ['an unsafe whole number as a float', 1e21, 'fb444b1ae4d6e2ef50'],
    ['a Date before 1970, floored', new Date(-1), 'cc82201a3b8b87c0'],
    ['a hole of a list as NONE', [1, , 2].slice(0, 2), '8201c6f6'],
    ['an object without prototype', Object.assign(Object.create(null) as object, { a: 1 }), 'a1616101'],
    ['__proto__ as data', JSON.parse('{"__proto__":1}'), 'a1695f5f70726f746f5f5f01'],
    [
      'a function of a prototype is no member',
      new (class {
        a = 1;
        run(): void {}
      })(),
      'a1616101',
    ],
  ])('%s', (_, value, hex) => {
    expect(toHex(encode(value))).toBe(hex);
  });

  it('an instance by its own enumerable members, its toJSON not asked', () => {
    class Address {
      readonly city: string;
      #secret = 1;
      constructor(city: string) {
        this.city = city;
        Object.defineProperty(this, 'hidden', { value: this.#secret, enumerable: false });
      }
      get upper(): string {
        return this.city.toUpperCase();
      }
      toJSON(): string {
        return 'wrong';
      }
    }
    expect(decode(encode(new Address('Ulm')))).toEqual({ city: 'Ulm' });
  });

  it('built-ins of another realm', () => {
    const other = vm.runInNewContext(
      '({ date: new Date(5), bytes: new Uint8Array([1]), set: new Set([1]), map: new Map([["a", 1]]), list: [1], object: { b: 2 }, floats: new Float32Array([0.5]) })',
    ) as object;
    expect(decode(encode(other))).toEqual({
      date: new DateTime(5),
      bytes: new Uint8Array([1]),
      set: new Set([1]),
      map: { a: 1 },
      list: [1],
      object: { b: 2 },
      floats: [0.5],
    });
  });

  it('a lone surrogate as the replacement character, as every UTF-8 encoder does', () => {
    expect(decode(encode(['a\ud800', 'x'.repeat(100) + '\udc00']))).toEqual(['a\ufffd', 'x'.repeat(100) + '\ufffd']);
  });

  it('text of every length and width', () => {
    for (const letter of ['a', 'é', '€', '😀']) {
      for (const length of [
        0, 1, 7, 8, 11, 12, 13, 22, 23, 24, 25, 39, 40, 41, 63, 64, 85, 86, 127, 128, 255, 256, 257, 1023, 21_845,
        21_846, 65_535, 65_536, 70_000,
      ]) {
        const text = letter.repeat(length);
        expect(decode(encode([text, text])) as string[]).toEqual([text, text]);
        const bytes = encode(text);
        // The head is as short as it can be.
        const size = Buffer.byteLength(text);
        expect(bytes.length - size).toBe(size < 24 ? 1 : size < 256 ? 2 : size < 65_536 ? 3 : 5);
      }
    }
  });

  it('the same object twice, where it is no circle', () => {
    const shared = { a: 1 };
    expect(decode(encode([shared, shared, { shared }]))).toEqual([shared, shared, { shared }]);
  });

  it('into memory of its own size', () => {
    expect(encode('abc').buffer.byteLength).toBe(4);
  });
});

describe('what is refused, with its path', () => {
  const circle: Record<string, unknown> = { list: [{}] };
  (circle['list'] as unknown[])[0] = circle;
  const map = new Map<string, unknown>();
  map.set('self', map);
  const deep = Array.from({ length: 130 }).reduce<unknown>((inner) => [inner], 1);

  it.each([
    ['a function', { user: { tags: ['a', () => 1] } }, 'user.tags[1]', 'a function'],
    ['a symbol', { a: Symbol('x') }, 'a', 'a symbol'],
    ['an invalid Date', { at: [new Date(Number.NaN)] }, 'at[0]', 'an invalid Date'],
    ['an invalid DateTime', { at: new DateTime(Number.NaN) }, 'at', 'an invalid Date'],
    ['a bigint over 64 bits', { n: 2n ** 63n }, 'n', '9223372036854775808n'],
    ['a bigint under 64 bits', [-(2n ** 63n) - 1n], '[0]', '-9223372036854775809n'],
    ['a circle', { circle }, 'circle.list[0]', 'a circular structure'],
    ['a Map in itself', { map }, 'map.self', 'a circular structure'],
    ['depth', { deep }, `deep${'[0]'.repeat(15)}…`, 'data nested deeper than 120 levels'],
    ['a Map with other keys', { m: new Map([[1, 2]]) }, 'm', 'a Map whose keys are not all text'],
    ['a Promise', { p: Promise.resolve(1) }, 'p', 'a Promise'],
    ['a RegExp', { r: /a/ }, 'r', 'a RegExp'],
    ['a WeakMap', { w: new WeakMap() }, 'w', 'a WeakMap'],
    ['a URL', { u: new URL('http://localhost') }, 'u', 'a URL'],
    ['an Error', { e: new Error('x') }, 'e', 'a Error'],
    [
      'a decimal beyond 96 bits',
      { d: new Decimal('79228162514264337593543950336') },
      'd',
      'The decimal 79228162514264337593543950336',
    ],
    ['an infinite decimal', { d: new Decimal(Infinity) }, 'd', 'The decimal Infinity'],
    [
      'a decimal with 29 fraction digits',
      { d: new Decimal('1e-29') },
      'd',
      'The decimal 0.00000000000000000000000000001',
    ],
    ['a bad value within a record id', { id: new RecordId('t', [{ f: () => 1 }]) }, 'id.key[0].f', 'a function'],
    ['a future of older servers', { f: new sdk.Future('1') }, 'f', "a value of the official client's"],
  ])('%s', (_, value, path, what) => {
    const error = refusal(value);
    expect(error.errors).toEqual([{ path, message: expect.stringContaining(what) as string, rule: 'type' }]);
    expect(error.message).toContain(what);
    expect(error.message).toContain(path);
  });

  it('has no path at the top', () => {
    expect(refusal(() => 1).message).toContain('a function cannot be sent to SurrealDB');
  });

  it('members whose names are no identifiers are quoted in the path', () => {
    expect(refusal({ 'a b': { 'c.d': Symbol('x') } }).errors[0]?.path).toBe('["a b"]["c.d"]');
  });

  it('is named below the bindings of a request', () => {
    const request = (bindings: object): object => ({ id: 1, method: 'query', params: ['RETURN 1', bindings] });
    expect(() => encodeRequest(request({ user: { tags: [Symbol('x')] } }))).toThrow(
      'a symbol at user.tags[0] cannot be sent',
    );
    expect(() => encodeRequest({ id: 1, method: 'run', params: [Symbol('x')] })).toThrow(
      'a symbol at params[0] cannot be sent',
    );
    expect(toHex(encodeRequest(request({ a: 1 })))).toBe(toHex(encode(request({ a: 1 }))));
  });

  it('a refusal leaves nothing behind for the next call', () => {
    refusal({ a: { b: Symbol('x') } });
    expect(toHex(encode({ a: 1 }))).toBe('a1616101');
  });
});

describe("the official client's values", () => {
  const uuid = '018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c';
  it.each<[string, unknown, unknown]>([
    ['RecordId', new sdk.RecordId('t', 1), new RecordId('t', 1)],
    ['RecordId with a Uuid', new sdk.RecordId('t', new sdk.Uuid(uuid)), new RecordId('t', Uuid.parse(uuid))],
    ['RecordId with a list', new sdk.RecordId('t', [new sdk.Uuid(uuid), 2]), new RecordId('t', [Uuid.parse(uuid), 2])],
    ['StringRecordId', new sdk.StringRecordId('t:abc'), new RecordId('t', 'abc')],
    ['Uuid', new sdk.Uuid(uuid), Uuid.parse(uuid)],
    ['DateTime', new sdk.DateTime('2024-01-02T03:04:05.123456789Z'), DateTime.parse('2024-01-02T03:04:05.123456789Z')],
    ['DateTime before 1970', new sdk.DateTime([-5n, 7n]), DateTime.fromParts(-5, 7)],
    ['Duration', new sdk.Duration('1h5ns'), Duration.parse('1h5ns')],
    ['Decimal', new sdk.Decimal('-1.50'), new Decimal('-1.5')],
    ['Table', new sdk.Table('t'), new Table('t')],
    ['FileRef', new sdk.FileRef('b', '/k'), new FileRef('b', 'k')],
    ['GeometryPoint', new sdk.GeometryPoint([1, 2.5]), new Point([1, 2.5])],
  ])('%s', (_, theirs, ours) => {
    expect(decode(encode({ a: [theirs] }))).toEqual({ a: [ours] });
    expect(toHex(encode(theirs))).toBe(toHex(encode(ours)));
  });

  it('ranges, lines, polygons and collections', () => {
    const point = (x: number, y: number): sdk.GeometryPoint => new sdk.GeometryPoint([x, y]);
    const line = new sdk.GeometryLine([point(0, 0), point(1, 0), point(1, 1)]);
    const all = [
      line,
      new sdk.GeometryPolygon([line]),
      new sdk.GeometryMultiPoint([point(0, 0)]),
      new sdk.GeometryMultiLine([line]),
      new sdk.GeometryMultiPolygon([new sdk.GeometryPolygon([line])]),
      new sdk.GeometryCollection([point(0, 0), line]),
      new sdk.Range(new sdk.BoundIncluded(1), new sdk.BoundExcluded(new sdk.Uuid(uuid))),
      new sdk.RecordIdRange('t', new sdk.BoundIncluded(1), new sdk.BoundExcluded(5)),
    ];
    for (const value of all) {
      const read = new sdk.CborCodec({}).decode(encode(value));
      expect(sdk.equals(read, value)).toBe(true);
    }
  });
});
