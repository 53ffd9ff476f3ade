import type { RecordId } from '../values/index.js';
import type { EntityState } from './entity-state.js';
import type { CollectionMetadata } from './link-host.js';
import { stateOf } from './stamp.js';

/** Where an edge of a collection leads from its owner; undefined for an edge that is gone itself. */
export function otherEnd(edge: object, owner: EntityState, meta: CollectionMetadata): RecordId | undefined {
  const ends = stateOf(edge)?.row as { readonly in: RecordId; readonly out: RecordId } | undefined;
  if (ends === undefined) return undefined;
  const direction = meta.kind === 'edges' ? meta.direction : 'out';
  if (direction === 'both') return ends.in.equals(owner.id) ? ends.out : ends.in;
  return ends[direction];
}
