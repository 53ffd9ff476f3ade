import stringWidth from 'string-width';

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const ESCAPE = String.fromCharCode(27);
const COLOUR = new RegExp(`${ESCAPE}\\[\\d+m`, 'g');
/** What a terminal would obey. */
const CONTROLS = new RegExp(`[${['\\u0000-\\u0008', '\\u000b-\\u001f', '\\u007f-\\u009f'].join('')}]`, 'g');

/** The columns that a line takes on a terminal: two for wide characters and emoji, none for combining marks and colours. */
export const widthOf = (text: string): number => stringWidth(text);

/** The columns of the widest line. */
export const widest = (text: string): number => Math.max(...text.split('\n').map(widthOf));

/** Without colours. */
export const plainText = (text: string): string => text.replace(COLOUR, '');

/** What a database holds is no command to the terminal: control characters but tab and line feed are shown as pictures of themselves. */
export const harmless = (text: string): string =>
  text.replace(CONTROLS, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\ufffd';
  });

/** With spaces up to a width. */
export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** As one line, its end left out where it does not fit. */
export function cut(text: string, width: number): string {
  const line = text.replace(/\s+/g, ' ');
  if (widthOf(line) <= width) return line;
  return `${fitting(plainText(line), Math.max(1, width - 1))}…`;
}

/** Over several lines, between words; a word is broken only where it is wider than a line. A line that is broken loses its colour. */
export function wrapped(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => (widthOf(line) <= width ? [line] : wrappedLine(plainText(line), width)))
    .join('\n');
}

function wrappedLine(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\s)(?=\S)/)) {
    if (widthOf((line + word).trimEnd()) <= width) {
      line += word;
      continue;
    }
    if (line !== '') lines.push(line.trimEnd());
    line = word;
    while (widthOf(line.trimEnd()) > width) {
      const start = parting(fitting(line, width));
      lines.push(start);
      line = line.slice(start.length);
    }
  }
  return line === '' ? lines : [...lines, line.trimEnd()];
}

/** Up to the last of what parts a long name, such as `_`, unless little would be left. */
function parting(start: string): string {
  const end = Math.max(...[...'_-/.,:;'].map((each) => start.lastIndexOf(each))) + 1;
  return end > start.length / 2 ? start.slice(0, end) : start;
}

/** As much of the beginning as fits, at least one character, and none in part. */
function fitting(text: string, width: number): string {
  let end = 0;
  let used = 0;
  for (const { segment, index } of GRAPHEMES.segment(text)) {
    used += widthOf(segment);
    if (used > width && end > 0) break;
    end = index + segment.length;
    if (used > width) break;
  }
  return text.slice(0, end);
}
