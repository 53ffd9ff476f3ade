import { defineAnalyzer, type DefineIndexNode } from '../surrealql/nodes/definitions.js';
import { equals } from '../values/equals.js';
import type { SchemaReading } from './canonicalise.js';
import type { Change } from './change.js';
import { diffEvents } from './diff-events.js';
import { diffFields } from './diff-fields.js';
import { diffIndexes } from './diff-indexes.js';
import { diffTable, isRemade } from './diff-tables.js';
import type { WantedSchema, WantedTable } from './wanted.js';

/**
 * The differences between the live and the wanted schema, both in the server's own words, table by table. What the wanted
 * schema does not speak of is no difference.
 */
export function diffSchemas(wanted: WantedSchema, reading: SchemaReading): readonly Change[] {
  const analyzers = diffAnalyzers(wanted, reading);
  const altered = new Set(analyzers.flatMap(({ kind, name }) => (kind === 'alterAnalyzer' ? [name] : [])));
  // What a full text index holds was cut by the analyzer as it was then.
  const isStale = (node: DefineIndexNode): boolean => node.variant.kind === 'fulltext' && altered.has(node.variant.analyzer);
  return [...analyzers.map((each) => each.change), ...wanted.tables.flatMap((table) => diffOne(table, reading, isStale))];
}

function diffOne(
  wanted: WantedTable,
  reading: SchemaReading,
  isStale: (node: DefineIndexNode) => boolean,
): readonly Change[] {
  const canonical = reading.wanted.tables.get(wanted.name);
  const live = reading.live.tables.get(wanted.name);
  if (canonical === undefined) return [];
  const created: Change = { kind: 'createTable', table: wanted.name, definition: wanted.table, risk: 'additive' };
  if (live === undefined) return [created, ...newContents(wanted)];
  if (isRemade(canonical, live)) return [...diffTable(wanted, canonical, live), ...newContents(wanted)];
  return [
    ...diffTable(wanted, canonical, live),
    ...diffFields(wanted, canonical, live),
    ...diffIndexes(wanted, canonical, live, isStale),
    ...diffEvents(wanted, canonical, live),
  ];
}

/** Of a table without records: nothing can be in danger. */
function newContents(wanted: WantedTable): readonly Change[] {
  const base = { table: wanted.name, risk: 'additive' as const };
  return [
    ...wanted.fields.flatMap(({ node, implied }): readonly Change[] =>
      implied ? [] : [{ ...base, kind: 'createField', definition: node }],
    ),
    ...wanted.indexes.map((definition): Change => ({ ...base, kind: 'createIndex', definition })),
    ...wanted.events.map((definition): Change => ({ ...base, kind: 'createEvent', definition })),
  ];
}

function diffAnalyzers(
  wanted: WantedSchema,
  reading: SchemaReading,
): readonly { readonly name: string; readonly kind: string; readonly change: Change }[] {
  return wanted.analyzers.flatMap((node) => {
    const { name } = node;
    const live = reading.live.analyzers.get(name);
    if (live !== undefined && equals(live, reading.wanted.analyzers.get(name))) return [];
    const change: Change =
      live === undefined
        ? { kind: 'createAnalyzer', table: '', definition: node, risk: 'additive' }
        : { kind: 'alterAnalyzer', table: '', definition: defineAnalyzer({ ...node, exists: 'overwrite' }), risk: 'rewrite' };
    return [{ name, kind: change.kind, change }];
  });
}
