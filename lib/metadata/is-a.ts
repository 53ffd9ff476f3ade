import type { EntityClass, EntityMetadata } from './entity-metadata.js';

export function isOrExtends(target: EntityClass, base: EntityClass): boolean {
  return target === base || Object.prototype.isPrototypeOf.call(base.prototype as object, target.prototype as object);
}

/** Whether every record of one entity is one of the other: itself, or a class above it that shares its table. */
export function isA(entity: EntityMetadata, base: EntityMetadata): boolean {
  return entity === base || (entity.hierarchy !== undefined && base.hierarchy?.members().includes(entity) === true);
}

/** Whether a record of one entity may be one of the other. */
export function mayBe(entity: EntityMetadata, other: EntityMetadata): boolean {
  return isA(entity, other) || isA(other, entity);
}
