export type StatementAccess = 'read' | 'write';

/** Words that start, or belong to, a statement that changes data, schema, grants or live registrations. */
const WRITE_WORDS: ReadonlySet<string> = new Set([
  'ACCESS',
  'ALTER',
  'ANALYZE',
  'CREATE',
  'DEFINE',
  'DELETE',
  'FUNCTION',
  'INSERT',
  'KILL',
  'LIVE',
  'OPTION',
  'REBUILD',
  'RELATE',
  'REMOVE',
  'UPDATE',
  'UPSERT',
  'USE',
]);

/** Words a reading statement may start with. A transaction's brackets read or write as what stands between them does. */
const READ_STARTS: ReadonlySet<string> = new Set([
  'BEGIN',
  'BREAK',
  'CANCEL',
  'COMMIT',
  'CONTINUE',
  'EXPLAIN',
  'FALSE',
  'FOR',
  'IF',
  'INFO',
  'LET',
  'NONE',
  'NULL',
  'RETURN',
  'SELECT',
  'SHOW',
  'SLEEP',
  'THROW',
  'TRUE',
]);

/** Function families that cannot write. `fn`, `sequence`, `api`, `mod`, `file` and whatever is new are not among them. */
const READ_FAMILIES: ReadonlySet<string> = new Set(
  (
    'ARRAY BYTES CRYPTO DURATION ENCODING GEO HTTP MATH META ML NOT OBJECT PARSE RAND RECORD SEARCH SESSION SET STRING ' +
    'TIME TYPE VALUE VECTOR'
  ).split(' '),
);

/**
 * Tells whether a SurrealQL text may write. It only ever errs towards `'write'`: words in strings, quoted identifiers and
 * comments do not count, and whatever is not surely a read is a write (a custom function, an unknown start, a text
 * that cannot be scanned with certainty).
 *
 * ```ts
 * accessOf('SELECT * FROM user')              // 'read'
 * accessOf('RETURN fn::bump(user:1)')         // 'write'
 * ```
 */
export function accessOf(text: string): StatementAccess {
  const scanned = codeOf(text);
  if (scanned === undefined) return 'write';
  // A lone slash may open a regular expression, whose quotes would mislead the scan: then every word counts.
  const code = /\//.test(scanned) ? text.replace(/\//g, ' / ') : scanned;
  return hasWrite(code) ? 'write' : 'read';
}

function hasWrite(code: string): boolean {
  let atStart = true;
  for (const match of code.matchAll(TOKEN)) {
    const [token, word, family] = match;
    if (token === ';') {
      atStart = true;
      continue;
    }
    if (word !== undefined) {
      const upper = word.toUpperCase();
      if (WRITE_WORDS.has(upper)) return true;
      if (family !== undefined && !READ_FAMILIES.has(upper)) return true;
      if (atStart && family === undefined && !/^\d/.test(word) && !READ_STARTS.has(upper)) return true;
    } else if (/^\$\w+\s*\($/.test(token)) {
      return true; // a closure held by a parameter: what it does cannot be seen here
    }
    atStart = false;
  }
  return false;
}

/** A called parameter, a parameter, a word (with the `::` after it), a statement's end, or any other visible character. */
const TOKEN = /\$\w+\s*\(|\$\w+|(\w+)(\s*::)?|;|\S/g;

/** Line breaks of SurrealQL; ending a comment too early merely shows more words. */
// eslint-disable-next-line no-control-regex
const LINE_END = /[\n\r\x0b\x0c\x85\u2028\u2029]/g;

/** The text with strings, quoted identifiers and comments blanked out; undefined when one of them does not end. */
function codeOf(text: string): string | undefined {
  let code = '';
  let at = 0;
  for (const match of text.matchAll(OPENER)) {
    if (match.index < at) continue;
    const end = endOf(text, match.index, match[0]);
    if (end === undefined) return undefined;
    code += text.slice(at, match.index) + blankFor(match[0]);
    at = end;
  }
  return code + text.slice(at);
}

const OPENER = /--|\/\/|\/\*|#|'|"|`|⟨/g;

/** A quoted thing stands for a value, so that `'x' = …` starts with one; a comment is mere space. */
function blankFor(opener: string): string {
  return opener === "'" || opener === '"' || opener === '`' || opener === '⟨' ? ' 0 ' : ' ';
}

function endOf(text: string, start: number, opener: string): number | undefined {
  switch (opener) {
    case '/*':
      return after(text, '*/', start + 2);
    case '⟨':
      return endOfBracket(text, start + 1);
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

function after(text: string, closer: string, from: number): number | undefined {
  const found = text.indexOf(closer, from);
  return found === -1 ? undefined : found + closer.length;
}

/** Versions differ in how they read a backslash between ⟨ and ⟩, so such a name counts as unreadable. */
function endOfBracket(text: string, from: number): number | undefined {
  const end = after(text, '⟩', from);
  return end === undefined || text.slice(from, end).includes('\\') ? undefined : end;
}

function endOfQuoted(text: string, from: number, quote: string): number | undefined {
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === quote) return at + 1;
  }
  return undefined;
}
