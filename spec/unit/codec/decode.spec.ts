import fc from '../../support/property';
import { ReverieError } from '../../../lib/errors/index.js';
import { CborError, decode, encode } from '../../../lib/driver/codec/index.js';
import { RecordId } from '../../../lib/values/index.js';
import { fromHex } from './hex.js';

describe('malformed bytes', () => {
  it.each([
    ['nothing', ''],
    ['a missing byte of a head', '18'],
    ['missing bytes of a wide head', '1b0000'],
    ['missing bytes of a float', 'fb3ff0'],
    ['missing text', '6361'],
    ['missing bytes', '4361'],
    ['missing items', '8301'],
    ['missing members', 'a26161'],
    ['a list said to be huge', '9bffffffffffffffff'],
    ['a map said to be huge', 'ba7fffffff'],
    ['text said to be huge', '7b7fffffffffffffff61'],
    ['an end mark alone', 'ff'],
    ['an end mark in a list of known length', '82ff01'],
    ['no end mark', '9f01'],
    ['no end mark of a map', 'bf616101'],
    ['no end mark of a text', '7f6161'],
    ['an end mark between key and value', 'bf6161ff'],
    ['a chunk of another kind', '7f4161ff'],
    ['a chunk in chunks', '7f7f6161ffff'],
    ['a length code that does not exist', '1c'],
    ['a reserved length of a list', '9d'],
    ['an unknown simple value', 'e0'],
    ['an unknown simple value in two bytes', 'f820'],
    ['bytes that follow', '0102'],
    ['a key that is no text', 'a10102'],
    ['a later key that is no text', 'a2616101f602'],
    ['an unknown tag', 'c100'],
    ['a self-described message', 'd9d9f700'],
    ['a wide unknown tag', 'dbffffffffffffffff00'],
    ['a tag without content', 'c8'],
    ['a record id without key', 'c8816174'],
    ['a record id of three', 'c883617401 02'.replace(' ', '')],
    ['a record id whose table is no text', 'c8820101'],
    ['a record id whose table is empty', 'c882606161'],
    ['a record id with a float key', 'c8826174f93e00'],
    ['a record id with a null key', 'c8826174f6'],
    ['a record id as text that is none', 'c8636e6f6e'],
    ['a uuid of three bytes', 'd82543010203'],
    ['a uuid as int', 'd82501'],
    ['a uuid cut short', 'd825500102'],
    ['a decimal that is no number', 'ca61786178'.slice(0, 6)],
    ['a decimal with exponent', 'ca63316535'],
    ['a decimal as int', 'ca01'],
    ['a datetime of one part', 'cc8101'],
    ['a datetime with too many nanoseconds', 'cc82001a3b9aca00'],
    ['a datetime with negative nanoseconds', 'cc820020'],
    ['a datetime of floats', 'cc82f93e0000'],
    ['a datetime beyond 53 bits', 'cc821b7fffffffffffffff00'],
    ['a datetime as text that is none', 'c06178'],
    ['a duration of text', 'ce816178'],
    ['a negative duration', 'ce8120'],
    ['a duration as text that is none', 'cd6178'],
    ['a table as int', 'c701'],
    ['an empty table', 'c760'],
    ['a set that is no list', 'd83801'],
    ['a range of one end', 'd83181f6'],
    ['a range with a bare value', 'd831820105'],
    ['a file of one part', 'd837816162'],
    ['a point of one number', 'd8588101'],
    ['a point of text', 'd8588261786178'.slice(0, 14)],
    ['a point at infinity', 'd85882f97c00f93c00'],
    ['a line of numbers', 'd8598101'],
    ['a collection of numbers', 'd85e8101'],
  ])('%s', (_, hex) => {
    const error = (() => {
      try {
        return decode(fromHex(hex));
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(CborError);
    expect(ReverieError.is(error)).toBe(true);
    expect((error as CborError).code).toBe('CBOR');
    expect((error as CborError).message).toMatch(/^Malformed CBOR at byte \d+: ./);
  });

  it.each([
    ['lists', Buffer.alloc(200_000, 0x81)],
    ['lists of open length', Buffer.alloc(200_000, 0x9f)],
    ['tags', Buffer.alloc(200_000, 0xd8)],
    ['sets', Buffer.from('d83881'.repeat(60_000), 'hex')],
    ['maps', Buffer.from('a16161'.repeat(60_000), 'hex')],
    ['record ids', Buffer.from('c8826174'.repeat(50_000), 'hex')],
  ])('%s nested without end are refused, not followed', (_, bytes) => {
    expect(() => decode(bytes)).toThrow(CborError);
  });

  it('reads 500 levels', () => {
    const value = decode(Buffer.concat([Buffer.alloc(500, 0x81), Buffer.from([1])]));
    expect(JSON.stringify(value)).toBe(`${'['.repeat(500)}1${']'.repeat(500)}`);
  });

  it('random bytes end in a value or a CborError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          decode(bytes);
        } catch (error) {
          if (!(error instanceof CborError)) throw error;
        }
      }),
      { numRuns: 20_000 },
    );
  });

  it('a message with one byte changed, or cut short, ends in a value or a CborError', () => {
    const whole = encode([
      {
        id: new RecordId('user', ['a', 1]),
        at: new Date(),
        set: new Set(['x']),
        text: 'ä'.repeat(20),
        n: [1.5, 2n ** 60n],
      },
    ]);
    const attempt = (bytes: Uint8Array): void => {
      try {
        decode(bytes);
      } catch (error) {
        if (!(error instanceof CborError)) throw error;
      }
    };
    for (let at = 0; at < whole.length; at++) {
      attempt(whole.slice(0, at));
      expect(() => decode(whole.slice(0, at))).toThrow(CborError);
      for (const byte of [0x00, 0x18, 0x7f, 0x9f, 0xbf, 0xc8, 0xd8, 0xf7, 0xff]) {
        const changed = whole.slice();
        changed[at] = byte;
        attempt(changed);
      }
    }
  });
});

