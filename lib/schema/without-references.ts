import { removeDefinition } from '../surrealql/nodes/definitions.js';
import { update, type Statement } from '../surrealql/nodes/statements.js';
import { table as tableNode } from '../surrealql/nodes/expressions.js';
import type { SurrealType } from '../types/surreal-type.js';
import { readType } from './covers.js';
import { fieldNode } from './field-path.js';
import type { FieldModel, TableModel } from './model.js';
import { leadsBeyond } from './moved-links.js';
import { openColumn } from './open-column.js';

/**
 * Takes out of a table that is about to go the links that their targets note as references: the server would go on noting
 * them, and refuse, or delete, for the sake of records that are not there. Nothing else happens to the records meanwhile.
 * Links to tables of `going`, which go as well, may stay.
 */
export function withoutReferences(
  { name: table, definition, fields, events }: TableModel,
  going: ReadonlySet<string> = new Set(),
): readonly Statement[] {
  const all = [...fields.values()].filter((field) => !isEnd(field, definition));
  const links = all.filter(({ reference, computed }) => reference !== undefined && computed === undefined);
  if (links.every(({ kind }) => !leadsBeyond(readType(kind) ?? ANY, going))) return [];
  const stored = all.filter(({ path, computed }) => path.length === 1 && computed === undefined);
  const gone = all.filter((field) => !stored.includes(field)).sort((a, b) => b.path.length - a.path.length);
  return [
    ...[...events.keys()].map((event) => removeDefinition({ object: 'EVENT', name: event, table, ifExists: true })),
    ...gone.map(({ path }) => removeDefinition({ object: 'FIELD', name: path, table, ifExists: true })),
    ...stored.map((field) => openColumn(table, field)),
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

const ANY: SurrealType = Object.freeze({ kind: 'any' });
