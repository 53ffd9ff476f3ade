import { defineField } from '../surrealql/nodes/definitions.js';
import { fieldNode, type FieldPath } from './field-path.js';
import { table as tableNode } from '../surrealql/nodes/expressions.js';
import { update, type Statement } from '../surrealql/nodes/statements.js';
import { optionOf } from '../types/parse-type.js';
import { readType } from './covers.js';
import type { FieldModel, TableModel } from './model.js';
import {
  admitsTable,
  admittingOld,
  movedValue,
  namesTable,
  pointsToOld,
  readAsRecords,
  type MovedNames,
} from './moved-links.js';
import { rewritten } from './retarget.js';
import { atPath } from './violation.js';

/** Links that a plan has led to a table's new name, which the definition to come back does not take. */
export interface UndoneMoves {
  readonly paths: readonly FieldPath[];
  readonly statements: readonly Statement[];
}

/**
 * Leads links back. `names` are the old names of tables by their new ones, `made` the new ones that go again: what a column
 * holds of theirs has been led there, also where its type would take it.
 */
export function undoMoves(
  { name: table, fields }: TableModel,
  names: MovedNames,
  made: ReadonlySet<string>,
): UndoneMoves {
  const moved = [...fields.values()].flatMap((field) => {
    const undone = undoMove(table, field, names, made);
    return undone === undefined ? [] : [{ path: field.path, statements: undone }];
  });
  return { paths: moved.map(({ path }) => path), statements: moved.flatMap(({ statements }) => statements) };
}

function undoMove(
  table: string,
  field: FieldModel,
  names: MovedNames,
  made: ReadonlySet<string>,
): readonly Statement[] | undefined {
  const { path, reference, computed } = field;
  const type = readType(field.kind);
  if (type === undefined || computed !== undefined || typeof path.at(-1) === 'symbol') return undefined;
  const given = new Map(
    [...names].filter(([now, old]) =>
      made.has(now) ? admitsTable(type, old) : namesTable(type, old) && !admitsTable(type, now),
    ),
  );
  const links = readAsRecords(type, [...given.values()]);
  const pointing = atPath(path, (subject, depth) => pointsToOld(subject, links, given, depth));
  if (pointing === undefined) return undefined;
  const { at, value } = rewritten(path, (link) => movedValue(link, links, given));
  return [
    defineField({
      exists: 'overwrite',
      table,
      path,
      type: optionOf(admittingOld(type, given)),
      ...(reference !== undefined && { reference: { onDelete: 'IGNORE' as const } }),
    }),
    update({
      target: tableNode(table),
      data: { kind: 'set', assignments: [{ target: fieldNode(at), operator: '=', value }] },
      where: pointing,
      returns: 'none',
    }),
  ];
}
