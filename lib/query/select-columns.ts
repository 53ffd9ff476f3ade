import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { FetchNode } from './fetch-node.js';
import { refused, unknownField } from './query-errors.js';

interface Selection {
  readonly select?: readonly string[];
  readonly omit?: readonly string[];
}

/** The columns of `select` and `omit`, `id` always among them; undefined where the whole row is read. */
export function selectedColumns(
  meta: EntityMetadata,
  { select, omit }: Selection,
  fetch: readonly FetchNode[],
): ReadonlySet<string> | undefined {
  if (select === undefined && omit === undefined) return undefined;
  const chosen = new Set<string>(['id']);
  for (const column of select === undefined ? meta.byColumn.keys() : select.map((name) => columnOf(meta, name)))
    chosen.add(column);
  for (const name of omit === undefined ? [] : omit) if (name !== 'id') chosen.delete(columnOf(meta, name));
  // A fetched link needs its own id beside what it leads to.
  for (const { property } of fetch) if ('column' in property) chosen.add(property.column);
  return chosen;
}

function columnOf(meta: EntityMetadata, name: string): string {
  if (name === 'id') return name;
  const property = meta.byProperty.get(name);
  if (property === undefined) throw unknownField(meta.className, name, ['id', ...meta.byProperty.keys()]);
  if ('column' in property) return property.column;
  throw refused({
    path: property.path,
    what: `${property.path} cannot be selected`,
    why: 'it is a relation without a column of its own',
    fix: `fetch it: { fetch: { ${name}: true } }`,
    rule: 'unknown',
  });
}
