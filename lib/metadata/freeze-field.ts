import { admitsNone, admitsNull } from '../types/admits.js';
import type { SurrealType } from '../types/surreal-type.js';
import type { CollectedProperty } from './collect.js';
import type { FieldMetadata } from './entity-metadata.js';
import type { FieldOptions } from './options.js';

/** The metadata of a stored field: what each has, and what its decorator adds. */
export function freezeField(
  { property, path, hidden, concurrencyCheck }: CollectedProperty,
  type: SurrealType,
  options: Pick<FieldOptions, 'name' | 'hidden' | 'comment'>,
  rest: Partial<FieldMetadata>,
): FieldMetadata {
  return Object.freeze({
    kind: 'field',
    property,
    path,
    column: options.name === undefined ? property : options.name,
    type,
    role: 'plain',
    hidden: hidden || options.hidden === true,
    immutable: false,
    serverProduced: false,
    optional: admitsNone(type),
    nullable: admitsNull(type),
    defaultAlways: false,
    flexible: false,
    embeddedMany: false,
    lazy: false,
    concurrencyCheck,
    ...(options.comment !== undefined && { comment: options.comment }),
    ...rest,
  });
}
