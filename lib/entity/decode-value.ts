import type { ComputedMetadata, FieldMetadata } from '../metadata/entity-metadata.js';
import { handlerOfField } from './field-handler.js';
import { handlerOfType } from './type-handler.js';
import type { ValueHandler } from './value-handler.js';

/** How single values of a field are read, away from an entity: as the property would hold them, and null where there is none. */
export function valueDecoder(field: FieldMetadata | ComputedMetadata | undefined): (raw: unknown) => unknown {
  const decode = field === undefined ? undefined : handlerOf(field).decode;
  if (decode === undefined) return (raw) => raw ?? null;
  return (raw) => (raw === undefined || raw === null ? null : decode(raw));
}

function handlerOf(field: FieldMetadata | ComputedMetadata): ValueHandler {
  return field.kind === 'field' ? handlerOfField(field) : handlerOfType(field.type);
}
