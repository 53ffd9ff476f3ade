import { RESERVED_PROPERTIES } from '../../metadata/rules/columns.js';

/** Names that a generated file imports or that JavaScript has itself: a class of that name gets another. */
const TAKEN = new Set(
  (
    'Access Analyzer Array Bytes Boolean Computed CreatedAt Date DateTime Decimal Duration Encrypted Error Event Field FileRef Filter ' +
    'FullText Function Geometry GeometryCollection Id In Index Line Link Links Map MultiLine MultiPoint MultiPolygon Number Object Opt ' +
    'Out Point Polygon Promise Proxy Range RecordId RegExp Relation Set SoftDelete String Symbol Table Uint8Array Unique UpdatedAt ' +
    'Uuid VectorField Version View WriteOnly'
  ).split(' '),
);

/** Whether a generated file may need this name for something else. */
export const isTaken = (name: string): boolean => TAKEN.has(name);

/**
 * The names of the classes of some tables: `users` → `User`, `has_player` → `HasPlayer`; no two are the same. Classes that are
 * there keep theirs.
 */
export function classNames(
  tables: readonly string[],
  known: ReadonlyMap<string, { readonly className: string }> = new Map(),
): ReadonlyMap<string, string> {
  const used = new Set([...known.values()].map(({ className }) => className));
  return new Map(
    tables.map((table) => {
      const given = known.get(table)?.className;
      if (given !== undefined) return [table, given];
      const plain = pascal(table);
      const candidates = [pascal(singular(table)), plain, `${plain}Entity`, ...numbered(`${plain}Entity`)];
      const name = candidates.find((each) => !used.has(each) && !TAKEN.has(each)) as string;
      used.add(name);
      return [table, name];
    }),
  );
}

function numbered(name: string): readonly string[] {
  return Array.from({ length: 1_000 }, (_, index) => `${name}${index + 2}`);
}

/** A name for a class: its words with capitals. */
export function pascal(text: string): string {
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return /^[\p{L}]/u.test(name) ? name : `T${name}`;
}

/** A property for a column: the column itself where it can be one. */
export function propertyName(column: string, used: ReadonlySet<string>): string {
  const words = column.split(/[^\p{L}\p{N}_$]+/u).filter((word) => word !== '');
  const joined = words
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
  const name = /^[\p{L}_$]/u.test(joined) ? joined : `_${joined}`;
  const free = name === 'id' || RESERVED_PROPERTIES.has(name) ? `${name}_` : name;
  return used.has(free) ? (numbered(free).find((each) => !used.has(each)) as string) : free;
}

/** `blog_post` → `blogPosts` */
export function pluralName(table: string): string {
  const name = camel(table);
  if (/s$/i.test(name)) return name;
  if (/[^aeiou]y$/i.test(name)) return name.replace(/y$/i, 'ies');
  return /(x|ch|sh)$/i.test(name) ? `${name}es` : `${name}s`;
}

/** A name for a member: its words, the first one small. */
export function camel(text: string): string {
  const name = pascal(text);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/**
 * The files of the classes of some tables: `has_player` → `has-player.entity`; no two are the same, not even where case does not
 * count. Classes that are there keep theirs.
 */
export function fileNames(
  tables: readonly string[],
  known: ReadonlyMap<string, { readonly file: string }> = new Map(),
): ReadonlyMap<string, string> {
  const used = new Set([...known.values()].map(({ file }) => file.toLowerCase()));
  return new Map(
    tables.map((table) => {
      const given = known.get(table)?.file;
      if (given !== undefined) return [table, given];
      const plain = dashed(table);
      const name = [plain, ...numbered(`${plain}-`)].find((each) => !used.has(`${each}.entity`)) as string;
      used.add(`${name}.entity`);
      return [table, `${name}.entity`];
    }),
  );
}

function dashed(table: string): string {
  const words = table.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return words.replace(/^-|-$/g, '') || 'table';
}

function singular(table: string): string {
  if (/(ss|us|is|news|series)$/i.test(table)) return table;
  if (/ies$/i.test(table)) return table.replace(/ies$/i, 'y');
  if (/(x|ch|sh|ss)es$/i.test(table)) return table.replace(/es$/i, '');
  return table.replace(/s$/i, '');
}
