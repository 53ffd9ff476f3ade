import fc from '../../support/property';
import { cut, harmless, padded, widthOf, wrapped } from '../../../lib/cli/display-text.js';
import { showResult } from '../../../lib/cli/query/show-result.js';
import { fitColumns, renderColumns, renderTable } from '../../../lib/cli/table.js';
import { RecordId } from '../../../lib/values/index.js';

const ESCAPE = String.fromCharCode(27);
const STATEMENT = 'DEFINE FIELD publisherName ON TABLE book TYPE option<string> DEFAULT NONE PERMISSIONS FULL';
const WORDS = ['DEFINE', 'option<string>', '漢字かな', 'naïve', 'e\u0301e\u0301', '😀', '👩‍👩‍👧', 'a', '`⟨odd name⟩`'];
const texts = fc.array(fc.constantFrom(...WORDS), { maxLength: 25 }).map((words) => words.join(' '));
const linesOf = (table: string) => table.split('\n');

describe('wrapping', () => {
  it.each([
    ['between words', 'DEFINE FIELD a ON b', 12, ['DEFINE FIELD', 'a ON b']],
    ['a word that is wider than the column', 'x abcdefghij y', 4, ['x', 'abcd', 'efgh', 'ij y']],
    ['a long name where it has parts', '001_add_slugs_to', 10, ['001_add_', 'slugs_to']],
    ['what fits stays as it is', 'two  spaces', 11, ['two  spaces']],
    ['lines of its own', 'a b\nc', 1, ['a', 'b', 'c']],
    ['wide characters count twice', '漢字 漢字', 5, ['漢字', '漢字']],
    ['and are not broken', '漢字', 3, ['漢', '字']],
    ['marks count nothing', 'e\u0301e\u0301 e\u0301', 2, ['e\u0301e\u0301', 'e\u0301']],
    ['what is one character stays one', '👩‍👩‍👧👩‍👩‍👧', 3, ['👩‍👩‍👧', '👩‍👩‍👧']],
    ['a character wider than the column', '漢', 1, ['漢']],
    ['spaces at the break are dropped', 'ab   cd', 3, ['ab', 'cd']],
    ['nothing', '', 5, ['']],
  ])('%s', (_title, text, width, lines) => expect(linesOf(wrapped(text, width))).toEqual(lines));

  it('any text: no line is too wide, no word that fits is broken, nothing is lost', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 40 }), (text, width) => {
        const lines = linesOf(wrapped(text, width));
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        const whole = lines.flatMap((line) => line.split(' '));
        for (const word of text.split(' ')) if (widthOf(word) <= width) expect(whole).toContain(word);
      }),
    );
  });
});

describe('a table', () => {
  it.each([40, 60, 80, 120, 200])('fits %i columns, whatever is in it', (width) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(texts, texts, texts), { minLength: 1, maxLength: 5 }), (rows) => {
        for (const line of linesOf(renderTable(['risk', 'table', 'statement'], rows, { width })))
          expect(widthOf(line)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 30 },
    );
  });

  it('breaks a statement between its words, in the last column, before the others give way', () => {
    const table = renderTable(['risk', 'table', 'statement'], [['additive', 'book', STATEMENT]], { width: 60 });
    expect(table).toContain('additive │ book  │');
    const shown = linesOf(table).flatMap((line) => line.split('│').at(-2)?.trim().split(' ') ?? []);
    for (const word of STATEMENT.split(' ')) expect(shown).toContain(word);
  });

  it('has borders that stand below each other where characters are wide', () => {
    const rows = [
      ['漢字', 'x'],
      ['é', '😀'],
      ['e\u0301', 'longer'],
    ];
    const widths = linesOf(renderTable(['a', 'b'], rows, { width: 80 })).map(widthOf);
    expect(new Set(widths).size).toBe(1);
  });

  it('of given widths is cut, by columns and not by code units', () => {
    expect(cut('漢字漢字', 5)).toBe('漢字…');
    expect(cut('a\n b', 9)).toBe('a b');
    expect(padded('漢', 4)).toBe('漢  ');
    const rows = [
      ['name', 'text'],
      ['漢字漢字漢字漢字漢字', 'x'.repeat(100)],
    ];
    const widths = fitColumns(rows, 40);
    for (const line of linesOf(renderColumns(['name', 'text'], rows, widths ?? [])))
      expect(widthOf(line)).toBeLessThanOrEqual(40);
    expect(fitColumns([Array.from({ length: 9 }, () => 'a long text')], 60)).toBeUndefined();
  });
});

describe('what a database holds', () => {
  const hostile = `${ESCAPE}[2J${ESCAPE}]0;title\u0007 \u009b31m \u007f\r`;

  it('is no command to the terminal', () => {
    expect(harmless(hostile)).toBe('␛[2J␛]0;title␇ \ufffd31m ␡␍');
    expect(harmless('a\tb\nc')).toBe('a\tb\nc');
    const controls = new RegExp(`[${ESCAPE}\u0007\u009b\u007f\r]`);
    for (const shown of [
      showResult([{ id: new RecordId('t', hostile), text: hostile }], 200),
      showResult([{ a: hostile, b: hostile, c: hostile, d: hostile, e: hostile, f: hostile, g: hostile }], 30),
      showResult(`${hostile}\n${hostile}`, 80),
    ])
      expect(shown.replace(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')).not.toMatch(controls);
  });

  it('goes through a pipe as it is', () => {
    expect(showResult(`${hostile}\nx`, 0)).toBe(`${hostile}\nx`);
  });
});
