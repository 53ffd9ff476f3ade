import { codeOf, scanText } from './scan-text.js';

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
  const { spans, certain } = scanText(text);
  return hasWrite(certain ? codeOf(text, spans) : text) ? 'write' : 'read';
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
