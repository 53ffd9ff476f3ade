const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The server quotes a name of nothing but underscores and digits. */
const PLAIN_TABLE = /^_*[A-Za-z][A-Za-z0-9_]*$|^_[0-9_]*[A-Za-z][A-Za-z0-9_]*$/;

/**
 * Words that are no plain name somewhere in SurrealQL: at the start of an expression, as a record's table, after FROM,
 * ORDER BY or SPLIT, as an INSERT column. Quoting is right everywhere, so one list serves every place.
 */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'access alter begin break cancel commit continue create define delete explain false for function if info infinity insert ' +
    'kill let live nan none null on only option rand rebuild relate remove return select show sleep throw true update upsert use value'
  ).split(' '),
);

/** The words among them that a record's table cannot be without quotes. */
const RESERVED_TABLES: ReadonlySet<string> = new Set(
  (
    'alter break continue create define delete explain false for from function if infinity info insert let nan none null only rebuild ' +
    'relate remove return select sleep throw true update upsert value'
  ).split(' '),
);

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '`': '\\`',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\0': '\\0',
  '\b': '\\u{8}',
  '\f': '\\f',
};

/** Letters, digits and underscores, no digit first: what can do without backticks, unless it is a word of SurrealQL. */
export function isPlainName(name: string): boolean {
  return PLAIN.test(name);
}

/**
 * A name as SurrealQL reads it: bare where that is right, in backticks otherwise (angle brackets cannot hold every name).
 *
 * ```ts
 * quoteIdentifier('user');       // user
 * quoteIdentifier('user-group'); // `user-group`
 * ```
 */
export function quoteIdentifier(name: string): string {
  return isPlainName(name) && !RESERVED.has(name.toLowerCase()) ? name : quoted(name);
}

/** A table's name before the colon of a record id, where fewer words need quotes. */
export function quoteTable(name: string): string {
  return PLAIN_TABLE.test(name) && !RESERVED_TABLES.has(name.toLowerCase()) ? name : quoted(name);
}

/** The name in backticks, whatever it is. */
export function quoted(name: string): string {
  return `\`${name.replace(/[\\`\n\t\r\0\b\f]/g, (character) => ESCAPES[character] as string)}\``;
}