describe('objects', () => {
  it('__proto__ is a member like any other', () => {
    const hex = 'a2695f5f70726f746f5f5fa16161016162 02'.replace(' ', '');
    for (const bytes of [fromHex(hex), fromHex(`82${hex}${hex}`)]) {
      const read = decode(bytes);
      const object = (Array.isArray(read) ? read[1] : read) as Record<string, unknown>;
      expect(Object.keys(object)).toEqual(['__proto__', 'b']);
      expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
      expect((object as { a?: number }).a).toBeUndefined();
      expect(Object.getOwnPropertyDescriptor(object, '__proto__')?.value).toEqual({ a: 1 });
    }
  });

  it('rows of one shape, of many shapes and of thousands of keys', () => {
    const same = Array.from({ length: 50 }, (_, i) => ({ id: i, name: `n${i}`, deep: { a: i, b: [{ c: i }] } }));
    const mixed = Array.from({ length: 300 }, (_, i) =>
      Object.fromEntries(Array.from({ length: i % 9 }, (__, k) => [`k${(i * 7 + k * (i % 5)) % 23}`, { v: i }])),
    );
    const wide = Array.from({ length: 20 }, (_, i) =>
      Object.fromEntries(Array.from({ length: 100 }, (__, k) => [`column${k}`, i * k])),
    );
    const dictionary = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`key${i}`, i]));
    const dictionaries = Array.from({ length: 40 }, (_, i) =>
      Object.fromEntries(Array.from({ length: 60 }, (__, k) => [`d${i}-${k}`, k])),
    );
    const all = { same, mixed, wide, dictionary, dictionaries };
    expect(decode(encode(all))).toEqual(all);
  });

  it('keys of every length, and names that objects have', () => {
    const keys = [
      '',
      'a',
      'é',
      '😀',
      'k'.repeat(23),
      'k'.repeat(24),
      'k'.repeat(255),
      'k'.repeat(256),
      'k'.repeat(70_000),
      'constructor',
      'toString',
      'hasOwnProperty',
      '0',
      '1',
      '-1',
      '"',
      '\\',
      '\u2028',
    ];
    const object = Object.fromEntries(keys.map((key, index) => [key, index]));
    expect(decode(encode([object, object, object]))).toEqual([object, object, object]);
  });

  it('keys that share their beginnings and ends', () => {
    const rows = ['ab', 'ba', 'aab', 'abb', 'aba', 'bab', 'b', 'a'].flatMap((key) => [
      { [key]: 1 },
      { x: 1, [key]: 2 },
      { [key]: 3, x: 1 },
    ]);
    expect(decode(encode([...rows, ...rows.reverse()]))).toEqual([...rows].reverse().concat(rows));
  });

  it('rows share their hidden class, also wide ones', () => {
    const rows = decode(
      encode(
        Array.from({ length: 10 }, (_, i) =>
          Object.fromEntries(Array.from({ length: 40 }, (__, k) => [`c${k}`, k % 2 ? i : `t${i}`])),
        ),
      ),
    ) as object[];
    expect(rows.every((row) => Object.getPrototypeOf(row) === Object.prototype && Object.keys(row).length === 40)).toBe(
      true,
    );
    expect(new Set(rows).size).toBe(10);
  });

  it('the members of one row are not those of another', () => {
    const rows = decode(encode([{ a: [1] }, { a: [1] }, { a: [1] }])) as { a: number[] }[];
    rows[0]?.a.push(2);
    expect(rows).toEqual([{ a: [1, 2] }, { a: [1] }, { a: [1] }]);
  });
});

describe('vectors', () => {
  it('reads lists of floats of mixed widths', () => {
    const hex = `8a${'f93c00'.repeat(3)}${'fa3f000000'.repeat(3)}${'fb3fb999999999999a'.repeat(4)}`;
    expect(decode(fromHex(hex))).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1]);
  });

  it('a list of floats that ends in something else', () => {
    const list = [...Array.from({ length: 20 }, (_, i) => i + 0.5), 'x', undefined];
    expect(decode(encode({ a: [list, list], b: 1 }))).toEqual({ a: [list, list], b: 1 });
  });

  it('a vector cut short', () => {
    const bytes = encode(Array.from({ length: 10 }, (_, i) => i + 0.5));
    expect(() => decode(bytes.subarray(0, bytes.length - 1))).toThrow(CborError);
  });
});
