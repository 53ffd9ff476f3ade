import type { EntityMetadata, LazyMetadata, PropertyMetadata } from './entity-metadata.js';

/** The columns that a read of these classes leaves out unless they are asked for; undefined where there are none. */
export function buildLazy(members: readonly EntityMetadata[]): LazyMetadata | undefined {
  const columns = new Set(members.flatMap((meta) => meta.properties.flatMap(lazyColumn)));
  if (columns.size === 0) return undefined;
  const all = members.flatMap((meta) => [...meta.byColumn.keys(), meta.hierarchy?.column ?? 'id']);
  const rest = new Set(['id', ...all.filter((column) => !columns.has(column))]);
  return Object.freeze({ columns: Object.freeze([...columns]), rest });
}

function lazyColumn(property: PropertyMetadata): readonly string[] {
  return property.kind === 'field' && property.lazy ? [property.column] : [];
}
