import { stateOf } from '../../entity/stamp.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';

/** Entities that the caller's EntityManager tracks are linked by their ids: the rows belong to no unit of work. */
export function linkedById(meta: EntityMetadata, row: object): object {
  const linked: Record<string, unknown> = { ...row };
  for (const property of meta.properties) {
    const given = linked[property.property];
    if (property.kind === 'link') linked[property.property] = idOrItself(given);
    else if (property.kind === 'links' && Array.isArray(given)) linked[property.property] = given.map(idOrItself);
  }
  return linked;
}

function idOrItself(target: unknown): unknown {
  return stateOf(target)?.id ?? target;
}
