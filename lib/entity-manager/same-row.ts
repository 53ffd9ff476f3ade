import type { Row } from '../entity/row.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { isSecret } from '../metadata/is-secret.js';
import { equals } from '../values/index.js';

/** Whether two rows of an entity hold the same; what is written and never read back is no part of either. */
export function sameRow({ byColumn }: EntityMetadata, left: Row | undefined, right: Row | undefined): boolean {
  for (const [column, property] of byColumn) {
    if (!isSecret(property) && !equals(left?.[column], right?.[column])) return false;
  }
  return true;
}
