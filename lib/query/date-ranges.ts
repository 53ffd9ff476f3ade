import type { EntityMetadata } from '../metadata/entity-metadata.js';
import {
  and,
  binary,
  not,
  value,
  type BinaryNode,
  type BinaryOperator,
  type Expression,
} from '../surrealql/nodes/index.js';
import { describeColumn } from './indexed-column.js';
import type { QueryContext } from './query-context.js';
import { termsOf } from './terms.js';

/** A condition rewritten so that an index on a datetime may serve it, and the names of such indexes. */
export interface WidenedDates {
  readonly where: Expression;
  readonly indexes: readonly string[];
}

/**
 * An index holds datetimes as text (3.0.2), in which `…:05.5Z` sorts before `…:05Z` and the year 10000 before all others. So the
 * index is given a range that is wider by whole seconds, where text and time agree, and the exact bound stands beside it in
 * a form that no index serves. A range without an upper bound would miss years after 9999: only the server's own timestamps,
 * which cannot lie there, are read so.
 */
export function widenDates(meta: EntityMetadata, where: Expression, query: QueryContext): WidenedDates | undefined {
  const terms = termsOf(where);
  const ranges = new Map<string, readonly Expression[]>();
  const indexes: string[] = [];
  for (const index of query.indexes === undefined ? meta.indexes : query.indexes(meta)) {
    const [name] = index.columns;
    if (name === undefined || index.columns.length !== 1 || index.unique === true || index.count === true) continue;
    if (index.fulltext !== undefined || index.vector !== undefined || index.where !== undefined) continue;
    const column = describeColumn(meta, name);
    if (!column.datetime || !column.indexable || column.each) continue;
    const widened = ranges.get(name) ?? widen(terms, name, isServerTime(meta, name));
    if (widened === undefined) continue;
    ranges.set(name, widened);
    indexes.push(index.name);
  }
  if (indexes.length === 0) return undefined;
  const kept = terms.filter((term) => ![...ranges.keys()].some((name) => isDateRange(term, name)));
  return { where: and([...kept, ...[...ranges.values()].flat()]), indexes };
}

type DateRange = BinaryNode & { readonly right: { readonly kind: 'Value'; readonly value: Date } };

const OPPOSITE: Readonly<Partial<Record<BinaryOperator, BinaryOperator>>> = {
  '>': '<=',
  '>=': '<',
  '<': '>=',
  '<=': '>',
};
/** Within these years text and time agree from second to second. */
const EARLIEST = Date.UTC(1000, 0, 1);
const LATEST = Date.UTC(9998, 0, 1);

function widen(terms: readonly Expression[], column: string, openEnd: boolean): readonly Expression[] | undefined {
  const ranges = terms.filter((term): term is DateRange => isDateRange(term, column));
  const lower = ranges.find(({ operator }) => operator.startsWith('>'));
  const upper = ranges.find(({ operator }) => operator.startsWith('<'));
  if (upper === undefined && (lower === undefined || !openEnd)) return undefined;
  const inRange = ({ right }: DateRange): boolean => right.value.getTime() > EARLIEST && right.value.getTime() < LATEST;
  if (!ranges.every(inRange)) return undefined;
  return [
    ...(lower === undefined ? [] : [binary(lower.left, '>=', value(wholeSecond(lower.right.value, -1)))]),
    ...(upper === undefined ? [] : [binary(upper.left, '<', value(wholeSecond(upper.right.value, 2)))]),
    ...ranges.map(({ left, operator, right }) => not(binary(left, OPPOSITE[operator] as BinaryOperator, right))),
  ];
}

function isDateRange(term: Expression, column: string): term is DateRange {
  if (term.kind !== 'Binary' || OPPOSITE[term.operator] === undefined) return false;
  const { left, right } = term;
  const isColumn = left.kind === 'Path' && left.base === undefined && left.parts.map(String).join('.') === column;
  return isColumn && right.kind === 'Value' && Object.prototype.toString.call(right.value) === '[object Date]';
}

function wholeSecond(at: Date, seconds: number): Date {
  return new Date((Math.floor(at.getTime() / 1_000) + seconds) * 1_000);
}

function isServerTime(meta: EntityMetadata, column: string): boolean {
  const property = meta.byColumn.get(column);
  return property?.kind === 'field' && (property.role === 'createdAt' || property.role === 'updatedAt');
}
