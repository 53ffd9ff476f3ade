import type { FragmentNode } from '../surrealql/nodes/expressions.js';
import type { WantedTable } from './wanted.js';

/** The table of an entity class; undefined for anything else. */
export type TableOf = (target: unknown) => string | undefined;

/** Tables as they come, then the views, each after the views it reads: a view can only be defined over what exists. */
export function viewsLast(tables: readonly WantedTable[], tableOf: TableOf): readonly WantedTable[] {
  const views = tables.filter((each) => each.table.as !== undefined);
  const ordered: WantedTable[] = [];
  const visit = (view: WantedTable, around: readonly WantedTable[]): void => {
    if (ordered.includes(view) || around.includes(view)) return;
    for (const other of views)
      if (other !== view && reads(view.table.as, other.name, tableOf)) visit(other, [...around, view]);
    ordered.push(view);
  };
  for (const view of views) visit(view, []);
  return [...tables.filter((each) => each.table.as === undefined), ...ordered];
}

/** Whether the text of a view may speak of a table. A name that only looks like it costs nothing but an order. */
function reads(fragment: FragmentNode | undefined, name: string, tableOf: TableOf): boolean {
  if (fragment === undefined) return false;
  if (fragment.strings.some((text) => text.includes(name))) return true;
  return fragment.values.some((hole) => {
    if (hole.kind === 'Fragment') return reads(hole, name, tableOf);
    return hole.kind === 'Table' ? hole.name === name : hole.kind === 'Value' && tableOf(hole.value) === name;
  });
}
