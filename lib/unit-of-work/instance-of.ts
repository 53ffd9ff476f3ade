import { ValidationError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';

/** A new instance, made by the class's own constructor, which is given nothing: the data is taken on afterwards. */
export function instanceOf(meta: EntityMetadata): object {
  const Constructor = meta.target as unknown as (new () => object) & { readonly length: number };
  try {
    return new Constructor();
  } catch (error) {
    // What a constructor throws that asks for nothing is its own affair.
    throw Constructor.length === 0 ? error : wantsArguments(meta, error);
  }
}

function wantsArguments(meta: EntityMetadata, cause: unknown): ValidationError {
  return new ValidationError({
    what: `No ${meta.className} can be made: its constructor asks for arguments and is called without`,
    why: cause instanceof Error ? cause.message : String(cause),
    fix: [
      'make its parameters optional: em.create takes the data on after the constructor, reads do not call it',
      `make the instance yourself, and em.persist(new ${meta.className}(…))`,
    ],
    cause,
  });
}
