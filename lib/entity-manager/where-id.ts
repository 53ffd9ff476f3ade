import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { isPlainData } from '../entity/plain-data.js';
import { toId, type QueryContext } from '../query/index.js';
import { isFragment } from '../surrealql/surql.js';
import type { RecordId } from '../values/index.js';

/** The record id that a where names: a key, an id, an entity, or `{ id }` alone; undefined for any other where. */
export function asRecordId(meta: EntityMetadata, where: unknown, context: QueryContext): RecordId | undefined {
  if (where === undefined || where === null || isFragment(where)) return undefined;
  if (!isPlainData(where)) return toId(meta, where, context);
  const { id, ...rest } = where;
  if (id === undefined || id === null || Object.keys(rest).length > 0 || isPlainData(id) || isFragment(id))
    return undefined;
  return toId(meta, id, context);
}
