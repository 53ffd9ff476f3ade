import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { select, subquery, type Expression } from '../surrealql/nodes/index.js';
import type { QueryContext } from './query-context.js';
import { rowSource, type IndexChoice, type RowSource } from './row-source.js';
import { allOf, termsOf } from './terms.js';

/** The columns that the server computes at every read. */
export function computedColumns(meta: EntityMetadata): ReadonlySet<string> {
  return new Set(meta.properties.flatMap((each) => (each.kind === 'computed' && !each.stored ? [each.column] : [])));
}

/** Conditions that an index may serve, and those that need the computed fields. */
export interface SplitWhere {
  readonly stored: Expression | undefined;
  readonly rest: Expression | undefined;
}

/** Text of the user may name anything, so it counts as computed. */
export function splitComputed(where: Expression | undefined, computed: ReadonlySet<string>): SplitWhere {
  const terms = termsOf(where);
  const touches = new Map(terms.map((term) => [term, mentions(term, computed)]));
  return {
    stored: allOf(terms.filter((term) => touches.get(term) !== true)),
    rest: allOf(terms.filter((term) => touches.get(term) === true)),
  };
}

/** Whether a computed column of the row stands somewhere in the expression. */
export function mentions(node: Expression, columns: ReadonlySet<string>): boolean {
  const any = (nodes: readonly Expression[]): boolean => nodes.some((each) => mentions(each, columns));
  switch (node.kind) {
    case 'Fragment':
    case 'Apart':
      return true;
    case 'Path':
      return node.base === undefined ? columns.has(String(node.parts[0])) : mentions(node.base, columns);
    case 'Binary':
      return any([node.left, node.right]);
    case 'Junction':
      return any(node.terms);
    case 'Not':
      return mentions(node.operand, columns);
    case 'Call':
      return any(node.args);
    case 'Array':
      return any(node.items);
    case 'Match':
      return mentions(node.text, columns) || mentions(node.query, columns);
    case 'Graph':
      return node.from !== undefined && mentions(node.from, columns);
    default:
      return false;
  }
}

/**
 * A read through an index loses COMPUTED fields (3.0.2). So the index finds the ids, and the rows are read from those;
 * what concerns computed fields is tested on the rows.
 */
export function computedSource(
  meta: EntityMetadata,
  where: SplitWhere,
  query: QueryContext,
  choice: IndexChoice,
): RowSource {
  const found = rowSource(meta, where.stored, query, choice);
  const ids = select({ value: { kind: 'Path', parts: ['id'] }, ...selectParts(found) });
  const rows = select({ from: [subquery(ids)] });
  return {
    from: subquery(rows),
    isIdList: false,
    indexed: true,
    ...(where.rest !== undefined && { where: where.rest }),
  };
}

/** The FROM, WITH and WHERE of a source as parts of a select. */
export function selectParts({ from, withIndex, where }: RowSource) {
  return { from: [from], ...(withIndex !== undefined && { withIndex }), ...(where !== undefined && { where }) };
}
