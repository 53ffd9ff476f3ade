import type { FieldMetadata, PropertyMetadata } from './entity-metadata.js';

/** What the server hashes when it is written, and nobody reads. */
export function isSecret(property: PropertyMetadata): property is FieldMetadata {
  return property.kind === 'field' && property.role === 'encrypted';
}
