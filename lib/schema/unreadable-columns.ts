import { MetadataError } from '../errors/index.js';
import type { WantedTable } from './wanted.js';

/** Words that the server takes for the start of a statement or for a constant when it reads its own definitions. */
const WORDS: ReadonlySet<string> = new Set([
  'alter',
  'break',
  'continue',
  'create',
  'define',
  'delete',
  'explain',
  'false',
  'for',
  'function',
  'if',
  'info',
  'insert',
  'let',
  'none',
  'null',
  'rebuild',
  'relate',
  'remove',
  'return',
  'select',
  'sleep',
  'throw',
  'true',
  'update',
  'upsert',
]);

/**
 * Refuses columns that would ruin their table. SurrealDB 3.0 stores the path of a field, or of an index's column, without
 * quotes; with one of these words at its beginning it cannot read the definition back, and neither the table's records nor its
 * schema can be reached again, not even to remove them.
 *
 * @throws MetadataError with every such column
 */
export function refuseUnreadableColumns(tables: readonly WantedTable[]): void {
  const columns = tables.flatMap(({ name, fields, indexes }) => {
    const paths = [...fields.map(({ node }) => node.path), ...indexes.flatMap((index) => index.columns)];
    const firsts = paths.flatMap(([first]) =>
      typeof first === 'string' && WORDS.has(first.toLowerCase()) ? [first] : [],
    );
    return [...new Set(firsts)].map((column) => `${name}.${column}`);
  });
  if (columns.length === 0) return;
  throw new MetadataError({
    what: `SurrealDB cannot keep a column of this name: ${columns.join(', ')}`,
    why: 'the server could not read its own definition back, and the whole table would be lost to it',
    fix: "give the column another name: @Field('string', { name: 'selected' }) select!: string",
    problems: columns.map((column) => `${column} is a word of SurrealQL that no column may be called`),
  });
}
