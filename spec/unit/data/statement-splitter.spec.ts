import fc from '../../support/property';
import { StatementSplitter } from '../../../lib/data/statement-splitter.js';
import { splitStatements } from '../../../lib/driver/split-statements.js';

function split(parts: readonly string[]) {
  const splitter = new StatementSplitter();
  return [...parts.flatMap((part) => splitter.push(part)), ...splitter.end()];
}

describe('StatementSplitter', () => {
  it('gives statements with their lines, comments and blanks left out', () => {
    expect(
      split([
        `-- head; of it\nDEFINE TABLE a;\n\n  /* ; */ INSERT INTO a [{ t: '; "' }, { n: { m: 1 } }];# end\nRETURN 1`,
      ]),
    ).toEqual([
      { text: 'DEFINE TABLE a', line: 2, objects: 0 },
      { text: `INSERT INTO a [{ t: '; "' }, { n: { m: 1 } }]`, line: 4, objects: 2 },
      { text: 'RETURN 1', line: 5, objects: 0 },
    ]);
  });

  it.each([
    [`DEFINE FUNCTION fn::a() { LET $x = 1; RETURN $x; }`],
    ['CREATE `a;b` SET t = "\\";"'],
    ['CREATE a SET t = ⟨x;y⟩'],
    ['RETURN 4 / 2 - 1'],
    ["RETURN 'it\\'s; so'"],
  ])('%s is one statement', (text) => {
    expect(split([`${text};`]).map((each) => each.text)).toEqual([text]);
  });

  const pieces = fc.array(
    fc.constantFrom(
      ';',
      "'",
      '"',
      '`',
      '\\',
      '-',
      '--',
      '/',
      '/*',
      '*/',
      '#',
      '\n',
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      'a',
      ' ',
      '⟨',
      '⟩',
    ),
    { maxLength: 30 },
  );

  it('finds the same however the text is cut', () => {
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(6), { minLength: 1, maxLength: 10 }), (marks, cuts) => {
        const text = marks.join('');
        const parts: string[] = [];
        for (let at = 0, cut = 0; at < text.length; cut += 1) {
          const size = (cuts[cut % cuts.length] as number) + 1;
          parts.push(text.slice(at, at + size));
          at += size;
        }
        expect(split(parts)).toEqual(split([text]));
      }),
      { numRuns: 2_000 },
    );
  });

  it('agrees with what reads a whole script', () => {
    const statements = fc.array(
      fc.constantFrom("CREATE a SET t = 'x;y'", 'RETURN { a: 1; }', 'LET $a = [1, 2]', 'SELECT * FROM `b;`', '-- c;'),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(statements, (all) => {
        const text = all.map((each) => `${each};\n`).join('');
        expect(split([text]).map((each) => each.text)).toEqual(splitStatements(text).map((each) => each.text));
      }),
    );
  });
});
