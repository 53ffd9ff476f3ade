import type { DefineFieldNode } from '../surrealql/nodes/definitions.js';
import { and, binary, not, table as tableNode, type Expression } from '../surrealql/nodes/expressions.js';
import { update, type Statement } from '../surrealql/nodes/statements.js';
import { textFragment } from '../surrealql/surql.js';
import { admitsNone } from '../types/admits.js';
import { parseType } from '../types/parse-type.js';
import type { SchemaReading } from './canonicalise.js';
import { conforms, kindIs } from './conforms.js';
import { fieldNode, pathKey, type FieldPath } from './field-path.js';
import type { FieldModel, TableModel } from './model.js';
import { openColumn } from './open-column.js';
import { renamedElements } from './renamed-elements.js';
import { atPath } from './violation.js';
import type { WantedSchema, WantedTable } from './wanted.js';

/** A column whose values stand under another name once a plan has been applied. */
export interface MovedColumn {
  readonly from: FieldPath;
  readonly to: FieldPath;
}

/** Columns that the plan copies to a new name, or takes away because their values stand there already. */
function movedColumns(wanted: WantedTable, live: TableModel, after: TableModel): readonly MovedColumn[] {
  return wanted.fields.flatMap(({ renamedFrom: from, node: { path: to } }) => {
    if (from === undefined || live.fields.get(pathKey(from))?.computed !== undefined) return [];
    const copies = live.fields.has(pathKey(from)) && !live.fields.has(pathKey(to));
    const removes = live.fields.has(pathKey(from)) && !after.fields.has(pathKey(from));
    return copies || removes ? [{ from, to }] : [];
  });
}

/** The same of all tables that are there before and afterwards. */
export function movedByTable(
  { tables }: WantedSchema,
  { live, wanted }: SchemaReading,
): ReadonlyMap<string, readonly MovedColumn[]> {
  return new Map(
    tables.flatMap((table) => {
      const before = live.tables.get(table.name);
      const after = wanted.tables.get(table.name);
      return before === undefined || after === undefined ? [] : [[table.name, movedColumns(table, before, after)]];
    }),
  );
}

/** What brings the values of a moved column back under its old name: what was written meanwhile stands under the new one alone. */
export interface UndoCopy {
  readonly from: FieldPath;
  /** The old column, as it takes what the new one holds. */
  readonly open: DefineFieldNode;
  readonly statement: Statement;
}

export function undoCopies(before: TableModel, after: TableModel, moved: readonly MovedColumn[]): readonly UndoCopy[] {
  return moved.flatMap(({ from, to }) => {
    const was = before.fields.get(pathKey(from));
    const now = after.fields.get(pathKey(to));
    if (was === undefined || now === undefined) return [];
    return [{ from, open: openColumn(before.name, was), statement: copyBack(before.name, was, now) }];
  });
}

function copyBack(table: string, was: FieldModel, now: FieldModel): Statement {
  const { path: from } = was;
  const { path: to } = now;
  const isInList = from.some((part) => typeof part === 'symbol');
  const { at, value, records } = isInList
    ? renamedElements(from, to.at(-1) as string, { replaces: true })
    : { at: from, value: fieldNode(to), records: atPath(to, (subject) => isToCopy(subject, was, now)) };
  return update({
    target: tableNode(table),
    data: { kind: 'set', assignments: [{ target: fieldNode(at), operator: '=', value }] },
    returns: 'none',
    ...(records !== undefined && { where: records }),
  });
}

/** Not a default, which is nobody's data, where the old column admits nothing; nor a link that the old column has no room for. */
function isToCopy(
  subject: Expression,
  { path, kind, reference }: FieldModel,
  { default: preset }: FieldModel,
): Expression {
  const type = parseType(kind ?? 'any');
  const fits = reference === undefined ? undefined : conforms(subject, type);
  const isOwn = preset !== undefined && admitsNone(type) ? [not(binary(subject, '=', textFragment(preset)))] : [];
  return and([
    not(kindIs(subject, ['none'])),
    not(binary(subject, '=', fieldNode(path))),
    ...isOwn,
    ...(fits === undefined ? [] : [fits]),
  ]);
}
