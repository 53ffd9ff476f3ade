import fc from '../../support/property';
import { ValidationError } from '../../../lib/errors/index.js';
import { DateTime } from '../../../lib/values/index.js';
import { dateTimes } from '../../support/value-arbitraries.js';

describe('DateTime', () => {
  it('is a Date', () => {
    const at = DateTime.parse('2024-01-02T03:04:05.123456789Z');
    expect(at).toBeInstanceOf(Date);
    expect(Object.prototype.toString.call(at)).toBe('[object Date]');
    expect(at.getTime()).toBe(Date.UTC(2024, 0, 2, 3, 4, 5, 123));
    expect([at.seconds, at.nanoseconds]).toEqual([1_704_164_645, 123_456_789]);
    expect(structuredClone(at).getTime()).toBe(at.getTime());
    expect(new Date(at).getTime()).toBe(at.getTime());
    expect(at > new Date(0)).toBe(true);
  });

  it.each([
    ['2024-01-02T03:04:05Z', '2024-01-02T03:04:05.000Z'],
    ['2024-01-02t03:04:05.1z', '2024-01-02T03:04:05.100Z'],
    ['2024-01-02T03:04:05.1234Z', '2024-01-02T03:04:05.123400Z'],
    ['2024-01-02T03:04:05.123456789Z', '2024-01-02T03:04:05.123456789Z'],
    ['2024-01-02T03:04:05.1234567899Z', '2024-01-02T03:04:05.123456789Z'],
    ['2024-01-02 03:04:05Z', '2024-01-02T03:04:05.000Z'],
    ['2024-01-02T03:04:05+02:30', '2024-01-02T00:34:05.000Z'],
    ['2024-01-02T03:04:05-0230', '2024-01-02T05:34:05.000Z'],
    ['2024-01-02T03:04Z', '2024-01-02T03:04:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999999999Z', '1969-12-31T23:59:59.999999999Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
    ['-0001-12-31T23:59:59.5Z', '-000001-12-31T23:59:59.500Z'],
    ['+12345-01-01T00:00:00Z', '+012345-01-01T00:00:00.000Z'],
    ['+262142-12-31T23:59:59.999999999Z', '+262142-12-31T23:59:59.999999999Z'],
    ['-262143-01-01T00:00:00Z', '-262143-01-01T00:00:00.000Z'],
    ['+999999-06-15T12:00:00.000000001Z', '+999999-06-15T12:00:00.000000001Z'],
    ['-999999-06-15T12:00:00Z', '-999999-06-15T12:00:00.000Z'],
  ])('reads %s', (text, iso) => {
    const at = DateTime.parse(text);
    expect(at.toISOString()).toBe(iso);
    expect(JSON.stringify({ at })).toBe(`{"at":"${iso}"}`);
    expect(DateTime.parse(iso).equals(at)).toBe(true);
    expect(DateTime.fromParts(at.seconds, at.nanoseconds).equals(at)).toBe(true);
  });

  it.each([
    '',
    'now',
    '2024',
    '2024-13-01',
    '2023-02-29',
    '2024-02-30T00:00:00Z',
    '2024-01-02T24:00:00Z',
    '2024-01-02T03:60:00Z',
    '2024-01-02T03:04:05',
    '2024-01-02T03:04:05.Z',
    '24-01-02',
    '2024-01-02Z03',
    '2024-00-10',
  ])('refuses "%s"', (text) => {
    expect(() => DateTime.parse(text)).toThrow(ValidationError);
  });

  it('agrees with Date wherever a Date reaches', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        const at = new DateTime(date);
        expect(at.toISOString()).toBe(date.toISOString());
        expect(at.getTime()).toBe(date.getTime());
        expect(DateTime.parse(date.toISOString()).getTime()).toBe(date.getTime());
        expect(at.equals(date)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps every nanosecond through its text and its parts', () => {
    fc.assert(
      fc.property(dateTimes, (at) => {
        expect(DateTime.parse(at.toISOString()).equals(at)).toBe(true);
        expect(new DateTime(at).equals(at)).toBe(true);
        expect(DateTime.fromParts(BigInt(at.seconds), at.nanoseconds).equals(at)).toBe(true);
        expect(at.getTime()).toBe(at.seconds * 1000 + Math.floor(at.nanoseconds / 1e6));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the seconds of times that no Date can hold', () => {
    const at = DateTime.fromParts(2n ** 50n, 7);
    expect([at.seconds, at.nanoseconds]).toEqual([2 ** 50, 7]);
    expect(at.getTime()).toBeNaN();
    expect(DateTime.parse(at.toISOString()).equals(at)).toBe(true);
    expect(new DateTime(at).equals(at)).toBe(true);
    expect(at.equals(DateTime.fromParts(2n ** 50n, 8))).toBe(false);
    at.setTime(0);
    expect([at.seconds, at.nanoseconds]).toEqual([0, 0]);
  });

  it('reaches the ends of Date itself', () => {
    expect(DateTime.fromParts(8_640_000_000_000).toISOString()).toBe(new Date(8.64e15).toISOString());
    expect(new DateTime(new Date(8.64e15)).getTime()).toBe(8.64e15);
    expect(DateTime.fromParts(8_640_000_000_000, 1_000_000).getTime()).toBeNaN();
    expect(DateTime.fromParts(-8_640_000_000_000).toISOString()).toBe(new Date(-8.64e15).toISOString());
  });

  it('drops the digits below the millisecond when the time is set', () => {
    const at = DateTime.fromParts(1, 2);
    at.setSeconds(5);
    expect([at.seconds, at.nanoseconds]).toEqual([5, 0]);
  });

  it('is invalid like a Date', () => {
    const at = new DateTime(Number.NaN);
    expect(at.seconds).toBeNaN();
    expect(() => at.toISOString()).toThrow(RangeError);
    expect(at.toJSON()).toBeNull();
    expect(at.equals(new DateTime(0))).toBe(false);
  });

  it.each([
    [1.5, 0],
    [0, -1],
    [0, 1e9],
    [0, 0.5],
    [2n ** 60n, 0],
    [Number.NaN, 0],
  ])('refuses the parts %p and %p', (seconds, nanoseconds) => {
    expect(() => DateTime.fromParts(seconds, nanoseconds)).toThrow(ValidationError);
  });

  it('compares to the nanosecond', () => {
    expect(DateTime.fromParts(1, 2).equals(DateTime.fromParts(1, 3))).toBe(false);
    expect(new DateTime(1000).equals(new Date(1000))).toBe(true);
    expect(new DateTime(1000).equals('1970-01-01T00:00:01.000Z')).toBe(false);
    expect(Math.abs(DateTime.now().getTime() - Date.now())).toBeLessThan(1000);
  });
});
