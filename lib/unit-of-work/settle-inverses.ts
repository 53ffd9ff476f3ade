import { collectionOf } from '../entity/hydrate.js';
import type { EntityMetadata, LinkMetadata, LinksMetadata } from '../metadata/entity-metadata.js';
import { isA } from '../metadata/is-a.js';
import { identityOf, toRecordId, type RecordId } from '../values/index.js';
import type { CollectionWork, CreateChangeSet, FlushWork, UpdateChangeSet } from './change-set.js';
import type { RollbackJournal } from './journal.js';
import { isRestored } from './soft-delete.js';
import type { UnitOfWork } from './unit-of-work.js';

type LinkProperty = LinkMetadata | LinksMetadata;

/** Inverse collections that are known, after links of their members were written. */
export function settleInverses(uow: UnitOfWork, work: FlushWork, journal?: RollbackJournal): void {
  const { changeSets, collections } = work;
  for (const set of changeSets) {
    if (set.action === 'delete') continue;
    for (const [meta, old] of linksOf(uow, set)) {
      const before = new Map(idsIn(old).map((id) => [identityOf(id), id]));
      const now = new Map(idsIn(set.state.row?.[meta.column]).map((id) => [identityOf(id), id]));
      for (const [key, id] of now)
        if (!before.has(key)) eachInverse(uow, [meta, set.meta], id, (one) => one.include(set.id));
      const key = new Set([identityOf(set.id)]);
      for (const [other, id] of before)
        if (!now.has(other)) eachInverse(uow, [meta, set.meta], id, (one) => one.exclude(key));
    }
  }

  for (const one of collections) settleAsked(uow, one);

  function eachInverse(
    tracker: UnitOfWork,
    [link, of]: readonly [LinkProperty, EntityMetadata],
    target: RecordId,
    visit: (collection: NonNullable<ReturnType<typeof collectionOf>>) => void,
  ): void {
    const state = tracker.get(target);
    if (state === undefined) return;
    for (const property of tracker.shapes.of(state.meta).collections) {
      if (property.kind !== 'inverse' || !isSame(property.inverse(), link, property.target(), of)) continue;
      const collection = collectionOf(state, property.property);
      if (collection === undefined) continue;
      journal?.rememberCollection(collection);
      visit(collection);
    }
  }
}

/** A link that classes of one table have in common is one in each of them. */
function isSame(a: LinkProperty, b: LinkProperty, ofA: EntityMetadata, ofB: EntityMetadata): boolean {
  return a === b || (a.column === b.column && isA(ofB, ofA));
}

/** The links that were written, with what stood there before; all of them where a record was replaced or has come back. */
function linksOf(uow: UnitOfWork, set: CreateChangeSet | UpdateChangeSet): (readonly [LinkProperty, unknown])[] {
  const row = set.action === 'create' ? set.replaces?.row : undefined;
  const shape = uow.shapes.of(set.meta);
  const links = [...shape.links.filter(({ end }) => end === undefined), ...shape.linkArrays];
  if (isRestored(set)) return links.map((meta) => [meta, undefined] as const);
  if (row !== undefined) return links.map((meta) => [meta, row[meta.column]] as const);
  return links.flatMap((meta) => {
    const change = set.changes.get(meta.property);
    return change === undefined ? [] : [[meta, change.old] as const];
  });
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
