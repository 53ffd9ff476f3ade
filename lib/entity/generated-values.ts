import { Uuid, ulid } from '../values/index.js';
import type { FieldMetadata } from '../metadata/entity-metadata.js';
import type { EntityShape } from './entity-shape.js';

/** Gives a new entity what `generate` makes, as far as nobody has given it: it is there before the record is. */
export function fillGenerated({ generated }: EntityShape, entity: object): void {
  const instance = entity as Record<string, unknown>;
  for (const field of generated) if (instance[field.property] === undefined) instance[field.property] = generate(field);
}

function generate({ generate: how }: FieldMetadata): unknown {
  if (typeof how === 'function') return how();
  return how === 'ulid' ? ulid() : Uuid.v7();
}
