import fc from '../../support/property';
import { fromTypedJson, toTypedJson } from '../../../lib/data/typed-json.js';
import { decodeExact, encode } from '../../../lib/driver/codec/index.js';
import { DateTime, Float, RecordId, ValidationError } from '../../../lib/index.js';
import { values } from '../../support/value-arbitraries.js';

const throughText = (value: unknown): unknown => fromTypedJson(JSON.parse(JSON.stringify(toTypedJson(value))));

describe('typed JSON', () => {
  it('gives every value back, to the byte', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encode(value);
        expect(encode(throughText(decodeExact(bytes)))).toEqual(bytes);
      }),
      { numRuns: 1_000 },
    );
  });

  it('tells floats from ints, and leaves what JSON can say', () => {
    expect(toTypedJson({ a: 1, b: new Float(1), c: 1.5, d: NaN, e: null, f: undefined, g: 2n ** 60n })).toEqual({
      a: 1,
      b: { $float: '1' },
      c: 1.5,
      d: { $float: 'NaN' },
      e: null,
      f: { $none: true },
      g: { $int: '1152921504606846976' },
    });
    expect(encode(decodeExact(encode(new Float(1))))).toEqual(encode(new Float(1)));
    expect(decodeExact(encode(new Float(1)))).toEqual(new Float(1));
    expect(toTypedJson({ $a: new RecordId('t', 1), at: new DateTime('2024-01-01T00:00:00.000000001Z') })).toEqual({
      $object: { $a: { $record: ['t', 1] }, at: { $datetime: '2024-01-01T00:00:00.000000001Z' } },
    });
  });

  it.each([
    { $nothing: 1 },
    { $decimal: 'x' },
    { $uuid: 5 },
    { $datetime: 'yesterday' },
    { $geometry: { type: 'Dot' } },
    { $float: 'x' },
    { $int: '1.5' },
  ])('refuses %j', (json) => {
    expect(() => fromTypedJson(json)).toThrow(ValidationError);
  });
});
