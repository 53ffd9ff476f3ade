import { ValidationError } from '../errors/index.js';
import { quoted, quoteIdentifier } from '../values/identifier.js';

const BARE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * A name of a table, field or index as SurrealQL text: bare where the lexer takes it, in backticks elsewhere.
 * Throws a ValidationError for an empty name and for text that is not valid Unicode.
 *
 * ```ts
 * escapeIdentifier('user');        // user
 * escapeIdentifier('my table');    // `my table`
 * escapeIdentifier('a`; REMOVE');  // `a\`; REMOVE`
 * ```
 * https://surrealdb.com/docs/surrealql/statements/define/table
 */
export function escapeIdentifier(name: string): string {
  assertName(name);
  return quoteIdentifier(name);
}

/** A name after `.`, `$`, `::` or `AS x.`, where no word is reserved but those that the lexer takes for numbers. */
export function escapeMember(name: string): string {
  if (BARE.test(name) && name !== 'NaN' && name !== 'Infinity') return name;
  assertName(name);
  return quoted(name);
}

/** A name with families before it: `string::len`, `billing::total`. */
export const qualifiedName = (name: string): string => name.split('::').map(escapeMember).join('::');

function assertName(name: string): void {
  if (typeof name !== 'string' || name === '') {
    throw new ValidationError({
      what: `${JSON.stringify(name)} is no name`,
      why: 'tables, fields, indexes and parameters need at least one character',
    });
  }
  assertUnicode(name);
}

/** Half of a surrogate pair cannot be carried by UTF-8: the server would read another text. */
export function assertUnicode(text: string): void {
  if (!LONE_SURROGATE.test(text)) return;
  throw new ValidationError({
    what: `${JSON.stringify(text)} is not valid Unicode`,
    why: 'it holds half of a surrogate pair, which UTF-8 cannot carry',
    fix: 'remove the character or replace it: text.toWellFormed()',
  });
}
