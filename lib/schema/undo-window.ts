import { defineField, removeDefinition, type DefineFieldNode } from '../surrealql/nodes/definitions.js';
import { not, or, table as tableNode } from '../surrealql/nodes/expressions.js';
import { update, type Statement } from '../surrealql/nodes/statements.js';
import { equals } from '../values/equals.js';
import { kindIs } from './conforms.js';
import { fieldNode, isBelow, pathKey, type FieldPath } from './field-path.js';
import type { FieldModel, TableModel } from './model.js';
import { atPath } from './violation.js';

/**
 * What takes out of the records the values that the way back has no field for: a SCHEMAFULL table would not let such a record
 * be written. Nothing else happens to the records meanwhile, as on the way there.
 */
export interface UndoWindow {
  readonly statements: readonly Statement[];
  /** Links whose old definitions come back first: any other one would lose their references. */
  readonly links: readonly FieldPath[];
  /** Fields and events that the window has changed, whose old definitions have to come back. */
  readonly fields: readonly FieldPath[];
  readonly events: readonly string[];
}

/** Nothing where no value has to go. `before` is the table to come back, `after` the one that the plan has made of it. */
export function undoWindow(before: TableModel, after: TableModel): UndoWindow | undefined {
  const leaving = leavingPaths(before, after);
  if (leaving.length === 0 || !before.definition.schemafull) return undefined;
  const table = before.name;
  const below = [...after.fields.values()].map(({ path }) => path).filter((path) => isWithin(path, leaving));
  const relaxed = [...after.fields.values()].filter(
    (field) => !isWithin(field.path, leaving) && isRelaxed(field, before, leaving),
  );
  // Their values may have stayed: what becomes SCHEMALESS keeps what it holds.
  const returning = [...before.fields.values()].filter(
    ({ path, computed }) => path.length === 1 && computed === undefined && !after.fields.has(pathKey(path)),
  );
  const links = [...before.fields.values()].filter((field) => {
    const now = after.fields.get(pathKey(field.path));
    return field.reference !== undefined && now?.reference !== undefined && !equals(field, now);
  });
  const loose = [...relaxed, ...returning].map(({ path }) => path);
  const held = leaving.flatMap((path) => atPath(path, (subject) => not(kindIs(subject, ['none']))) ?? []);
  return Object.freeze({
    statements: [
      ...[...after.events.keys()].map((name) => removeDefinition({ object: 'EVENT', name, table, ifExists: true })),
      ...[...below]
        .sort((a, b) => b.length - a.length)
        .map((name) => removeDefinition({ object: 'FIELD', name, table, ifExists: true })),
      ...loose.map((path) => anything(table, path)),
      update({
        target: tableNode(table),
        data: { kind: 'unset', paths: leaving.map(fieldNode) },
        where: or(held),
        returns: 'none',
      }),
    ],
    links: links.map(({ path }) => path),
    fields: loose,
    events: [...before.events.keys()],
  });
}

/** Stored fields that were not there, or were computed. */
function leavingPaths(before: TableModel, after: TableModel): readonly FieldPath[] {
  const leaving = [...after.fields.values()].flatMap(({ path, computed }) => {
    const was = before.fields.get(pathKey(path));
    const isNew = was === undefined || was.computed !== undefined;
    return isNew && computed === undefined && typeof path.at(-1) === 'string' ? [path] : [];
  });
  return leaving.filter((path) => !isWithin(path, leaving));
}

const isWithin = (path: FieldPath, parents: readonly FieldPath[]): boolean =>
  parents.some((parent) => isBelow(path, parent));

/** What would stand in the way of the write. The references of a link that stays are kept with its definition. */
function isRelaxed(field: FieldModel, before: TableModel, leaving: readonly FieldPath[]): boolean {
  const { path } = field;
  if (leaving.some((each) => pathKey(each) === pathKey(path))) return true;
  if (!path.every((part) => typeof part === 'string') || field.computed !== undefined) return false;
  const was = before.fields.get(pathKey(path));
  if (was === undefined) return false;
  const keepsReferences = field.reference !== undefined && was.reference !== undefined;
  return !keepsReferences && (field.value !== undefined || !equals(was, field));
}

function anything(table: string, path: FieldPath): DefineFieldNode {
  return defineField({ exists: 'overwrite', table, path, type: { kind: 'any' } });
}
