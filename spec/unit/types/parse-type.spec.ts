import fc from '../../support/property';
import { MetadataError } from '../../../lib/errors/index.js';
import { admitsNone, admitsNull, parseType, printType, sameType, valueMembers } from '../../../lib/types/index.js';
import { arbitraryType } from './arbitrary-type.js';

/** What was written, and what INFO FOR TABLE of SurrealDB 3.0.2 printed. */
const PRINTED: readonly (readonly [string, string])[] = [
  ...[
    'any',
    'none',
    'null',
    'bool',
    'bytes',
    'datetime',
    'decimal',
    'duration',
    'float',
    'int',
    'number',
    'object',
    'string',
    'uuid',
  ].map(same),
  ...[
    'regex',
    'range',
    'function',
    'record',
    'geometry',
    'table',
    'table<a>',
    'file',
    'file<b>',
    'array',
    'set',
    'string | none',
  ].map(same),
  ['point', 'geometry<point>'],
  ['record<a|b>', 'record<a | b>'],
  ['record<a | `b-c`>', 'record<a | `b-c`>'],
  ['record<`a`>', 'record<a>'],
  ['record<`a\\`b`>', 'record<`a\\`b`>'],
  ['record<`é`>', 'record<`é`>'],
  ['record<select>', 'record<select>'],
  ['record<`a\\nb`>', 'record<`a\\nb`>'],
  ['geometry<point|line>', 'geometry<point | line>'],
  ['array<any>', 'array'],
  ['array<any,5>', 'array<any, 5>'],
  ['array<string,5>', 'array<string, 5>'],
  ['array<int,0>', 'array<int, 0>'],
  ['set<int,3>', 'set<int, 3>'],
  ['array <int>', 'array<int>'],
  ['array< int >', 'array<int>'],
  ['option<string>', 'none | string'],
  ['option<string|null>', 'none | string | null'],
  ['option<none>', 'none'],
  ['null|none|int', 'null | none | int'],
  ['string|string', 'string'],
  ['array<option<int>>', 'array<none | int>'],
  ['array<int|string, 4>', 'array<int | string, 4>'],
  ['\'a\'|"b"', "'a' | 'b'"],
  ['"it\'s"', '"it\'s"'],
  ['\'say "x"\'', '\'say "x"\''],
  ["'both \\' and \"'", '"both \' and \\""'],
  ["'back\\\\slash'", "'back\\\\slash'"],
  ["'new\\nline\\t\\r\\0\\f'", "'new\\nline\\t\\r\\0\\f'"],
  ["'\\b'", "'\\u{8}'"],
  ["'\\u{1F600}\\u00e9'", "'😀é'"],
  ['1|-1|true|false', '1 | -1 | true | false'],
  ['1_000', '1000'],
  ['1.5', ' 1.5f'],
  ['-1.5f', ' -1.5f'],
  ['-1.5e-9', ' -0.0000000015f'],
  ["1|2.5|'x'", "1 |  2.5f | 'x'"],
  ['9223372036854775807', '9223372036854775807'],
  ['[]', '[]'],
  ['[int,]', '[int]'],
  ['[int, option<string>]', '[int, none | string]'],
  ['{}', '{  }'],
  ['{ a: int, b: option<string>, }', '{ a: int, b: none | string }'],
  ["{ 'a b': int, 1: int, select: int }", '{ "1": int, "a b": int, select: int }'],
  ["{ 'a\"b': int }", '{ "a\\"b": int }'],
  ['{ b: int, a: int }', '{ a: int, b: int }'],
  ['{a:{b:array<[int]>}}', '{ a: { b: array<[int]> } }'],
  ['int|[int]|{a:int}', 'int | [int] | { a: int }'],
];

function same(text: string): readonly [string, string] {
  return [text, text];
}

describe('parseType', () => {
  test.each(PRINTED)('%s is printed as %s', (written, printed) => {
    expect(printType(parseType(written))).toBe(printed);
    expect(printType(parseType(printed))).toBe(printed);
  });

  test.each([
    ['strng', /at position 1, unknown type "strng"\. Did you mean "string"\?/],
    ['option<array<recrod<user>>>', /at position 14, unknown type "recrod"\. Did you mean "record"\?/],
    ['STRING', /Did you mean "string"\?/],
    ['array<string', /at position 13, ">" is missing at the end/],
    ['array<string>>', /at position 14, unexpected ">" after the type/],
    ['', /at position 1, the type ends too early/],
    ['int |', /the type ends too early/],
    ['option', /option needs a type/],
    ['option<any>', /any may be NONE already/],
    ['string|any', /any holds every value already/],
    ['array<int, x>', /the length must be/],
    ['geometry<pint>', /unknown geometry "pint"\. Did you mean "point"\?/],
    ['record<a,b>', /expected ">", found ","/],
    ['record<>', /expected a name/],
    ['{ a int }', /expected ":", found "int"/],
    ['{ a: int, a: string }', /the field "a" stands twice/],
    ['[int string]', /expected "," or "]"/],
    ["'open", /at position 1, the text that starts here has no closing '/],
    ["'a\\q'", /unknown escape "\\q"/],
    ["'\\u{110000}'", /this character code does not exist/],
    ['a-b', /unexpected character "-"/],
    ['`int`', /quoted name, not a type/],
    ['9223372036854775808', /does not fit an int/],
    ['1dec', /decimal cannot be a literal/],
    ['1.0', /without a fraction/],
    ['references', /unknown type "references"/],
  ])('%s is refused', (text, message) => {
    expect(() => parseType(text)).toThrow(MetadataError);
    expect(() => parseType(text)).toThrow(message);
  });

  test('what was parsed is frozen, through and through', () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(parseType('option<array<{ a: [record<b>, geometry<line>] }> | set<file<c>>>'))).toBe(true);
  });

  test('any type survives printing and parsing', () => {
    fc.assert(
      fc.property(arbitraryType(), (type) => {
        const printed = printType(type);
        expect(sameType(parseType(printed), type)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('no text makes the parser fail other than by a MetadataError', () => {
    const pieces = fc.constantFrom(
      'option',
      '<',
      '>',
      '|',
      ',',
      "'",
      '"',
      '`',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ':',
      'a',
      '1',
      '.',
      ' ',
      'array',
      'int',
      'u',
      '-',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
        try {
          expect(printType(parseType(parts.join(''))).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(MetadataError);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe('what a type admits', () => {
  test.each([
    ['option<string>', true, false],
    ['string | null', false, true],
    ['any', true, true],
    ['array<option<int>>', false, false],
    ['null', false, true],
  ])('%s', (text, none, nil) => {
    expect(admitsNone(parseType(text))).toBe(none);
    expect(admitsNull(parseType(text))).toBe(nil);
  });

  test('its members that hold values', () => {
    expect(valueMembers(parseType('none | string | null | int')).map(printType)).toEqual(['string', 'int']);
  });
});
