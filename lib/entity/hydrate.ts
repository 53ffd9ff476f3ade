import type { RecordId } from '../values/index.js';
import type { EntityShape, ValueSlot } from './entity-shape.js';
import type { EntityState } from './entity-state.js';
import { LinkCollection } from './link-collection.js';
import type { LinkHost } from './link-host.js';
import { LinkReference } from './link-reference.js';
import type { Row } from './row.js';
import { sameOrMissing } from './value-handler.js';

type Instance = Record<string, unknown>;

/** Fills an instance from the row that was read, and remembers the row as what changes are found against. */
export function hydrate(shape: EntityShape, state: EntityState, row: Row, host: LinkHost): void {
  const instance = state.entity as Instance;
  instance['id'] = state.id;
  for (const slot of shape.values) if (isRead(state, slot.column)) instance[slot.property] = decodeSlot(slot, row);
  hydrateLinks(shape, state, row, host);
  state.row = row;
}

/** The columns that `state` did not have yet; values that it has are left alone (the first read wins). */
export function complete(
  shape: EntityShape,
  state: EntityState,
  row: Row,
  columns: ReadonlySet<string> | undefined,
  host: LinkHost,
): void {
  const missing = (column: string) => !state.isLoaded(column) && (columns === undefined || columns.has(column));
  const fresh = new Set<string>();
  const instance = state.entity as Instance;
  for (const slot of shape.values) {
    if (!missing(slot.column)) continue;
    fresh.add(slot.column);
    instance[slot.property] = decodeSlot(slot, row);
  }
  for (const { column } of [...shape.links, ...shape.linkArrays]) if (missing(column)) fresh.add(column);
  const known = state.row ?? {};
  const merged = { ...known };
  for (const column of fresh) if (row[column] !== undefined) merged[column] = row[column];
  hydrateLinks(shape, state, merged, host, fresh);
  state.row = { ...merged, id: row['id'] };
  state.loadedColumns = columns === undefined ? undefined : new Set([...(state.loadedColumns ?? []), ...fresh]);
}

/** The row that a flush answered with. A value changed while the request was under way is kept, and stays a change. */
export function absorb(shape: EntityShape, state: EntityState, row: Row, sent: Row, host: LinkHost): void {
  const instance = state.entity as Instance;
  const before = state.row ?? {};
  for (const slot of shape.values) {
    const { column, property } = slot;
    const expected = column in sent ? sent[column] : before[column];
    const current = withoutNull(slot, instance[property]);
    if (sameOrMissing(slot.handler, current, row[column])) continue;
    const untouched = !slot.insertable || sameOrMissing(slot.handler, current, expected);
    if (untouched || current === undefined) instance[property] = decodeSlot(slot, row);
  }
  for (const link of shape.links) {
    const current = instance[link.property];
    if (current === undefined || (LinkReference.is(current) && current.id.equals(row[link.column]))) continue;
    if (LinkReference.is(current) && !current.id.equals(sent[link.column] ?? before[link.column])) continue;
    instance[link.property] = referenceOf(row[link.column], link, host);
  }
  for (const links of shape.linkArrays) {
    const collection = instance[links.property];
    if (LinkCollection.is(collection)) collection.adoptIds(idsOf(row[links.column]));
  }
  state.row = row;
  state.loadedColumns = undefined;
}

export function decodeSlot(slot: ValueSlot, row: Row): unknown {
  const raw = row[slot.column];
  return raw === undefined || raw === null ? raw : slot.handler.decode(raw);
}

/** Where a type does not admit NULL, `null` on an instance means NONE. */
export function withoutNull(slot: ValueSlot, value: unknown): unknown {
  return value === null && !slot.nullable ? undefined : value;
}

/** Gives an instance the collections that its class declares. */
export function attachCollections(shape: EntityShape, state: EntityState, host: LinkHost): void {
  const instance = state.entity as Instance;
  for (const meta of shape.collections)
    if (!LinkCollection.is(instance[meta.property])) instance[meta.property] = new LinkCollection(state, meta, host);
}

function hydrateLinks(
  shape: EntityShape,
  state: EntityState,
  row: Row,
  host: LinkHost,
  only?: ReadonlySet<string>,
): void {
  const instance = state.entity as Instance;
  for (const link of shape.links) {
    if (only === undefined ? isRead(state, link.column) : only.has(link.column))
      instance[link.property] = referenceOf(row[link.column], link, host);
  }
  attachCollections(shape, state, host);
  for (const links of shape.linkArrays) {
    if (only === undefined ? isRead(state, links.column) : only.has(links.column))
      (instance[links.property] as LinkCollection).adoptIds(idsOf(row[links.column]));
  }
}

function referenceOf(raw: unknown, link: EntityShape['links'][number], host: LinkHost): LinkReference | undefined {
  if (raw === undefined || raw === null) return undefined;
  return new LinkReference(raw as RecordId, undefined, { host, meta: link.target(), path: link.path });
}

function idsOf(raw: unknown): readonly RecordId[] {
  return raw === undefined || raw === null ? [] : [...(raw as Iterable<RecordId>)];
}

function isRead(state: EntityState, column: string): boolean {
  return state.loadedColumns === undefined || state.loadedColumns.has(column);
}
