import type { EntityClass, EntityMetadata, MetadataRegistry } from '../metadata/entity-metadata.js';
import { notAnEntity } from './errors.js';

/** The metadata of any instance of an entity class. @throws ValidationError for anything else */
export function metadataOfInstance(registry: MetadataRegistry, entity: object, verb: string): EntityMetadata {
  const meta = registry.find(entity.constructor as EntityClass);
  if (meta === undefined) throw notAnEntity(entity, verb);
  return meta;
}
