import { defineField, type DefineFieldNode } from '../surrealql/nodes/definitions.js';
import { optionOf, parseType } from '../types/parse-type.js';
import { admitsNone } from '../types/admits.js';
import type { FieldModel } from './model.js';

/**
 * The column as it takes what it holds, nothing, and whatever else where it is no link. The server notes a reference when a link
 * is written while its field says REFERENCE, and forgets it only when the link is taken out while it still does: a record that a
 * forgotten column refers to could not be deleted any more.
 */
export function openColumn(table: string, { path, kind, reference }: FieldModel): DefineFieldNode {
  const base = { exists: 'overwrite', table, path } as const;
  if (reference === undefined) return defineField({ ...base, type: { kind: 'any' } });
  const type = parseType(kind ?? 'any');
  return defineField({
    ...base,
    type: admitsNone(type) ? type : optionOf(type),
    reference: { onDelete: 'IGNORE' },
  });
}
