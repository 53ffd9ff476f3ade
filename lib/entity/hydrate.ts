import type { LinkMetadata } from '../metadata/entity-metadata.js';
import type { RecordId } from '../values/index.js';
import type { EntityShape, ValueSlot } from './entity-shape.js';
import type { EntityState } from './entity-state.js';
import { LinkCollection } from './link-collection.js';
import { LinkReference } from './link-reference.js';
import type { Row } from './row.js';
import { isDetached } from './stamp.js';
import { withoutSecrets } from './without-secrets.js';

type Instance = Record<string, unknown>;

/** Fills an instance from the row that was read, and remembers the row as what changes are found against. */
export function hydrate(shape: EntityShape, state: EntityState, read: Row): void {
  const row = withoutSecrets(shape, read);
  const instance = state.entity as Instance;
  const { loadedColumns } = state;
  instance['id'] = state.id;
  for (const slot of shape.values)
    if (loadedColumns === undefined || loadedColumns.has(slot.column)) instance[slot.property] = decodeSlot(slot, row);
  for (const link of shape.links)
    if (loadedColumns === undefined || loadedColumns.has(link.column))
      instance[link.property] = linkOf(state, link, row[link.column]);
  attachCollections(shape, state);
  for (const links of shape.linkArrays)
    if (loadedColumns === undefined || loadedColumns.has(links.column))
      collectionOf(state, links.property)?.adoptIds(idsOf(row[links.column]));
  state.row = row;
}

/** Overwrites what the instance holds with a row that was read again; a partial row with the columns that it has. */
export function rehydrate(
  shape: EntityShape,
  state: EntityState,
  read: Row,
  columns: ReadonlySet<string> | undefined,
): void {
  const row = withoutSecrets(shape, read);
  const known = state.loadedColumns;
  const before = state.row;
  state.loadedColumns = columns;
  for (const { property } of shape.collections) if (columns === undefined) collectionOf(state, property)?.reset();
  for (const { property, column } of shape.linkArrays)
    if (columns?.has(column) === true) collectionOf(state, property)?.reset();
  hydrate(shape, state, row);
  if (columns === undefined) return;
  state.row = { ...before, ...valuesOf(row, columns) };
  for (const column of columns) if (row[column] === undefined) delete state.row[column];
  state.loadedColumns = known === undefined ? undefined : new Set([...known, ...columns]);
}

/** The columns that `state` did not have yet; values that it has or was given are left alone (the first read wins). */
export function complete(
  shape: EntityShape,
  state: EntityState,
  read: Row,
  columns: ReadonlySet<string> | undefined,
): void {
  const row = withoutSecrets(shape, read);
  const missing = (column: string) => !state.isLoaded(column) && (columns === undefined || columns.has(column));
  const instance = state.entity as Instance;
  const fresh = new Set<string>(['id']);
  for (const slot of shape.values) {
    if (!missing(slot.column)) continue;
    fresh.add(slot.column);
    if (!Object.hasOwn(instance, slot.property)) instance[slot.property] = decodeSlot(slot, row);
  }
  for (const link of shape.links) {
    if (!missing(link.column)) continue;
    fresh.add(link.column);
    if (!Object.hasOwn(instance, link.property)) instance[link.property] = linkOf(state, link, row[link.column]);
  }
  attachCollections(shape, state);
  for (const links of shape.linkArrays) {
    if (!missing(links.column)) continue;
    fresh.add(links.column);
    collectionOf(state, links.property)?.adoptIds(idsOf(row[links.column]));
  }
  state.row = { ...state.row, ...valuesOf(row, fresh) };
  state.loadedColumns = columns === undefined ? undefined : new Set([...(state.loadedColumns ?? []), ...fresh]);
}

/** Gives an instance the collections that its class declares. */
export function attachCollections(shape: EntityShape, state: EntityState): void {
  const instance = state.entity as Instance;
  for (const meta of shape.collections)
    if (instance[meta.property] === undefined) instance[meta.property] = new LinkCollection(state, meta);
}

/** What an entity that is attached again had loaded may be attached no more: a second object of the record would be found. */
export function forgetDetached(shape: EntityShape, state: EntityState): void {
  for (const { property } of shape.collections) collectionOf(state, property)?.forgetDetached();
  for (const { property } of shape.links) {
    const held = (state.entity as Instance)[property];
    if (LinkReference.is(held) && held.held !== undefined && isDetached(held.held)) held.unload();
  }
}

export function collectionOf(state: EntityState, property: string): LinkCollection | undefined {
  const collection = (state.entity as Instance)[property];
  return LinkCollection.is(collection) ? collection : undefined;
}

export function decodeSlot(slot: ValueSlot, row: Row): unknown {
  const raw = row[slot.column];
  const { decode } = slot.handler;
  return decode === undefined || raw === undefined || raw === null ? raw : decode(raw);
}

/** Where a type does not admit NULL, `null` on an instance means NONE. */
export function withoutNull(slot: ValueSlot, value: unknown): unknown {
  return value === null && !slot.nullable ? undefined : value;
}

export function linkOf(owner: EntityState, link: LinkMetadata, raw: unknown): LinkReference | undefined {
  return raw === undefined || raw === null ? undefined : new LinkReference(raw as RecordId, undefined, owner, link);
}

export function idsOf(raw: unknown): readonly RecordId[] {
  if (raw === undefined || raw === null) return [];
  return Array.isArray(raw) ? (raw as RecordId[]) : [...(raw as Iterable<RecordId>)];
}

function valuesOf(row: Row, columns: ReadonlySet<string>): Row {
  const values: Row = {};
  for (const column of columns) if (row[column] !== undefined) values[column] = row[column];
  return values;
}
