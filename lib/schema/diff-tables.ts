import { defineTable, removeDefinition } from '../surrealql/nodes/definitions.js';
import { array, binary, call, not, or, path, value, type Expression } from '../surrealql/nodes/expressions.js';
import { equals } from '../values/equals.js';
import type { Change, Risk } from './change.js';
import { countWhere } from './count-records.js';
import { pathKey, type FieldPath } from './field-path.js';
import type { TableDefinition, TableModel } from './model.js';
import { undeclared } from './violation.js';
import type { WantedTable } from './wanted.js';

/** The redefinition of a live table, or nothing. Rows, fields and indexes survive it. */
export function diffTable(wanted: WantedTable, canonical: TableModel, live: TableModel): readonly Change[] {
  if (!differs(canonical, live)) return [];
  const definition = defineTable({ ...wanted.table, exists: 'overwrite' });
  return [{ kind: 'alterTable', table: wanted.name, definition, ...riskOf(wanted, canonical, live, 'additive') }];
}

/**
 * A view, or what becomes or was one, is removed and made anew. Overwriting would leave its old sources feeding it, and fails
 * when it has records.
 */
export function remakeTable(wanted: WantedTable, canonical: TableModel, live: TableModel): Change {
  const removal = removeDefinition({ object: 'TABLE', name: wanted.name, ifExists: true });
  const risk = riskOf(wanted, canonical, live, 'rewrite');
  return { kind: 'alterTable', table: wanted.name, removal, definition: wanted.table, late: true, ...risk };
}

/** Whether the table has to be made anew. */
export function isRemade(canonical: TableModel, live: TableModel): boolean {
  const isView = canonical.definition.view !== undefined || live.definition.view !== undefined;
  return isView && differs(canonical, live);
}

function differs(canonical: TableModel, live: TableModel): boolean {
  return !equals(canonical.definition, live.definition) || endsDiffer(canonical, live);
}

function riskOf(
  wanted: WantedTable,
  canonical: TableModel,
  live: TableModel,
  harmless: Risk,
): Pick<Change, 'risk' | 'danger'> {
  const leaving = [...live.fields.values()].map((field) => field.path);
  const dangers = dangersOf(wanted, canonical.definition, live.definition, leaving);
  if (dangers.length === 0) return { risk: harmless };
  const risk: Risk = dangers.some((each) => each.risk === 'destructive') ? 'destructive' : 'narrowing';
  return { risk, danger: { count: countWhere(wanted.name, or(dangers.map((each) => each.records))), risk } };
}

/** The server defines `in` and `out` of an edge with its table. */
function endsDiffer(canonical: TableModel, live: TableModel): boolean {
  if (canonical.definition.kind.kind !== 'RELATION') return false;
  return ['in', 'out'].some((end) => !equals(canonical.fields.get(pathKey([end])), live.fields.get(pathKey([end]))));
}

interface Doubt {
  readonly records: Expression;
  readonly risk: Risk;
}

function dangersOf(
  wanted: WantedTable,
  target: TableDefinition,
  live: TableDefinition,
  leaving: readonly FieldPath[],
): readonly Doubt[] {
  const everything = value(true);
  const dangers: Doubt[] = [];
  if (target.schemafull && !live.schemafull) dangers.push({ records: undeclared(wanted, leaving), risk: 'narrowing' });
  const misplaced = misplacedRecords(target, live);
  if (misplaced !== undefined) dangers.push({ records: misplaced, risk: 'narrowing' });
  // A DROP table forgets what is written to it; the records of a view are its sources' doing alone.
  if (target.drop && !live.drop) dangers.push({ records: everything, risk: 'destructive' });
  if ((target.view === undefined) !== (live.view === undefined))
    dangers.push({ records: everything, risk: 'destructive' });
  return dangers;
}

/** Records that are an edge where none may be, no edge where one must be, or an edge between other tables. */
function misplacedRecords({ kind: target }: TableDefinition, { kind: live }: TableDefinition): Expression | undefined {
  if (target.kind === 'ANY' || equals(target, live)) return undefined;
  const isEdge = call('record::is_edge', path('id'));
  if (target.kind === 'NORMAL') return live.kind === 'NORMAL' ? undefined : isEdge;
  return or([not(isEdge), ...strayEnd('in', target.in), ...strayEnd('out', target.out)]);
}

function strayEnd(end: string, tables: readonly string[] | undefined): readonly Expression[] {
  if (tables === undefined || tables.length === 0) return [];
  return [binary(call('record::tb', path(end)), 'NOT IN', array(tables.map(value)))];
}
