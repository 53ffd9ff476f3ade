import fc from '../../support/property';
import vm from 'node:vm';
import * as sdk from 'surrealdb';
import {
  BoundExcluded,
  BoundIncluded,
  DateTime,
  Decimal,
  Duration,
  FileRef,
  NONE,
  Point,
  Polygon,
  Range,
  RecordId,
  RecordIdRange,
  Table,
  Uuid,
  clone,
  equals,
} from '../../../lib/values/index.js';
import { values } from '../../support/value-arbitraries.js';

const uuid = '018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c';
class Plain {
  constructor(readonly a: unknown) {}
}

describe('equal', () => {
  it.each<[string, unknown, unknown]>([
    ['NaN', Number.NaN, Number.NaN],
    ['0 and -0', 0, -0],
    ['1n and 1', 1n, 1],
    ['2^60 as bigint and number', 2n ** 60n, 2 ** 60],
    ['undefined and NONE', undefined, NONE],
    ['dates', new Date(5), new Date(5)],
    ['invalid dates', new Date(Number.NaN), new Date(Number.NaN)],
    ['a Date and a DateTime', new Date(5), new DateTime(5)],
    ['a DateTime and a Date', new DateTime(-5), new Date(-5)],
    ['DateTimes', DateTime.fromParts(1, 2), DateTime.parse('1970-01-01T00:00:01.000000002Z')],
    ['decimals of other digits', new Decimal('1.50'), new Decimal('1.5')],
    ['decimals 0 and -0', new Decimal('-0'), new Decimal(0)],
    ['durations', Duration.parse('60m'), Duration.parse('1h')],
    ['uuids', Uuid.parse(uuid), Uuid.parse(uuid.toUpperCase())],
    ['record ids', new RecordId('t', [1, { a: 2n }]), new RecordId('t', [1n, { a: 2 }])],
    [
      'record id ranges',
      new RecordIdRange('t', new BoundIncluded(1), undefined),
      new RecordIdRange('t', new BoundIncluded(1n), undefined),
    ],
    ['ranges', new Range(undefined, new BoundExcluded('a')), new Range(undefined, new BoundExcluded('a'))],
    ['files', new FileRef('a', 'k'), new FileRef('a', '/k')],
    ['tables', new Table('a'), new Table('a')],
    ['points', new Point([1, 2]), new Point([1, 2])],
    [
      'polygons, open and closed',
      new Polygon([
        [
          [0, 0],
          [1, 0],
          [1, 1],
        ],
      ]),
      new Polygon([
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ]),
    ],
    ['bytes', new Uint8Array([1, 2]), Buffer.from([1, 2])],
    ['bytes and their buffer', new Uint8Array([1, 2]), new Uint8Array([1, 2]).buffer],
    ['vectors', new Float32Array([0.5]), new Float32Array([0.5])],
    ['a vector and the list of its numbers', new Float32Array([0.5, 1]), [0.5, 1]],
    ['a vector of ints and of bigints', new Int8Array([1]), new BigInt64Array([1n])],
    ['sets in another order', new Set([1, 'a', { b: 1 }]), new Set([{ b: 1 }, 'a', 1n])],
    [
      'maps in another order',
      new Map<string, unknown>([
        ['a', 1],
        ['b', [2]],
      ]),
      new Map<string, unknown>([
        ['b', [2]],
        ['a', 1],
      ]),
    ],
    ['objects in another order', { a: 1, b: { c: 2 } }, { b: { c: 2 }, a: 1 }],
    ['an instance and the same members', new Plain(1), { a: 1 }],
    ['lists', [1, [2, undefined]], [1, [2, NONE]]],
    ['an undefined member and NONE', { a: undefined }, { a: NONE }],
    [
      'another realm',
      { d: new Date(1), s: new Set([1]), b: new Uint8Array([1]) },
      vm.runInNewContext('({ d: new Date(1), s: new Set([1]), b: new Uint8Array([1]) })'),
    ],
    ["the client's record id", new RecordId('t', Uuid.parse(uuid)), new sdk.RecordId('t', new sdk.Uuid(uuid))],
    ["the client's date", DateTime.fromParts(-1, 5), new sdk.DateTime([-1n, 5n])],
    ["two of the client's", new sdk.Decimal('1.50'), new sdk.Decimal('1.5')],
    ['regular expressions', /a/g, /a/g],
  ])('%s', (_, a, b) => {
    expect(equals(a, b)).toBe(true);
    expect(equals(b, a)).toBe(true);
    expect(equals([a], [b])).toBe(true);
    expect(equals({ a }, { a: b })).toBe(true);
  });
});

