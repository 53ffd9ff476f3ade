import type { EntityMetadata, IndexMetadata } from '../metadata/entity-metadata.js';
import type { BinaryOperator, Expression } from '../surrealql/nodes/index.js';
import { isAbsent } from '../values/index.js';
import { describeColumn } from './indexed-column.js';
import type { QueryContext } from './query-context.js';
import { termsOf } from './terms.js';

/**
 * Which indexes a read may use. SurrealDB 3.0.2 answers wrongly through some, without an error (each seen on the engine
 * against a scan of the same rows):
 * - a range on a column that is not the last of its index takes the boundary wrongly (`x > 7` finds 7, `x <= 7` loses 7);
 * - a unique index over several columns lacks the rows in which one of them is missing, and is used all the same;
 * - a unique index finds nothing for `= NONE`, and sorted by it rows that lack the column are lost;
 * - an index on a list finds nothing for `= [..]`, and rows twice for a range;
 * - a range with both bounds on a unique index finds its upper bound even where that is less than the lower one;
 * - datetimes are sorted as text, so a range gets wrong what lies within one second (but see `widenDates`).
 * So every filtered read names the indexes that are right for it, or none (`WITH NOINDEX`): a name that the database does
 * not have, and an index that the entity does not declare, only cost time.
 */
export function safeIndexes(
  meta: EntityMetadata,
  where: Expression,
  query: QueryContext,
  sorted: ReadonlySet<string> = NOTHING,
): readonly string[] | undefined {
  const indexes = query.indexes === undefined ? meta.indexes : query.indexes(meta);
  const usage = usageOf(where);
  if (usage.search) {
    const search = indexes.filter((index) => index.fulltext !== undefined || index.vector !== undefined);
    // Full text and vectors find nothing without their index; where none is known the server must choose.
    return search.length === 0 ? undefined : search.map((index) => index.name);
  }
  const shown =
    meta.softDelete === undefined ? indexes : indexes.filter((index) => holdsShown(meta, index, where, usage));
  return shown.filter((index) => isSafe(meta, index, usage, sorted)).map((index) => index.name);
}

/**
 * A unique index of a table with soft delete holds live records only, and a hidden column behind its own: it is right where
 * only live records are asked for, and none of its columns by a range.
 */
function holdsShown({ softDelete }: EntityMetadata, index: IndexMetadata, where: Expression, usage: Usage): boolean {
  if (index.unique !== true) return true;
  const isLive = termsOf(where).some(
    (term) =>
      term.kind === 'Binary' &&
      term.operator === '=' &&
      term.left.kind === 'Path' &&
      term.left.base === undefined &&
      term.left.parts.length === 1 &&
      term.left.parts[0] === softDelete?.column &&
      mayBeMissing(term.right) &&
      term.right.kind === 'Value',
  );
  return (
    isLive &&
    index.columns.every((name) => {
      const use = usage.columns.get(name);
      return use === undefined || !(use.above || use.below);
    })
  );
}

const NOTHING: ReadonlySet<string> = new Set();

interface ColumnUse {
  equal: boolean;
  missing: boolean;
  above: boolean;
  below: boolean;
}

interface Usage {
  readonly columns: Map<string, ColumnUse>;
  /** User text whose conditions are not known. */
  opaque: boolean;
  search: boolean;
}

function usageOf(where: Expression): Usage {
  const usage: Usage = { columns: new Map(), opaque: false, search: false };
  collect(where, usage);
  return usage;
}

function collect(node: Expression, usage: Usage): void {
  switch (node.kind) {
    case 'Junction':
      for (const term of node.terms) collect(term, usage);
      return;
    case 'Binary':
      if (node.operator === '@@') usage.search = true;
      else note(node.left, node.operator, node.right, usage);
      return;
    case 'Knn':
      usage.search = true;
      return;
    case 'Fragment':
      usage.opaque = true;
      if (node.strings.some((text) => /@\w*@|@\d+,|<\|/.test(text))) usage.search = true;
      return;
    default:
  }
}

const ABOVE: ReadonlySet<BinaryOperator> = new Set(['>', '>=']);
const BELOW: ReadonlySet<BinaryOperator> = new Set(['<', '<=']);
const EQUALITIES: ReadonlySet<BinaryOperator> = new Set(['=', 'IN', 'CONTAINS', 'CONTAINSANY', 'CONTAINSALL']);

function note(left: Expression, operator: BinaryOperator, right: Expression, usage: Usage): void {
  if (left.kind !== 'Path' || left.base !== undefined) return;
  const column = left.parts.map((part) => (typeof part === 'symbol' ? '*' : String(part))).join('.');
  const use = usage.columns.get(column) ?? { equal: false, missing: false, above: false, below: false };
  usage.columns.set(column, use);
  if (ABOVE.has(operator)) use.above = true;
  if (BELOW.has(operator)) use.below = true;
  if (!EQUALITIES.has(operator)) return;
  use.equal = true;
  if (mayBeMissing(right)) use.missing = true;
}

function mayBeMissing(node: Expression): boolean {
  if (node.kind !== 'Value') return true;
  const values: readonly unknown[] = Array.isArray(node.value) ? node.value : [node.value];
  return values.some((value) => value === null || isAbsent(value));
}

function isSafe(meta: EntityMetadata, index: IndexMetadata, usage: Usage, sorted: ReadonlySet<string>): boolean {
  if (index.fulltext !== undefined || index.vector !== undefined || index.count === true || index.columns.length === 0)
    return false;
  const columns = index.columns.map((name) => describeColumn(meta, name));
  // Kept through a hidden column of its own.
  if (index.where !== undefined || index.nullsDistinct === false) return false;
  if (columns.some((column) => !column.indexable)) return false;
  const isSeveral = columns.length > 1;
  const unique = index.unique === true;
  if (unique && isSeveral && columns.some((column) => column.mayLack)) return false;
  if (unique && columns.some((column) => column.mayLack && sorted.has(column.name))) return false;
  if (usage.opaque)
    return !isSeveral && !columns.some((column) => column.datetime || column.each || (unique && column.mayLack));
  const [first] = columns;
  const uses = columns.map((column) => usage.columns.get(column.name));
  if (first === undefined || uses[0] === undefined || !(uses[0].equal || uses[0].above || uses[0].below)) return false;
  return columns.every((column, at) => {
    const use = uses[at];
    if (use === undefined) return true;
    const isRange = use.above || use.below;
    if (isRange && (at < columns.length - 1 || column.datetime || column.each)) return false;
    if (unique && use.above && use.below) return false;
    return !(unique && column.mayLack && use.missing);
  });
}
