/** A stretch of SurrealQL that is no code: a string, a quoted identifier or a comment. */
export interface QuietSpan {
  readonly start: number;
  /** After its last character. */
  readonly end: number;
  readonly kind: 'quoted' | 'comment';
}

export interface ScannedText {
  readonly spans: readonly QuietSpan[];
  /**
   * False when the scan may have been misled: something does not end, a slash may open a regular expression (whose
   * quotes are no strings), a record string may hold code (`r"a:[(CREATE b)]"` does create), or a bracketed name
   * holds a backslash, which versions read differently.
   */
  readonly certain: boolean;
}

const OPENER = /--|\/\/|\/\*|#|'|"|`|⟨|\//g;

/** Line breaks of SurrealQL; ending a comment too early merely shows more words. */
// eslint-disable-next-line no-control-regex
const LINE_END = /[\n\r\x0b\x0c\x85\u2028\u2029]/g;

/** Finds what in a text is not code. */
export function scanText(text: string): ScannedText {
  const spans: QuietSpan[] = [];
  let certain = true;
  let at = 0;
  for (const match of text.matchAll(OPENER)) {
    const start = match.index;
    if (start < at) continue;
    const opener = match[0];
    if (opener === '/') {
      certain = false;
      continue;
    }
    const end = endOf(text, start, opener);
    if (end === -1 || isDoubtful(text, start, end, opener)) certain = false;
    at = end === -1 ? text.length : end;
    spans.push({ start, end: at, kind: isQuote(opener) ? 'quoted' : 'comment' });
  }
  return { spans, certain };
}

/** The text with its quiet spans blanked out: a quoted thing becomes `0`, for it stands where a value may. */
export function codeOf(text: string, spans: readonly QuietSpan[]): string {
  let code = '';
  let at = 0;
  for (const { start, end, kind } of spans) {
    code += text.slice(at, start) + (kind === 'quoted' ? ' 0 ' : ' ');
    at = end;
  }
  return code + text.slice(at);
}

/** The text with blanks where it is no code, so that everything else stays in its place. */
export function maskedText(text: string): string {
  let masked = '';
  let at = 0;
  for (const { start, end } of scanText(text).spans) {
    masked += text.slice(at, start) + ' '.repeat(end - start);
    at = end;
  }
  return masked + text.slice(at);
}

function isQuote(opener: string): boolean {
  return opener === "'" || opener === '"' || opener === '`' || opener === '⟨';
}

function isDoubtful(text: string, start: number, end: number, opener: string): boolean {
  if (opener === '⟨') return text.slice(start, end).includes('\\');
  if (opener !== "'" && opener !== '"') return false;
  const before = text[start - 1];
  return (before === 'r' || before === 'R') && !/^[\w:-]*$/.test(text.slice(start + 1, end - 1));
}

/** The index after what opens at `start`; -1 when it does not end. */
function endOf(text: string, start: number, opener: string): number {
  switch (opener) {
    case '/*':
      return after(text, '*/', start + 2);
    case '⟨':
      return after(text, '⟩', start + 1);
    case "'":
    case '"':
    case '`':
      return endOfQuoted(text, start + 1, opener);
    default: {
      LINE_END.lastIndex = start;
      const found = LINE_END.exec(text);
      return found === null ? text.length : found.index;
    }
  }
}

function after(text: string, closer: string, from: number): number {
  const found = text.indexOf(closer, from);
  return found === -1 ? -1 : found + closer.length;
}

function endOfQuoted(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === quote) return at + 1;
  }
  return -1;
}
