import fc from '../support/property';
import { decode, encode } from '../../lib/driver/codec/index.js';
import { elementsOf, readText, skipItem, walkMap } from '../../lib/server/cbor-walk.js';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('walking over CBOR', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(undefined),
      fc.uint8Array(),
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
      fc.array(tie('any')),
      fc.dictionary(fc.string({ unit: 'grapheme' }), tie('any')),
    ),
  })).any;

  it('ends where the item ends, whatever follows', () => {
    fc.assert(
      fc.property(value, fc.uint8Array(), (item, rest) => {
        const encoded = encode(item);
        expect(skipItem(Buffer.concat([encoded, rest]), 0)).toBe(encoded.length);
      }),
      { numRuns: 500 },
    );
  });

  it('finds the entries of a map as they are', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), value), (map) => {
        const encoded = encode(map);
        const seen: [string, unknown][] = [];
        expect(walkMap(encoded, 0, (key, start, end) => seen.push([key, encoded.slice(start, end)]))).toBe(
          encoded.length,
        );
        expect(seen).toEqual(Object.entries(map).map(([key, member]) => [key, encode(member)]));
      }),
    );
  });

  it('never leaves the bytes and never hangs on random ones', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (random) => {
        try {
          expect(skipItem(random, 0)).toBeLessThanOrEqual(random.length);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('knows items of open length', () => {
    const map = bytes('bf 6161 9f 01 02 ff 6162 7f 6178 6179 ff ff');
    expect(skipItem(map, 0)).toBe(map.length);
    const seen: Record<string, unknown> = {};
    walkMap(map, 0, (key, start, end) => (seen[key] = decode(map.slice(start, end))));
    expect(seen).toEqual({ a: [1, 2], b: 'xy' });
    expect(readText(bytes('7f 6178 6179 ff'), 0)).toBe('xy');
    expect(elementsOf(bytes('9f 01 02 ff'), 0)).toEqual([1, 2]);
  });

  it.each(['', 'ff', '1c', '61', '81', '9f', 'bf 61 61', 'a1', 'c6', 'fc'])('refuses %p', (hex) => {
    expect(() => skipItem(bytes(hex), 0)).toThrow(RangeError);
  });

  it('refuses text with pieces that are no text', () => {
    expect(() => readText(bytes('7f 41 61 ff'), 0)).toThrow(RangeError);
  });

  it('does not recurse', () => {
    const deep = Buffer.concat([Buffer.alloc(1_000_000, 0x81), bytes('01')]);
    expect(skipItem(deep, 0)).toBe(deep.length);
  });
});