describe('different', () => {
  it.each<[string, unknown, unknown]>([
    ['1 and "1"', 1, '1'],
    ['2^53 + 1 and its rounding', 2n ** 53n + 1n, 2 ** 53],
    ['1n and 1.5', 1n, 1.5],
    ['1n and "1"', 1n, '1'],
    ['null and undefined', null, undefined],
    ['null and NONE', null, NONE],
    ['NONE and an object', NONE, {}],
    ['0 and false', 0, false],
    ['dates', new Date(5), new Date(6)],
    ['a Date and a DateTime with more digits', new Date(5), new DateTime(5, 1)],
    ['a date and its number', new Date(5), 5],
    ['a date and an object', new Date(5), {}],
    ['decimal and number', new Decimal(1), 1],
    ['decimals', new Decimal('1.5'), new Decimal('1.51')],
    ['decimals of other sign', new Decimal('1.5'), new Decimal('-1.5')],
    ['decimals beyond a double', new Decimal('1e-400'), new Decimal('2e-400')],
    ['durations', Duration.parse('1h'), Duration.parse('1h1ns')],
    ['uuids', Uuid.v4(), Uuid.v4()],
    ['uuid and text', Uuid.parse(uuid), uuid],
    ['record ids by key', new RecordId('t', 1), new RecordId('t', '1')],
    ['record ids by table', new RecordId('t', 1), new RecordId('u', 1)],
    ['record id and text', new RecordId('t', 1), 't:1'],
    ['bounds', new Range(new BoundIncluded(1), undefined), new Range(new BoundExcluded(1), undefined)],
    ['a range and a record id range', new Range(undefined, undefined), new RecordIdRange('t', undefined, undefined)],
    ['a point and its coordinates', new Point([1, 2]), { type: 'Point', coordinates: [1, 2] }],
    ['points', new Point([1, 2]), new Point([2, 1])],
    ['files', new FileRef('a', 'k'), new FileRef('b', 'k')],
    ['tables', new Table('a'), new Table('b')],
    ['bytes', new Uint8Array([1, 2]), new Uint8Array([1, 3])],
    ['bytes of other length', new Uint8Array([1]), new Uint8Array([1, 0])],
    ['bytes and a list', new Uint8Array([1]), [1]],
    ['vectors', new Float32Array([1]), new Float32Array([2])],
    ['a vector and bytes', new Float32Array([1]), new Uint8Array([1])],
    ['a vector and a number beyond its precision', new Float32Array([0.1]), [0.1]],
    ['a list and an object', [], {}],
    ['lists', [1, 2], [2, 1]],
    ['a list and a longer one', [1], [1, undefined]],
    ['sets', new Set([{ a: 1 }, { a: 1 }]), new Set([{ a: 1 }, { a: 2 }])],
    ['sets of other size', new Set([1]), new Set([1, 2])],
    ['a set and a list', new Set([1]), [1]],
    ['maps', new Map([['a', 1]]), new Map([['a', 2]])],
    ['maps by key', new Map([['a', undefined]]), new Map([['b', undefined]])],
    ['a map and an object', new Map([['a', 1]]), { a: 1 }],
    ['objects', { a: 1 }, { a: 2 }],
    ['objects by key', { a: undefined }, { b: undefined }],
    ['a missing member and an undefined one', {}, { a: undefined }],
    ['an inherited member', { toString: undefined }, {}],
    ['functions', () => 1, () => 1],
  ])('%s', (_, a, b) => {
    expect(equals(a, b)).toBe(false);
    expect(equals(b, a)).toBe(false);
    expect(equals([a], [b])).toBe(false);
    expect(equals({ a }, { a: b })).toBe(false);
  });
});

