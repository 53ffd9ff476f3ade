import type { EntityMetadata, FieldMetadata, PropertyMetadata } from '../metadata/entity-metadata.js';
import type { FetchNode } from './fetch-node.js';
import { isSecret } from '../metadata/is-secret.js';
import { requireList } from './operators/operator.js';
import { refused, unknownField, unreadable } from './query-errors.js';

interface Selection {
  readonly select?: readonly string[];
  readonly omit?: readonly string[];
}

/** The columns of `select` and `omit`, the id and the optimistic lock always among them; undefined where the whole row is read. */
export function selectedColumns(
  meta: EntityMetadata,
  { select, omit }: Selection,
  fetch: readonly FetchNode[],
): ReadonlySet<string> | undefined {
  if (select === undefined && omit === undefined) return undefined;
  const chosen = new Set<string>(['id', ...lockColumns(meta)]);
  if (meta.hierarchy !== undefined) chosen.add(meta.hierarchy.column);
  for (const column of select === undefined
    ? eagerColumns(meta)
    : named(meta, select, 'select').map((name) => columnOf(meta, name)))
    chosen.add(column);
  for (const name of omit === undefined ? [] : named(meta, omit, 'omit'))
    if (!isKept(meta, name)) chosen.delete(columnOf(meta, name));
  for (const column of secretColumns(meta)) chosen.delete(column);
  // A fetched link needs its own id beside what it leads to.
  for (const { property } of fetch) if ('column' in property) chosen.add(property.column);
  return chosen;
}

function named({ className }: EntityMetadata, names: readonly string[], option: string): readonly string[] {
  return requireList(names, `${className} in ${option}`) as readonly string[];
}

function eagerColumns({ byColumn, lazy }: EntityMetadata): string[] {
  return [...byColumn.keys()].filter((column) => lazy?.columns.includes(column) !== true);
}

function secretColumns(meta: EntityMetadata): string[] {
  return meta.properties.flatMap((property) => (isSecret(property) ? [property.column] : []));
}

/** What an update is checked against is read with whatever it may change. */
function lockColumns(meta: EntityMetadata): string[] {
  return meta.properties.flatMap((property) => (isLock(property) ? [property.column] : []));
}

/** Nothing to be left out: always read, or never. */
function isKept(meta: EntityMetadata, name: string): boolean {
  const property = meta.byProperty.get(name);
  return name === 'id' || (property !== undefined && (isLock(property) || isSecret(property)));
}

/** The version, whether the record is deleted softly, and of which class it is. */
const KEPT: ReadonlySet<FieldMetadata['role']> = new Set(['version', 'softDelete', 'discriminator']);

function isLock(property: PropertyMetadata): property is FieldMetadata {
  return property.kind === 'field' && (KEPT.has(property.role) || property.concurrencyCheck);
}

function columnOf(meta: EntityMetadata, name: string): string {
  if (name === 'id') return name;
  const property = meta.byProperty.get(name);
  if (property === undefined) throw unknownField(meta.className, name, ['id', ...meta.byProperty.keys()]);
  if (isSecret(property)) throw unreadable(property);
  if ('column' in property) return property.column;
  throw refused({
    path: property.path,
    what: `${property.path} cannot be selected`,
    why: 'it is a relation without a column of its own',
    fix: `fetch it: { fetch: { ${name}: true } }`,
    rule: 'unknown',
  });
}
