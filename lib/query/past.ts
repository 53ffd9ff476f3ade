import type { EntityMetadata, PropertyMetadata } from '../metadata/entity-metadata.js';
import { select, subquery, table, value, type Expression } from '../surrealql/nodes/index.js';
import { refused } from './query-errors.js';
import type { RowSource } from './row-source.js';

/**
 * Rows as they were. Indexes know the present only, a list of ids is read from the present whatever VERSION says (3.0.2), and so is
 * whatever a row leads to: the table is read, and a condition that goes further is refused.
 *
 * @param by what the rows are sorted by, or taken of them
 */
export function pastSource(
  meta: EntityMetadata,
  where: Expression | undefined,
  version: Date,
  by: readonly Expression[],
): RowSource {
  refuseFurther(meta, [...(where === undefined ? [] : [where]), ...by]);
  const rows = select({
    from: [table(meta.table)],
    withIndex: [],
    ...(where !== undefined && { where }),
    version: value(version),
  });
  return { from: subquery(rows), isIdList: false, indexed: false, isPast: true };
}

/** @throws ValidationError for an expression over a row of the past that goes to other records */
export function refuseFurther(meta: EntityMetadata, expressions: readonly Expression[]): void {
  if (leavesRow(meta, expressions)) throw presentOnly(meta, 'conditions, order and values');
}

/** @param part what would be read as it is now */
export function presentOnly({ className }: EntityMetadata, part: string): Error {
  return refused({
    path: 'version',
    what: `With \`version\`, ${part} of ${className} cannot go to other records`,
    why: 'the server reads those as they are now, not as they were',
    fix: [
      `read ${className} by its own fields, and the others in a read of their own with the same \`version\``,
      'em.query(surql`SELECT … VERSION …`) says it in your own words',
    ],
    rule: 'option',
  });
}

/** Along an edge or a reference, or through a link. */
function leavesRow(meta: EntityMetadata, node: unknown): boolean {
  if (Array.isArray(node)) return node.some((each) => leavesRow(meta, each));
  if (typeof node !== 'object' || node === null) return false;
  const { kind, base, parts } = node as { kind?: unknown; base?: unknown; parts?: readonly unknown[] };
  if (kind === 'Graph' || kind === 'Subquery') return true;
  // What is bound is data, and a query of its own reads what it says itself.
  if (kind === 'Value' || kind === 'Apart') return false;
  if (kind === 'Path' && base === undefined && throughLink(meta.properties, parts ?? [])) return true;
  return Object.values(node).some((each) => leavesRow(meta, each));
}

function throughLink(properties: readonly PropertyMetadata[], [first, ...rest]: readonly unknown[]): boolean {
  const names = rest.filter((part) => typeof part === 'string' && part !== '*');
  const property = properties.find((each) => 'column' in each && each.column === String(first));
  if (property === undefined || names.length === 0) return false;
  if (property.kind !== 'field') return property.kind !== 'computed';
  return property.embedded !== undefined && throughLink(property.embedded.fields, names);
}
