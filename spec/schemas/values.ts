/** A type of the property test: values that it takes as SurrealQL, and what a field of it may say besides. */
export interface TypeEntry {
  readonly type: string;
  readonly literals: readonly string[];
  readonly defaults: readonly string[];
  readonly values: readonly string[];
  readonly asserts: readonly string[];
  readonly flexible: boolean;
}

interface Given {
  readonly defaults?: readonly string[];
  readonly values?: readonly string[];
  readonly asserts?: readonly string[];
  readonly flexible?: boolean;
}

const entry = (type: string, literals: readonly string[], given: Given = {}): TypeEntry => ({
  type,
  literals,
  defaults: given.defaults ?? literals.slice(0, 1),
  values: given.values ?? [],
  asserts: given.asserts ?? [],
  flexible: given.flexible ?? false,
});

const NUMBERS = { asserts: ['$value >= 0', '$value < 100', '$value IN [1, 2, 7]'] };
const TEXTS = { values: ['string::lowercase($value)'], asserts: ["$value != ''", 'string::len($value) < 4'] };

export const TYPES: readonly TypeEntry[] = [
  entry('int', ['1', '7', '200'], NUMBERS),
  entry('int', ['-1', '2'], { values: ['$value OR 1'] }),
  entry('float', ['1.5', '7f', '0f'], { ...NUMBERS, defaults: ['7f'] }),
  entry('number', ['1', '2.5', '3dec'], NUMBERS),
  entry('decimal', ['1.50dec', '2dec']),
  entry('option<int>', ['1', '7', 'NONE'], NUMBERS),
  entry('string', ["'a'", "''", "'Abcdef'"], TEXTS),
  entry('option<string>', ["'a'", "'Abcdef'", 'NONE'], { asserts: TEXTS.asserts }),
  entry('string | null', ["'a'", 'NULL']),
  entry('option<string | null>', ["'a'", 'NULL', 'NONE']),
  entry("'a' | 'b'", ["'a'", "'b'"]),
  entry("'a' | 'b' | 'Abcdef'", ["'a'", "'Abcdef'"]),
  entry('string | int', ["'a'", '1']),
  entry('bool', ['true', 'false']),
  entry('option<bool>', ['true', 'NONE'], { defaults: ['false'] }),
  entry('datetime', ["d'2020-01-02T03:04:05.123456789Z'", "d'1969-12-31T23:59:59Z'"], {
    defaults: ["d'2020-01-02T03:04:05Z'", 'time::unix::EPOCH'.replace('unix::EPOCH', 'from_secs(0)')],
  }),
  entry('duration', ['1h30m', '1ns']),
  entry('uuid', ["u'018f5a3c-6f0e-7c1a-9b1a-0123456789ab'"]),
  entry('bytes', ["<bytes> 'ab'"]),
  entry('any', ['1', "'a'", '[1, { a: 1 }]', '{ x: 1 }', 'NONE']),
  entry('object', ['{}'], { flexible: true }),
  entry('option<object>', ['NONE', '{}'], { flexible: true }),
  entry('array<int>', ['[]', '[1, 2]', '[1, 1]'], { asserts: ['array::len($value) < 2'] }),
  entry('array<int | string>', ['[]', "[1, 'a']"]),
  entry('array<string>', ["['a']", '[]']),
  entry('array<int, 2>', ['[1, 2]']),
  entry('array', ['[]', "[1, 'a', { x: 1 }]"]),
  entry('array<object>', ['[]'], { flexible: true }),
  entry('option<array<array<int>>>', ['[[1], []]', 'NONE']),
  entry('set<int>', ['{,}', '{1, 2,}'], { defaults: ['{1,}'] }),
  entry('[string, int]', ["['a', 1]"]),
  entry('{ a: int, b: option<string> }', ['{ a: 1 }', "{ a: 1, b: 'x' }"]),
  entry('geometry<point>', ['(1.5, 2)']),
  entry('geometry<point | polygon>', [
    '(1.5, 2)',
    "{ type: 'Polygon', coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] }",
  ]),
  entry('record', ['beta:1', 'alpha:2'], { defaults: [] }),
  entry('record<beta>', ['beta:1'], { defaults: ['beta:9'] }),
  entry('record<alpha | beta>', ['beta:1', 'alpha:1'], { defaults: [] }),
  entry('option<record<alpha>>', ['alpha:1', 'NONE'], { defaults: [] }),
];

const BY_TYPE = new Map(TYPES.map((each) => [each.type, TYPES.filter(({ type }) => type === each.type)]));

/** A value of the type, by turns. */
export function literalOf(type: string, turn: number): string {
  const literals = (BY_TYPE.get(type) as readonly TypeEntry[]).flatMap((each) => each.literals);
  return literals[turn % literals.length] as string;
}
