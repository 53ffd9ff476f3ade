import type { EntityShape, ValueSlot } from '../entity/entity-shape.js';
import { withoutNull } from '../entity/hydrate.js';
import type { EntityState } from '../entity/entity-state.js';
import { LinkCollection } from '../entity/link-collection.js';
import { LinkReference } from '../entity/link-reference.js';
import type { CollectionChanges } from '../entity/pending-links.js';
import type { Row } from '../entity/row.js';
import { isMissing, sameOrMissing } from '../entity/value-handler.js';
import type { ComputedMetadata, FieldMetadata, LinkMetadata, LinksMetadata } from '../metadata/entity-metadata.js';
import type { RecordId } from '../values/index.js';
import type {
  ColumnAssignment,
  CreateChangeSet,
  DeleteChangeSet,
  PropertyChange,
  UpdateChangeSet,
} from './change-set.js';
import { endlessValue } from './errors.js';
import { presumedGuard } from './presumed-links.js';

type Instance = Record<string, unknown>;

/** `changed`: each update is guarded by the original values of what it changes, each remove by all that was read. */
export type GuardMode = 'none' | 'changed';

export function computeCreate(shape: EntityShape, state: EntityState, id: RecordId): CreateChangeSet {
  const content: Row = {};
  const changes = new Map<string, PropertyChange>();
  const instance = state.entity as Instance;
  for (const slot of shape.values) {
    if (!slot.insertable) continue;
    const value =
      slot.meta.kind === 'field' && slot.meta.role === 'version' ? 1 : encodeSlot(slot, instance[slot.property]);
    if (value === undefined) continue;
    content[slot.column] = value;
    changes.set(slot.property, { meta: slot.meta, old: undefined, new: instance[slot.property] });
  }
  for (const link of shape.links) {
    const target = linkedId(instance[link.property]);
    if (target === undefined) continue;
    content[link.column] = target;
    changes.set(link.property, { meta: link, old: undefined, new: target });
  }
  for (const links of shape.linkArrays) {
    const collection = instance[links.property];
    const ids = LinkCollection.is(collection) ? collection.ids : [];
    if (ids.length > 0 || !links.optional) content[links.column] = ids;
    if (ids.length === 0) continue;
    changes.set(links.property, { meta: links, old: undefined, new: ids });
  }
  const { hierarchy } = shape.meta;
  if (hierarchy?.value !== undefined) content[hierarchy.column] = hierarchy.value;
  return { action: 'create', meta: shape.meta, state, id, content, changes };
}

export function computeUpdate(
  shape: EntityShape,
  state: EntityState,
  id: RecordId,
  guards: GuardMode,
): UpdateChangeSet | undefined {
  const row = state.row === undefined ? NO_ROW : state.row;
  const found = collectLinks(shape, state, row, collectValues(shape, state, row));
  if (found === undefined) return undefined;
  const { changes, assignments } = found;
  if (assignments.length === 0) return undefined;
  return {
    action: 'update',
    meta: shape.meta,
    state,
    id,
    changes,
    assignments,
    guard: guardOf(shape, state, row, assignments, guards),
  };
}

/** Made for the first change: most entities that a flush looks at have none. */
class FoundChanges {
  readonly changes = new Map<string, PropertyChange>();
  readonly assignments: ColumnAssignment[] = [];

  /** @param parts the members of an object that have changed, where they can be sent alone */
  add(
    meta: FieldMetadata | ComputedMetadata | LinkMetadata,
    old: unknown,
    now: unknown,
    sent: unknown,
    parts: ColumnAssignment['parts'] = [],
  ): this {
    this.changes.set(meta.property, { meta, old, new: now });
    this.assignments.push({ column: meta.column, operator: '=', value: sent, ...(parts.length > 0 && { parts }) });
    return this;
  }

  addMembers(meta: LinksMetadata, old: unknown, pending: CollectionChanges): this {
    const { column } = meta;
    const added = pending.added.map((link) => link.id);
    this.changes.set(meta.property, { meta, old, new: pending });
    if (pending.cleared) this.assignments.push({ column, operator: '=', value: added });
    else {
      if (added.length > 0) this.assignments.push({ column, operator: '+?=', value: added });
      if (pending.removed.length > 0) this.assignments.push({ column, operator: '-=', value: pending.removed });
    }
    return this;
  }
}

export function computeDelete(
  shape: EntityShape,
  state: EntityState,
  id: RecordId,
  guards: GuardMode,
): DeleteChangeSet {
  return {
    action: 'delete',
    meta: shape.meta,
    state,
    id,
    changes: new Map(),
    guard: wholeGuardOf(shape, state, guards),
  };
}