it('counts absent members as missing where that is asked for, at every depth', () => {
  const options = { absentIsMissing: true };
  expect(equals({ a: undefined }, {}, options)).toBe(true);
  expect(equals({}, { a: NONE, b: undefined }, options)).toBe(true);
  expect(equals([{ x: { a: NONE } }], [{ x: {} }], options)).toBe(true);
  expect(equals(new Map([['k', { a: undefined }]]), new Map([['k', {}]]), options)).toBe(true);
  expect(equals({ a: null }, {}, options)).toBe(false);
  expect(equals({ a: 1 }, {}, options)).toBe(false);
  expect(equals({ constructor: undefined }, {}, options)).toBe(true);
});

it('is reflexive, symmetric, and true of a clone', () => {
  fc.assert(
    fc.property(values, values, (a, b) => {
      expect(equals(a, a)).toBe(true);
      expect(equals(a, clone(a))).toBe(true);
      expect(equals(a, b)).toBe(equals(b, a));
    }),
    { numRuns: 1000 },
  );
});

describe('clone', () => {
  it('copies what can change and shares what cannot', () => {
    const original = {
      list: [1, { a: 1 }],
      date: new Date(1),
      at: DateTime.fromParts(1, 2),
      bytes: new Uint8Array([1]),
      buffer: Buffer.from([2]),
      floats: new Float32Array([1]),
      raw: new Uint8Array([3]).buffer,
      map: new Map([['k', { v: 1 }]]),
      set: new Set([[1]]),
      id: new RecordId('t', 1),
      n: new Decimal(1),
      none: NONE,
      plain: new Plain([1]),
      nothing: null,
      missing: undefined,
    };
    const copy = clone(original);
    expect(copy).toEqual(original);
    (copy.list[1] as { a: number }).a = 2;
    copy.date.setTime(9);
    copy.at.setTime(9);
    copy.bytes[0] = 9;
    copy.buffer[0] = 9;
    copy.floats[0] = 9;
    new Uint8Array(copy.raw)[0] = 9;
    (copy.map.get('k') as { v: number }).v = 9;
    [...copy.set][0]?.push(9);
    (copy.plain.a as number[]).push(9);
    expect(original).toEqual({
      list: [1, { a: 1 }],
      date: new Date(1),
      at: DateTime.fromParts(1, 2),
      bytes: new Uint8Array([1]),
      buffer: Buffer.from([2]),
      floats: new Float32Array([1]),
      raw: new Uint8Array([3]).buffer,
      map: new Map([['k', { v: 1 }]]),
      set: new Set([[1]]),
      id: new RecordId('t', 1),
      n: new Decimal(1),
      none: NONE,
      plain: new Plain([1]),
      nothing: null,
      missing: undefined,
    });
    expect(original.at.nanoseconds).toBe(2);
    expect(copy.id).toBe(original.id);
    expect(copy.none).toBe(NONE);
    expect(copy.plain).toBeInstanceOf(Plain);
    expect(clone(DateTime.fromParts(1, 2)).nanoseconds).toBe(2);
  });

  it("makes Reverie's values of the official client's, and leaves what hides its content as it is", () => {
    class Money {
      #amount = 5;
      get amount(): number {
        return this.#amount;
      }
    }
    const price = new Money();
    const url = new URL('http://localhost');
    const copy = clone({ id: new sdk.RecordId('t', 1), price, url });
    expect(RecordId.is(copy.id)).toBe(true);
    expect(copy.price.amount).toBe(5);
    expect(copy.url).toBe(url);
  });

  it('keeps __proto__ a member', () => {
    const copy = clone(JSON.parse('{"__proto__":{"a":1}}') as object);
    expect(Object.keys(copy)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });
});
