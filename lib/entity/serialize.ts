import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { kindOf } from '../values/index.js';
import { LinkCollection } from './link-collection.js';
import { LinkReference } from './link-reference.js';
import { stateOf } from './stamp.js';

/** The loaded graph from an entity as plain data: an unloaded link is its id, and so is an entity that is being written already. */
export function serializeEntity(meta: EntityMetadata, entity: object): unknown {
  return writeEntity(meta, entity, new Set());
}

function writeEntity(meta: EntityMetadata, entity: object, open: Set<object>): unknown {
  open.add(entity);
  const json: Record<string, unknown> = {};
  for (const [name, held] of Object.entries(entity)) {
    const property = meta.byProperty.get(name);
    if (property !== undefined && 'hidden' in property && property.hidden) continue;
    const value = writeValue(held, open);
    if (value !== undefined) json[name] = value;
  }
  open.delete(entity);
  return json;
}

function writeValue(value: unknown, open: Set<object>): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (LinkReference.is(value)) return writeTarget(value.peek(), value.id, open);
  if (LinkCollection.is(value)) return writeCollection(value, open);
  if (Array.isArray(value)) return value.map((item) => writeValue(item, open));
  if (value instanceof Set) return Array.from(value, (item) => writeValue(item, open));
  if (value instanceof Map)
    return Object.fromEntries(Array.from(value, ([key, item]) => [String(key), writeValue(item, open)]));
  if (kindOf(value) !== undefined || value instanceof Date || ArrayBuffer.isView(value)) return value;
  const state = stateOf(value);
  if (state !== undefined) return writeTarget(value, state.id, open);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, writeValue(item, open)]));
}

function writeTarget(target: object | undefined, id: unknown, open: Set<object>): unknown {
  const state = stateOf(target);
  return target === undefined || state === undefined || open.has(target)
    ? String(id)
    : writeEntity(state.meta, target, open);
}

function writeCollection(collection: LinkCollection, open: Set<object>): unknown {
  if (collection.isLoaded) return collection.get().map((item) => writeTarget(item, stateOf(item)?.id, open));
  const ids = collection.toJSON();
  return Array.isArray(ids) ? ids : undefined;
}
