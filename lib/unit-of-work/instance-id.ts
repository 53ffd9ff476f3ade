import type { EntityState } from '../entity/entity-state.js';
import { makeId } from '../entity/make-id.js';
import { toRecordId, type RecordId } from '../values/index.js';
import type { TrackedLinks } from './tracked-links.js';

/** The id that a new instance was given in any form, or one made for it; undefined while neither can be. */
export function idOfInstance(
  { meta, entity, id }: EntityState,
  links: Pick<TrackedLinks, 'toId'>,
): RecordId | undefined {
  const given = (entity as { readonly id?: unknown }).id;
  if (given === undefined) return id ?? makeId(meta, entity);
  return links.toId(meta, toRecordId(given) ?? given);
}