const NO_ROW: Row = Object.freeze({});

function collectValues(shape: EntityShape, state: EntityState, row: Row): FoundChanges | undefined {
  const instance = state.entity as Instance;
  const partial = state.loadedColumns !== undefined;
  let found = shape.holdsProduced(instance, row) ? undefined : producedChanges(shape, instance, row);
  if (!partial && shape.holdsRow(instance, row)) return found;
  for (const slot of shape.updatable) {
    if (partial && !state.isAssigned(slot.column, slot.property)) continue;
    const held = instance[slot.property];
    const raw = row[slot.column];
    if (held === raw && !isForced(partial, state, slot.column)) continue;
    const value = withoutNull(slot, held);
    if (sameOrMissing(slot.handler, value, raw) && !isForced(partial, state, slot.column)) continue;
    const parts = isMissing(value) || isMissing(raw) ? undefined : slot.handler.parts?.(value, raw);
    found = (found ?? new FoundChanges()).add(slot.meta, raw, value, encodeSlot(slot, value), parts);
  }
  return found;
}

/** What plain JavaScript assigns to values that are not its own (`version`, `createdAt`): validation refuses it. */
function producedChanges(shape: EntityShape, instance: Instance, row: Row): FoundChanges {
  const found = new FoundChanges();
  for (const { meta, property, column, handler } of shape.produced) {
    const [held, raw] = [instance[property], row[column]];
    if (held !== raw && !sameOrMissing(handler, held, raw)) found.add(meta, raw, held, held);
  }
  return found;
}

/** Nothing is known of a column that was not read: what it was given is written, even if it is nothing. */
function isForced(partial: boolean, state: EntityState, column: string): boolean {
  return partial && !state.isLoaded(column);
}

function collectLinks(
  shape: EntityShape,
  state: EntityState,
  row: Row,
  found: FoundChanges | undefined,
): FoundChanges | undefined {
  const instance = state.entity as Instance;
  const partial = state.loadedColumns !== undefined;
  let all = found;
  for (const link of shape.links) {
    if (link.end !== undefined || (partial && !state.isAssigned(link.column, link.property))) continue;
    const target = linkedId(instance[link.property]);
    const raw = row[link.column] as RecordId | undefined | null;
    const same = target === undefined ? isMissing(raw) : target === raw || target.equals(raw);
    if (same && !isForced(partial, state, link.column)) continue;
    all = (all ?? new FoundChanges()).add(link, raw, target, target);
  }
  for (const links of shape.linkArrays) {
    const collection = instance[links.property];
    const pending = LinkCollection.is(collection) ? collection.changes() : undefined;
    if (pending !== undefined) all = (all ?? new FoundChanges()).addMembers(links, row[links.column], pending);
  }
  return all;
}

function guardOf(
  shape: EntityShape,
  state: EntityState,
  row: Row,
  assignments: readonly ColumnAssignment[],
  mode: GuardMode,
): Row {
  const guard: Row = { ...presumedGuard(state) };
  for (const column of shape.checkedColumns) if (state.isLoaded(column)) guard[column] = row[column];
  if (mode === 'changed')
    for (const { column, operator } of assignments)
      if (operator === '=' && state.isLoaded(column) && !shape.secretColumns.includes(column))
        guard[column] = row[column];
  return guard;
}

/** All that was read of a record. */
function wholeGuardOf(shape: EntityShape, state: EntityState, mode: GuardMode): Row {
  const row = state.row;
  const guard: Row = { ...presumedGuard(state) };
  if (row === undefined) return guard;
  for (const column of shape.checkedColumns) if (state.isLoaded(column)) guard[column] = row[column];
  if (mode === 'changed')
    for (const column of shape.storedColumns) if (state.isLoaded(column)) guard[column] = row[column];
  return guard;
}

/** Where the type does not admit NULL, `null` is NONE: left out on create, clearing the field on update. */
function encodeSlot(slot: ValueSlot, value: unknown): unknown {
  const given = withoutNull(slot, value);
  if (isMissing(given)) return given === null ? null : undefined;
  try {
    return slot.handler.encode(given);
  } catch (error) {
    throw error instanceof RangeError ? endlessValue(slot.meta.path, error) : error;
  }
}

function linkedId(value: unknown): RecordId | undefined {
  return LinkReference.is(value) ? value.id : undefined;
}
