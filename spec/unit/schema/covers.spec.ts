import { coversText } from '../../../lib/schema/covers.js';

/** wide, narrow */
const YES: readonly (readonly [string | undefined, string | undefined])[] = [
  ['string', 'string'],
  ['any', 'array<int>'],
  [undefined, 'int'],
  ['none | string', 'string'],
  ['int | string', 'string | int'],
  ['number', 'int | float | decimal'],
  ['float', 'int'],
  ['string', "'a' | 'b'"],
  ["'a' | 'b' | 'c'", "'c' | 'a'"],
  ['bool', 'true'],
  ['int', '5'],
  ['record', 'record<a | b>'],
  ['record<a | b>', 'record<b>'],
  ['geometry<point | line>', 'geometry<line>'],
  ['array', 'array<int, 3>'],
  ['array<none | int>', 'array<int>'],
  ['none | array<record>', 'array<record<a>>'],
];
const NO: readonly (readonly [string | undefined, string | undefined])[] = [
  ['int', 'float'],
  ['string', 'none | string'],
  ['string', undefined],
  ['record<a>', 'record'],
  ['record<a>', 'record<a | b>'],
  ['array<int>', 'set<int>'],
  ['array<int, 3>', 'array<int>'],
  ["'a'", 'string'],
  ['object', '{ a: int }'],
  ['int', "'5'"],
  ['datetime', 'string'],
  ['string', 'a type of tomorrow'],
];

describe('a type that takes all that another takes', () => {
  it.each(YES)('%s covers %s', (wide, narrow) => expect(coversText(wide, narrow)).toBe(true));
  it.each(NO)('%s does not cover %s', (wide, narrow) => expect(coversText(wide, narrow)).toBe(false));
});
