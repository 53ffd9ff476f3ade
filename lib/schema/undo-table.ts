import { defineField, removeDefinition } from '../surrealql/nodes/definitions.js';
import { table as tableNode } from '../surrealql/nodes/expressions.js';
import { update, type Statement } from '../surrealql/nodes/statements.js';
import { fieldNode } from './field-path.js';
import type { FieldModel, TableModel } from './model.js';
import { openColumn } from './open-column.js';

/**
 * What goes before a table that has links: they are taken out, because the server remembers the references of a table that it
 * removes, and would not let the records be deleted that they refer to. Nothing else happens to the records meanwhile.
 */
export function unlinked({ name: table, fields, events, definition }: TableModel): readonly Statement[] {
  const all = [...fields.values()].filter((field) => !isEnd(field, definition));
  const links = all.filter(({ reference }) => reference !== undefined);
  if (links.length === 0) return [];
  const stored = all.filter(({ path, computed }) => path.length === 1 && computed === undefined);
  const gone = all.filter((field) => !stored.includes(field)).sort((a, b) => b.path.length - a.path.length);
  return [
    ...[...events.keys()].map((name) => removeDefinition({ object: 'EVENT', name, table, ifExists: true })),
    ...gone.map(({ path }) => removeDefinition({ object: 'FIELD', name: path, table, ifExists: true })),
    ...stored.map((field) => (links.includes(field) ? openColumn(table, field) : anything(table, field))),
    update({
      target: tableNode(table),
      data: { kind: 'unset', paths: links.map(({ path }) => fieldNode(path)) },
      returns: 'none',
    }),
  ];
}

/** What every record has, and every edge. */
function isEnd({ path: [first, ...below] }: FieldModel, { kind }: TableModel['definition']): boolean {
  return below.length === 0 && (first === 'id' || (kind.kind === 'RELATION' && (first === 'in' || first === 'out')));
}

function anything(table: string, { path }: FieldModel): Statement {
  return defineField({ exists: 'overwrite', table, path, type: { kind: 'any' } });
}
