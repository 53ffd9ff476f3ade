import { defineAnalyzer } from '../surrealql/nodes/definitions.js';
import { equals } from '../values/equals.js';
import type { SchemaReading } from './canonicalise.js';
import type { Change } from './change.js';
import { diffObjects } from './database-objects.js';
import { diffAccesses } from './diff-accesses.js';
import { copyTable, removeTable } from './diff-copy.js';
import { diffEvents } from './diff-events.js';
import { diffFields } from './diff-fields.js';
import { diffIndexes } from './diff-indexes.js';
import { diffTable, isRemade, remakeTable } from './diff-tables.js';
import type { TableModel } from './model.js';
import type { MovedSchema, TableMove } from './table-moves.js';
import type { WantedSchema, WantedTable } from './wanted.js';

/**
 * The differences between the live and the wanted schema, both in the server's own words, table by table. What the wanted
 * schema does not speak of is no difference.
 */
export function diffSchemas({ wanted, reading, moves }: MovedSchema): readonly Change[] {
  const analyzers = diffAnalyzers(wanted, reading);
  const names = new Set(analyzers.map((each) => each.name));
  const remade = remadeTables(wanted, reading);
  return [
    ...diffObjects(wanted.objects, reading.wanted.objects, reading.live.objects),
    ...analyzers.map((each) => each.change),
    ...wanted.tables.flatMap((table) => diffOne(table, reading, remade.has(table.name), names, moves)),
    ...diffAccesses(wanted, reading),
    ...moves.flatMap((move) => (move.to.keepsOld === true ? [] : [removeTable(move, modelOf(move, reading))])),
  ];
}

/** Views that have to be made anew: those that differ, and those that read one of them, which could not be removed otherwise. */
function remadeTables(wanted: WantedSchema, reading: SchemaReading): ReadonlySet<string> {
  const remade = new Set<string>();
  for (const table of wanted.tables) {
    const canonical = reading.wanted.tables.get(table.name);
    const live = reading.live.tables.get(table.name);
    if (canonical === undefined || live === undefined) continue;
    const text = live.definition.view;
    const follows = text !== undefined && [...remade].some((name) => text.includes(name));
    if (follows || isRemade(canonical, live)) remade.add(table.name);
  }
  return remade;
}

function diffOne(
  wanted: WantedTable,
  reading: SchemaReading,
  remade: boolean,
  analyzers: ReadonlySet<string>,
  moves: readonly TableMove[],
): readonly Change[] {
  const canonical = reading.wanted.tables.get(wanted.name);
  const live = reading.live.tables.get(wanted.name);
  if (canonical === undefined) return [];
  const created: Change = { kind: 'createTable', table: wanted.name, definition: wanted.table, risk: 'additive' };
  const copied = moves.find(({ to, copies }) => copies && to.name === wanted.name);
  if (copied !== undefined) return copyTable({ ...copied, to: wanted }, canonical);
  if (live === undefined) return [created, ...newContents(wanted)];
  if (remade)
    return [remakeTable(wanted, canonical, live), ...newContents(wanted).map((change) => ({ ...change, late: true }))];
  return [
    ...diffTable(wanted, canonical, live),
    ...diffFields(wanted, canonical, live),
    ...diffIndexes(wanted, canonical, live, analyzers),
    ...diffEvents(wanted, canonical, live),
  ];
}

const modelOf = ({ to }: TableMove, { wanted }: SchemaReading): TableModel => wanted.tables.get(to.name) as TableModel;

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
): readonly { readonly name: string; readonly change: Change }[] {
  return wanted.analyzers.flatMap((node) => {
    const { name } = node;
    const live = reading.live.analyzers.get(name);
    if (live !== undefined && equals(live, reading.wanted.analyzers.get(name))) return [];
    const change: Change =
      live === undefined
        ? { kind: 'createAnalyzer', table: '', definition: node, risk: 'additive' }
        : {
            kind: 'alterAnalyzer',
            table: '',
            definition: defineAnalyzer({ ...node, exists: 'overwrite' }),
            risk: 'rewrite',
          };
    return [{ name, change }];
  });
}
