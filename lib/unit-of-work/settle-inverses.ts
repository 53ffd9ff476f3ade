import { collectionOf } from '../entity/hydrate.js';
import type { LinkMetadata, LinksMetadata } from '../metadata/entity-metadata.js';
import { identityOf, toRecordId, type RecordId } from '../values/index.js';
import type { CollectionWork, FlushWork } from './change-set.js';
import type { RollbackJournal } from './journal.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Inverse collections that are known, after links of their members were written. */
export function settleInverses(uow: UnitOfWork, work: FlushWork, journal?: RollbackJournal): void {
  const { changeSets, collections } = work;
  for (const set of changeSets) {
    if (set.action === 'delete') continue;
    for (const { meta, old } of set.changes.values()) {
      if ((meta.kind !== 'link' && meta.kind !== 'links') || (meta.kind === 'link' && meta.end !== undefined)) continue;
      const before = new Map(idsIn(old).map((id) => [identityOf(id), id]));
      const now = new Map(idsIn(set.state.row?.[meta.column]).map((id) => [identityOf(id), id]));
      for (const [key, id] of now) if (!before.has(key)) eachInverse(uow, meta, id, (one) => one.include(set.id));
      const key = new Set([identityOf(set.id)]);
      for (const [other, id] of before) if (!now.has(other)) eachInverse(uow, meta, id, (one) => one.exclude(key));
    }
  }

  for (const one of collections) settleAsked(uow, one);

  function eachInverse(
    tracker: UnitOfWork,
    link: LinkMetadata | LinksMetadata,
    target: RecordId,
    visit: (collection: NonNullable<ReturnType<typeof collectionOf>>) => void,
  ): void {
    const state = tracker.get(target);
    if (state === undefined) return;
    for (const property of tracker.shapes.of(state.meta).collections) {
      if (property.kind !== 'inverse' || property.inverse() !== link) continue;
      const collection = collectionOf(state, property.property);
      if (collection === undefined) continue;
      journal?.rememberCollection(collection);
      visit(collection);
    }
  }
}

/** What was added to an inverse side, or taken out of it, without a change of the link. */
function settleAsked(uow: UnitOfWork, { owner, property, collection, changes }: CollectionWork): void {
  if (property.kind !== 'inverse') return;
  const { column } = property.inverse();
  const leadsHere = (id: RecordId) => idsIn(uow.get(id)?.row?.[column]).some((target) => target.equals(owner.id));
  for (const { id } of changes.added) if (leadsHere(id)) collection.include(id);
  for (const id of changes.removed) if (!leadsHere(id)) collection.exclude(new Set([identityOf(id)]));
}

function idsIn(value: unknown): RecordId[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => toRecordId(item)).filter((id) => id !== undefined);
}
