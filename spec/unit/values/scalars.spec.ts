import fc from '../../support/property';
import { inspect } from 'node:util';
import { ValidationError } from '../../../lib/errors/index.js';
import {
  BoundExcluded,
  BoundIncluded,
  Decimal,
  Duration,
  FileRef,
  NONE,
  Range,
  Table,
  Uuid,
  decimalText,
  isAbsent,
  isNone,
  quoteIdentifier,
  randomKey,
  ulid,
} from '../../../lib/values/index.js';
import { durations, uuids } from '../../support/value-arbitraries.js';

describe('Uuid', () => {
  const text = '018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c';

  it('reads text and bytes', () => {
    const id = Uuid.parse(text.toUpperCase());
    expect(String(id)).toBe(text);
    expect(JSON.stringify(id)).toBe(`"${text}"`);
    expect(Buffer.from(id.toBytes()).toString('hex')).toBe(text.replaceAll('-', ''));
    expect(new Uuid(id.toBytes()).equals(id)).toBe(true);
    expect(Uuid.fromBytes(new Uint8Array([9, ...id.toBytes(), 9]), 1).equals(text)).toBe(true);
    expect(id.equals(Uuid.v4())).toBe(false);
  });

  it('has bytes that are a copy, and is visible to deep comparisons', () => {
    const id = Uuid.parse(text);
    id.toBytes().fill(0);
    expect(String(id)).toBe(text);
    for (const made of [Uuid.v4(), Uuid.v7(), id]) expect(Uuid.parse(String(made))).toEqual(made);
    expect(id).not.toEqual(Uuid.parse(text.replace('018a', '018b')));
  });

  it('is kept whole, whatever its bits', () => {
    fc.assert(
      fc.property(
        uuids,
        (id) => Uuid.parse(id.toString()).equals(id) && new Uuid(id.toBytes()).toString() === id.toString(),
      ),
    );
  });

  it.each(['', 'x', text.slice(1), `${text}0`, text.replace('-', ''), text.replace('a', 'g'), `{${text}}`])(
    'refuses "%s"',
    (wrong) => {
      expect(() => Uuid.parse(wrong)).toThrow(ValidationError);
    },
  );

  it('refuses other than 16 bytes', () => {
    expect(() => new Uuid(new Uint8Array(15))).toThrow('15 bytes');
  });

  it('makes version 4 and version 7', () => {
    for (let index = 0; index < 500; index++) {
      expect(String(Uuid.v4())).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(String(Uuid.v7())).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    const millis = Number.parseInt(String(Uuid.v7()).replaceAll('-', '').slice(0, 12), 16);
    expect(Math.abs(millis - Date.now())).toBeLessThan(2000);
  });

  it('version 7 sorts by the order of making and never repeats', () => {
    const made = Array.from({ length: 20_000 }, () => String(Uuid.v7()));
    expect(made).toEqual([...made].sort());
    expect(new Set(made).size).toBe(made.length);
  });

  it('version 4 uses every random bit', () => {
    const seen = new Uint8Array(16);
    for (let index = 0; index < 2000; index++)
      Uuid.v4()
        .toBytes()
        .forEach((byte, at) => (seen[at] = (seen[at] as number) | byte));
    expect([...seen]).toEqual([255, 255, 255, 255, 255, 255, 0x4f, 255, 0xbf, 255, 255, 255, 255, 255, 255, 255]);
  });
});

describe('generators', () => {
  it('randomKey is 20 letters, each equally likely', () => {
    const counts = new Map<string, number>();
    const keys = Array.from({ length: 5000 }, () => randomKey());
    for (const key of keys) {
      expect(key).toMatch(/^[0-9a-z]{20}$/);
      for (const letter of key) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    expect(new Set(keys).size).toBe(keys.length);
    const expected = 100_000 / 36;
    expect(counts.size).toBe(36);
    // Five standard deviations: a bias of modulo 256 would be over twelve.
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });

  it('ulid sorts by the order of making and starts with the time', () => {
    const made = Array.from({ length: 20_000 }, () => ulid());
    for (const id of made.slice(0, 100)) expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    expect(made).toEqual([...made].sort());
    expect(new Set(made).size).toBe(made.length);
    const time = [...(made[0] as string).slice(0, 10)].reduce(
      (sum, letter) => sum * 32 + '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(letter),
      0,
    );
    expect(Math.abs(time - Date.now())).toBeLessThan(5000);
  });
});

describe('Duration', () => {
  it.each([
    ['1h30m', 5_400_000, '1h30m'],
    ['90m', 5_400_000, '1h30m'],
    ['1y', 31_536_000_000, '1y'],
    ['8d', 691_200_000, '1w1d'],
    ['1500ms', 1500, '1s500ms'],
    ['1us', 0.001, '1µs'],
    ['1µs', 0.001, '1µs'],
    ['1μs', 0.001, '1µs'],
    ['5ns', 0.000005, '5ns'],
    ['0ns', 0, '0ns'],
    ['0s', 0, '0ns'],
    ['1d1h1m1s1ms1us1ns', 90_061_001.001001, '1d1h1m1s1ms1µs1ns'],
    ['584942417355y3w5d7h15s999ms999µs999ns', 18_446_744_073_709_551_616_000, '584942417355y3w5d7h15s999ms999µs999ns'],
  ])('reads %s', (text, milliseconds, printed) => {
    const duration = Duration.parse(text);
    expect(duration.milliseconds).toBe(milliseconds);
    expect(duration.seconds).toBeCloseTo(milliseconds / 1000, 6);
    expect(String(duration)).toBe(printed);
    expect(JSON.stringify(duration)).toBe(`"${printed}"`);
  });

  it.each(['', '1', 'h', '1 h', '-1h', '1.5h', '1h ', '1x', '1h-30m', 'PT1H', '584942417355y4w'])(
    'refuses "%s"',
    (text) => {
      expect(() => Duration.parse(text)).toThrow(ValidationError);
    },
  );

  it('is made of parts, milliseconds and nanoseconds', () => {
    expect(String(Duration.fromParts(1, 500_000_000))).toBe('1s500ms');
    expect(String(Duration.fromMilliseconds(0.5))).toBe('500µs');
    expect(String(Duration.fromMilliseconds(1e15 + 0.5))).toBe('31709y41w2d1h46m40s500µs');
    expect(new Duration(5n).nanoseconds).toBe(5n);
    expect(new Duration(Duration.parse('1s')).equals(Duration.parse('1000ms'))).toBe(true);
    for (const wrong of [-1, Number.NaN, Infinity])
      expect(() => Duration.fromMilliseconds(wrong)).toThrow(ValidationError);
    expect(() => new Duration(-1n)).toThrow(ValidationError);
  });

  it('compares', () => {
    const [a, b] = [Duration.parse('1s'), Duration.parse('1s1ns')];
    expect([a.compare(b), b.compare(a), a.compare(a)]).toEqual([-1, 1, 0]);
    expect(a.equals('1s')).toBe(false);
  });

  it('is read back from its text', () => {
    fc.assert(
      fc.property(durations, (duration) => Duration.parse(duration.toString()).nanoseconds === duration.nanoseconds),
    );
  });
});

describe('decimalText', () => {
  it.each([
    ['1.50', '1.5'],
    ['1e3', '1000'],
    ['1e-10', '0.0000000001'],
    ['-0', '0'],
    ['79228162514264337593543950335', '79228162514264337593543950335'],
    ['-7.9228162514264337593543950335', '-7.9228162514264337593543950335'],
    ['0.0000000000000000000000000001', '0.0000000000000000000000000001'],
  ])('of %s', (text, expected) => {
    expect(decimalText(new Decimal(text))).toBe(expected);
  });

  it.each([
    '79228162514264337593543950336',
    '-79228162514264337593543950336',
    '7.9228162514264337593543950336',
    '1e-29',
    '1e29',
    'NaN',
    'Infinity',
    '-Infinity',
  ])('refuses %s', (text) => {
    expect(() => decimalText(new Decimal(text))).toThrow(ValidationError);
  });
});

describe('NONE', () => {
  it('is absent, and nothing else but undefined is', () => {
    expect([NONE, undefined, null, 0, '', false, {}].map(isAbsent)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect([NONE, undefined, null].map(isNone)).toEqual([true, false, false]);
    expect(JSON.stringify({ a: NONE, b: 1 })).toBe('{"b":1}');
    expect(String(NONE)).toBe('NONE');
  });
});

describe('the small values', () => {
  it('Table', () => {
    expect(String(new Table('user-group'))).toBe('`user-group`');
    expect(JSON.stringify(new Table('user-group'))).toBe('"user-group"');
    expect(() => new Table('')).toThrow(ValidationError);
    expect(new Table('a').equals(new Table('a'))).toBe(true);
    expect(new Table('a').equals('a')).toBe(false);
  });

  it('FileRef', () => {
    expect(String(new FileRef('b', 'dir/my file.png'))).toBe('b:/dir/my\\ file.png');
    expect(new FileRef('b', '/k').equals(new FileRef('b', 'k'))).toBe(true);
    expect(new FileRef('b', 'k').equals(new FileRef('b', 'l'))).toBe(false);
    expect(JSON.stringify(new FileRef('b', 'k'))).toBe('"b:/k"');
  });

  it('Range', () => {
    expect(String(new Range(new BoundIncluded(1), new BoundExcluded(5)))).toBe('1..5');
    expect(String(new Range(new BoundExcluded('a'), new BoundIncluded('b')))).toBe("'a'>..='b'");
    expect(String(new Range(undefined, undefined))).toBe('..');
    expect(new Range(new BoundIncluded(1), undefined).equals(new Range(new BoundIncluded(1n), undefined))).toBe(true);
    expect(new Range(new BoundIncluded(1), undefined).equals(new Range(new BoundExcluded(1), undefined))).toBe(false);
    expect(JSON.stringify(new Range(undefined, new BoundIncluded(5)))).toBe('"..=5"');
  });

  it('show themselves in logs', () => {
    expect(inspect(Uuid.parse('018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c'))).toContain(
      '018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c',
    );
    expect(inspect(Duration.parse('1h'))).toContain('1h');
  });
});

it('quoteIdentifier quotes what needs it', () => {
  expect(['user', '_a1', 'select', 'Value', 'a b', '1a', '', 'é', 'a`b', 'a\\b', 'a\nb'].map(quoteIdentifier)).toEqual([
    'user',
    '_a1',
    '`select`',
    '`Value`',
    '`a b`',
    '`1a`',
    '``',
    '`é`',
    '`a\\`b`',
    '`a\\\\b`',
    '`a\\nb`',
  ]);
});
