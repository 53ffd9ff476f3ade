import { or, type Expression } from '../surrealql/nodes/expressions.js';
import type { Relink, Rewrite } from './change.js';
import { fieldNode, type FieldPath } from './field-path.js';
import { movedValue, pointsToOld } from './moved-links.js';
import { changedElements } from './renamed-elements.js';
import { atPath } from './violation.js';
import type { WantedField } from './wanted.js';

/**
 * Leads the links of a field to the new names of tables; those in the objects of a list by writing the list. The elements of a
 * list of links are written with it.
 */
export function retargetOf(field: WantedField, relink: Relink | undefined): Rewrite | undefined {
  const { node, moved } = field;
  const { path, type } = node;
  if (moved === undefined || type === undefined || typeof path.at(-1) === 'symbol') return undefined;
  const pointing = atPath(path, (subject, depth) => pointsToOld(subject, type, moved.names, depth));
  if (pointing === undefined) return undefined;
  return {
    kind: 'retarget',
    field,
    records: relink === undefined ? pointing : or([pointing, relink.records]),
    ...rewritten(path, (link) => movedValue(link, type, moved.names)),
    ...(relink !== undefined && { relink }),
  };
}

/** What has to be written, and where, to change what stands at a path. */
export function rewritten(
  path: FieldPath,
  change: (held: Expression) => Expression,
): { readonly at: FieldPath; readonly value: Expression } {
  return path.some((part) => typeof part === 'symbol')
    ? changedElements(path, change)
    : { at: path, value: change(fieldNode(path)) };
}
