import { removeDefinition, type DefineIndexNode, type RemoveNode } from '../surrealql/nodes/definitions.js';
import { and, binary, call, not, or, value } from '../surrealql/nodes/expressions.js';
import { equals } from '../values/equals.js';
import type { Change } from './change.js';
import { kindIs, someElement } from './conforms.js';
import { countDuplicates } from './count-duplicates.js';
import { countWhere } from './count-records.js';
import type { TableModel } from './model.js';
import { Renames } from './renames.js';
import { atPath } from './violation.js';
import type { WantedTable } from './wanted.js';

/**
 * What to define and remove so that the indexes of a live table become the wanted ones. A changed index is removed and made
 * anew, never overwritten: the server builds an index outside the transaction that defines it and under the old one's number,
 * so a transaction that failed afterwards would leave the old definition over the new one's entries. `analyzers` are those
 * that the same plan changes.
 */
export function diffIndexes(
  wanted: WantedTable,
  canonical: TableModel,
  live: TableModel,
  analyzers: ReadonlySet<string>,
): readonly Change[] {
  const renames = new Renames(wanted, live);
  const defined = wanted.indexes.flatMap((node): readonly Change[] => {
    const target = canonical.indexes.get(node.name);
    const current = live.indexes.get(node.name);
    // What a full text index holds was cut by the analyzer as it was, and is cut by the one that is committed.
    const late = node.variant.kind === 'fulltext' && analyzers.has(node.variant.analyzer);
    if (target === undefined || (current !== undefined && equals(target, current) && !late)) return [];
    const stored = { ...node, columns: node.columns.map((column) => renames.sourceOf(column)) };
    const base = { table: wanted.name, ...dangerOf(wanted, stored), ...(late && { late }) };
    if (current === undefined) return [{ ...base, kind: 'createIndex', definition: node, risk: 'additive' }];
    return [{ ...base, kind: 'alterIndex', removal: removalOf(wanted, node.name), definition: node, risk: 'rewrite' }];
  });
  const removed = [...live.indexes.values()]
    .filter((index) => !canonical.indexes.has(index.name))
    .map(({ name }): Change => ({
      kind: 'removeIndex',
      table: wanted.name,
      definition: removalOf(wanted, name),
      risk: 'destructive',
    }));
  return [...removed, ...defined];
}

function removalOf({ name: table }: WantedTable, name: string): RemoveNode {
  return removeDefinition({ object: 'INDEX', name, table, ifExists: true });
}

/** Records that an index would not take: equal values under a unique one, a vector of another length or of what is no number, or what is none. */
function dangerOf(wanted: WantedTable, node: DefineIndexNode): Pick<Change, 'danger'> {
  const { variant } = node;
  if (variant.kind === 'unique') return { danger: { count: countDuplicates(wanted, node), risk: 'narrowing' } };
  const [column] = node.columns;
  if ((variant.kind !== 'hnsw' && variant.kind !== 'diskann') || column === undefined) return {};
  const misfit = atPath(column, (subject, depth) =>
    and([
      not(kindIs(subject, ['none', 'null'])),
      or([
        not(kindIs(subject, ['array'])),
        not(binary(call('array::len', call('type::array', subject)), '=', value(variant.dimension))),
        someElement(call('type::array', subject), depth, (each) => not(kindIs(each, ['int', 'float', 'decimal']))),
      ]),
    ]),
  );
  return misfit === undefined ? {} : { danger: { count: countWhere(wanted.name, misfit), risk: 'narrowing' } };
}
