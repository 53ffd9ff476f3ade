import type { EntityMetadata } from '../metadata/entity-metadata.js';
import {
  call,
  closure,
  param,
  path,
  select,
  subquery,
  table,
  value,
  type Expression,
  type FragmentNode,
} from '../surrealql/nodes/index.js';
import { identityOf, RecordId } from '../values/index.js';
import { widenDates } from './date-ranges.js';
import { searchedRows } from './full-text-source.js';
import type { QueryContext } from './query-context.js';
import { recordsOf } from './records-of.js';
import { safeIndexes } from './safe-indexes.js';
import { allOf, termsOf } from './terms.js';
import { ofEach, scopeOf } from './visible.js';
import { buildWhere } from './where.js';

/** Where rows come from, and which of them: the FROM, WITH and WHERE of a select. */
export interface RowSource {
  readonly from: Expression;
  /** Names, none for NOINDEX, undefined where nothing has to be said. */
  readonly withIndex?: readonly string[];
  readonly where?: Expression;
  /** Ids in this order and no others; ORDER BY has no effect on such a list. */
  readonly isIdList: boolean;
  /** Rows may come in the order of an index. */
  readonly indexed: boolean;
  /** Sorted and cut already. */
  readonly done?: boolean;
  /** Rows as they were at a time. */
  readonly isPast?: boolean;
  /** Rows come in the order that is asked for. */
  readonly inOrder?: boolean;
}

export interface IndexChoice {
  readonly useIndex?: string | readonly string[];
  readonly noIndex?: boolean;
  readonly version?: Date;
}

/** The user's where and what filters ask for as one condition. A link may lead to rows of several entities. */
export function visibleWhere(
  meta: EntityMetadata,
  where: unknown,
  query: QueryContext,
  targets: readonly EntityMetadata[] = [meta],
): Expression | undefined {
  const asked =
    targets.length > 1 ? ofEach(targets, (target) => buildWhere(target, where, query)) : buildWhere(meta, where, query);
  const scope = scopeOf(targets, query);
  return allOf([asked, scope].flatMap((each) => (each === undefined || isAlways(each) ? [] : [each])));
}

/** True for a condition that every row meets by its form alone, such as `{}` and `{ $or: [{}] }`. */
export function isAlways(where: Expression): boolean {
  if (where.kind === 'Not') return isNever(where.operand);
  if (where.kind !== 'Junction') return false;
  return where.operator === 'AND' ? where.terms.every(isAlways) : where.terms.some(isAlways);
}

function isNever(where: Expression): boolean {
  if (where.kind === 'Not') return isAlways(where.operand);
  if (where.kind !== 'Junction') return false;
  return where.operator === 'OR' ? where.terms.every(isNever) : where.terms.some(isNever);
}

/** The plain source of a condition: the named records where it names them, else the table. */
export function rowSource(
  meta: EntityMetadata,
  where: Expression | undefined,
  query: QueryContext,
  choice: IndexChoice,
  sorted?: ReadonlySet<string>,
): RowSource {
  const { ids, rest } = splitIds(meta, where);
  if (ids !== undefined) {
    const list = recordsOf(ids, query);
    if (query.ownWrites === true)
      return { from: list, isIdList: false, indexed: false, ...(rest !== undefined && { where: rest }) };
    if (rest === undefined) return { from: list, isIdList: true, indexed: false };
    return { from: subquery(select({ from: [list] })), where: rest, isIdList: false, indexed: false };
  }
  if (where === undefined) return tableSource(meta, undefined, chosen(choice));
  // An index would find the transaction's own writes without their id.
  if (query.ownWrites === true || choice.noIndex === true) return tableSource(meta, where, []);
  const searched = searchedRows(meta, where, query, chosen(choice));
  if (searched !== undefined) return tableSource(meta, searched.where, searched.indexes);
  const safe = safeIndexes(meta, where, query, sorted);
  const dates = safe === undefined ? undefined : widenDates(meta, where, query);
  const right = dates === undefined ? safe : [...(safe ?? []), ...dates.indexes];
  return tableSource(meta, dates?.where ?? where, wanted(meta, right, choice));
}

/** Of the indexes that are asked for those that answer rightly; what an index is that no class declares, its user knows. */
function wanted(
  { indexes }: EntityMetadata,
  right: readonly string[] | undefined,
  choice: IndexChoice,
): readonly string[] | undefined {
  const names = chosen(choice);
  if (names === undefined || right === undefined) return names ?? right;
  return names.filter((name) => right.includes(name) || !indexes.some((index) => index.name === name));
}

function tableSource(
  meta: EntityMetadata,
  where: Expression | undefined,
  withIndex: readonly string[] | undefined,
): RowSource {
  return {
    from: table(meta.table),
    isIdList: false,
    indexed: where !== undefined && withIndex?.length !== 0,
    ...(withIndex !== undefined && { withIndex }),
    ...(where !== undefined && { where }),
  };
}

function chosen({ useIndex, noIndex }: IndexChoice): readonly string[] | undefined {
  if (noIndex === true) return [];
  return typeof useIndex === 'string' ? [useIndex] : useIndex;
}

/** `id = …` and `id IN …` as a list to read from: as a condition the server would scan the table for it. */
function splitIds(
  meta: EntityMetadata,
  where: Expression | undefined,
): { readonly ids?: Expression; readonly rest?: Expression } {
  const terms = termsOf(where);
  const lists = terms.map((term) => idsOf(meta, term));
  const at = lists.findIndex((list) => list !== undefined);
  const ids = lists[at];
  if (ids === undefined) return {};
  const rest = allOf(terms.filter((_, index) => index !== at));
  return { ids, ...(rest !== undefined && { rest }) };
}

function idsOf(meta: EntityMetadata, term: Expression): Expression | undefined {
  if (term.kind !== 'Binary' || !isIdPath(term.left)) return undefined;
  if (term.operator !== '=' && term.operator !== 'IN') return undefined;
  if (term.right.kind === 'Fragment') return idsOfQuery(meta, term.right, term.operator);
  if (term.right.kind !== 'Value') return undefined;
  const values = term.operator === '=' ? [term.right.value] : term.right.value;
  if (!Array.isArray(values) || !values.every((each) => RecordId.is(each))) return undefined;
  return value([...new Map((values as RecordId[]).map((id) => [identityOf(id), id])).values()]);
}

/** What a query of its own finds may name records of other tables, one record twice, and none. */
function idsOfQuery(meta: EntityMetadata, { strings, values }: FragmentNode, operator: string): Expression | undefined {
  const [list] = values;
  if (operator !== 'IN' || values.length !== 1 || list?.kind !== 'Apart' || strings.some((text) => text !== ''))
    return undefined;
  const isOwn = call('type::is_record', param('each'), value(meta.table));
  return call('array::distinct', call('array::filter', list, closure(['each'], isOwn)));
}

function isIdPath(node: Expression): boolean {
  return node.kind === 'Path' && node.base === undefined && node.parts.length === 1 && node.parts[0] === 'id';
}

export const ID = path('id');
