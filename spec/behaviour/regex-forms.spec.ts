import fc from '../support/property';
import { connect, type Connection } from '../../lib/driver/connect.js';
import { firstError } from '../../lib/driver/error-classifier.js';
import { likePattern, translateRegExp } from '../../lib/query/regex.js';
import { array, call, returnStatement, value } from '../../lib/surrealql/nodes/index.js';
import { print } from '../../lib/surrealql/printer.js';

let db: Connection;
beforeAll(async () => {
  db = await connect('mem://', { namespace: 'test', database: 'regex' });
});
afterAll(() => db.close());

async function matches(pairs: readonly (readonly [text: string, pattern: string])[]): Promise<boolean[]> {
  const node = returnStatement(
    array(pairs.map(([text, pattern]) => call('string::matches', value(text), value(pattern)))),
  );
  const request = { ...print(node), access: 'read', purpose: 'raw' } as const;
  const results = await db.execute(request);
  const failure = firstError(results, request);
  if (failure !== undefined) throw failure;
  return results[0]?.ok === true ? (results[0].value as boolean[]) : [];
}

const TEXTS = [
  '',
  'a',
  'A',
  'ab',
  'aab',
  'abc',
  'b',
  'a.b',
  'a-b',
  'a_b',
  'a b',
  'a\nb',
  'a\r\nb',
  '\n',
  '\u2028',
  '1',
  '٣',
  'é',
  'É',
  'ß',
  '漢字',
  '😀',
  '[x]',
  '{x}',
  '^a$',
  'a&&b',
  'a~b',
  '(a)',
  'a|b',
  '\\',
  '/',
  '\t',
  '\0',
  '\x08',
  '\u00a0',
  '\ufeff',
  '-',
  '#',
  'x--y',
  'word word',
  'tab\there',
  '100%',
  'aaa',
];

const REGEXES: readonly RegExp[] = [
  /^a/,
  /b$/,
  /^a$/,
  /a.b/,
  /a.b/s,
  /^b/m,
  /a$/m,
  /A/i,
  /É/i,
  /\d/,
  /\D/,
  /\w/,
  /\W/,
  /^\w+$/,
  /\s/,
  /\S/,
  /\bword\b/,
  /\Bb/,
  /[\d_]/,
  /[^\d]/,
  /[\w-]/,
  /[a-c]/,
  /[-a]/,
  /[a-]/,
  /[\]]/,
  /[[]/,
  /[&&]/,
  /[~~]/,
  /[a&&b]/,
  /[--]/,
  /[^]/,
  /^[^]$/,
  /[]/,
  /\//,
  /\\/,
  /\./,
  /\t/,
  /\0/,
  /[\b]/,
  /\cJ/,
  /\x41/,
  /\u00e9/,
  /\u{1F600}/u,
  /^.$/u,
  /a{2,}/,
  /a{2}b?/,
  /(a)(b)/,
  /(?:ab)+/,
  /(?<first>a)b/,
  /a|b/,
  /a*?b/,
  /\-/,
  /#/,
  /\$$/,
  /\{x\}/,
  /[{}]/,
  /\p{L}/u,
  /\P{L}/u,
  /^\s*$/,
  /[\s]/,
  /[^\s]/,
];

test('a RegExp means on the server what it means here', async () => {
  // The server counts code points, and with the m flag its lines end at \n alone.
  const isSame = (regExp: RegExp, text: string): boolean =>
    (regExp.unicode || !text.includes('😀')) && !(regExp.multiline && text.includes('\r'));
  const pairs = REGEXES.flatMap((regExp) =>
    TEXTS.filter((text) => isSame(regExp, text)).map((text) => [regExp, text] as const),
  );
  const answers = await matches(pairs.map(([regExp, text]) => [text, translateRegExp(regExp, 'T.f.$regex')]));
  const wrong = pairs.flatMap(([regExp, text], index) =>
    answers[index] === regExp.test(text)
      ? []
      : [`${String(regExp)} on ${JSON.stringify(text)}: ${String(answers[index])}`],
  );
  expect(wrong).toEqual([]);
});

test.each([/(?=a)/, /(?!a)/, /(?<=a)b/, /(?<!a)b/, /(a)\1/, /(?<x>a)\k<x>/])('%s is refused', (regExp) => {
  expect(() => translateRegExp(regExp, 'T.f.$regex')).toThrow(/knows no/);
});

test('random classes and literals', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '[',
      ']',
      '^',
      '-',
      '&',
      '~',
      '\\d',
      '\\w',
      '\\s',
      '\\]',
      '\\-',
      'a',
      'b',
      '1',
      '.',
      '|',
      '(',
      ')',
      '\\/',
      '#',
      ' ',
    ),
    fc.constantFrom(...'a1_-[]&'),
  );
  const sources = fc.sample(
    fc.array(piece, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
    { numRuns: 1_500, seed: 5 },
  );
  const regexes = sources.flatMap((source) => {
    try {
      return /\(\?/.test(source) ? [] : [new RegExp(source)];
    } catch {
      return [];
    }
  });
  expect(regexes.length).toBeGreaterThan(300);
  const pairs = regexes.flatMap((regExp) => TEXTS.map((text) => [regExp, text] as const));
  const answers: boolean[] = [];
  for (let start = 0; start < pairs.length; start += 2_000) {
    answers.push(
      ...(await matches(
        pairs.slice(start, start + 2_000).map(([regExp, text]) => [text, translateRegExp(regExp, 'T.f')]),
      )),
    );
  }
  const wrong = pairs.flatMap(([regExp, text], index) =>
    answers[index] === regExp.test(text)
      ? []
      : [`${String(regExp)} on ${JSON.stringify(text)}: ${String(answers[index])}`],
  );
  expect(wrong).toEqual([]);
}, 60_000);

test('LIKE patterns', async () => {
  const cases: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
    ['a%', 'abc', true],
    ['a%', 'ba', false],
    ['%c', 'abc', true],
    ['%b%', 'abc', true],
    ['a_c', 'abc', true],
    ['a_c', 'ac', false],
    ['a_c', 'a\nc', true],
    ['%', '', true],
    ['', '', true],
    ['', 'a', false],
    ['_', '😀', true],
    ['_', 'é', true],
    ['100\\%', '100%', true],
    ['100\\%', '1000', false],
    ['a\\_b', 'a_b', true],
    ['a\\_b', 'axb', false],
    ['\\\\', '\\', true],
    ['a.c', 'abc', false],
    ['a.c', 'a.c', true],
    ['(a|b)', 'a', false],
    ['[a]', '[a]', true],
    ['a%z', 'a\n\nz', true],
    ['A%', 'abc', false],
    ['abc', 'abc\n', false],
    ['a\\', 'a\\', true],
    ['^a$', '^a$', true],
    ['{#&-~}', '{#&-~}', true],
  ];
  const answers = await matches(cases.map(([pattern, text]) => [text, likePattern(pattern, '')]));
  expect(cases.map(([pattern, text], index) => [pattern, text, answers[index]])).toEqual(cases);
  expect(
    await matches([
      ['ÄB', likePattern('äb', 'i')],
      ['ABC', likePattern('a_c', 'i')],
    ]),
  ).toEqual([true, true]);
});
