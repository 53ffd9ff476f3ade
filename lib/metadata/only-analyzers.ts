import type { CollectedClass } from './collect.js';

/** Whether a class carries analyzers and nothing else: it has no table, its analyzers serve whichever entity names them. */
export function onlyAnalyzers(collected: CollectedClass): boolean {
  const { table, view, root, analyzers, properties, indexes, events, accesses, filters, hooks } = collected;
  if (table !== undefined || view !== undefined || root !== undefined) return false;
  const others = [properties, indexes, events, accesses, filters].some((each) => each.length > 0) || hooks.size > 0;
  return analyzers.length > 0 && !others;
}
