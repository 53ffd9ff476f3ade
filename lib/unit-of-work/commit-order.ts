import type { EntityMetadata, LinkMetadata, LinksMetadata } from '../metadata/entity-metadata.js';
import { identityOf, toRecordId } from '../values/index.js';
import type { ChangeSet } from './change-set.js';

/**
 * Creates and updates with the linked-to class first, deletes with it last. Ids are made in the client, so a cycle needs no
 * second pass: it is cut where it closes, preferably at an optional link. Where classes link in a circle, records are put in
 * the order of their own links.
 */
export function inCommitOrder(sets: readonly ChangeSet[]): ChangeSet[] {
  if (sets.length < 2) return [...sets];
  const metas = sortByDependency([...new Set(sets.map((set) => set.meta))]);
  const rank = new Map(metas.map((meta, index) => [meta, index]));
  const rankOf = (set: ChangeSet) => rank.get(set.meta) as number;
  const writes = sets.filter((set) => set.action !== 'delete');
  const deletes = sets.filter((set) => set.action === 'delete');
  if (metas.length > 1) {
    writes.sort((a, b) => rankOf(a) - rankOf(b));
    deletes.sort((a, b) => rankOf(b) - rankOf(a));
  }
  if (!isCircular(metas, rank)) return [...writes, ...deletes];
  return [...byOwnLinks(writes), ...byOwnLinks(deletes.reverse()).reverse()];
}

function isCircular(metas: readonly EntityMetadata[], rank: ReadonlyMap<EntityMetadata, number>): boolean {
  const leadsBack = (meta: EntityMetadata) =>
    linksOf(meta).some((link) =>
      link.targets().some((target) => (rank.get(target) ?? -1) >= (rank.get(meta) as number)),
    );
  return metas.some(leadsBack);
}

/** Each record after those that it links to; a circle of records is cut where it closes. */
function byOwnLinks(sets: readonly ChangeSet[]): ChangeSet[] {
  const byId = new Map(sets.map((set) => [identityOf(set.id), set]));
  const sorted = new Set<ChangeSet>();
  const seen = new Set<ChangeSet>();
  for (const start of sets) {
    const path = [start];
    for (let set = path.at(-1); set !== undefined; set = path.at(-1)) {
      const next = seen.has(set) ? [] : linkedIn(set, byId).filter((one) => !seen.has(one));
      seen.add(set);
      if (next.length > 0) path.push(...next);
      else sorted.add(path.pop() as ChangeSet);
    }
  }
  return [...sorted];
}

function linkedIn(set: ChangeSet, byId: ReadonlyMap<string, ChangeSet>): ChangeSet[] {
  const row = set.action === 'create' ? set.content : set.state.row;
  return linksOf(set.meta).flatMap(({ column }) => {
    const value = row?.[column];
    const ids: unknown[] = Array.isArray(value) ? value : [value];
    return ids.flatMap((one) => {
      const id = toRecordId(one);
      const linked = id === undefined ? undefined : byId.get(identityOf(id));
      return linked === undefined || linked === set ? [] : [linked];
    });
  });
}

/** Depth first: a class follows the classes that it links to. */
export function sortByDependency(metas: readonly EntityMetadata[]): EntityMetadata[] {
  const sorted: EntityMetadata[] = [];
  const visiting = new Set<EntityMetadata>();
  const present = new Set(metas);
  const visit = (meta: EntityMetadata): void => {
    if (visiting.has(meta) || !present.has(meta)) return;
    visiting.add(meta);
    for (const target of [...linkTargets(meta, false), ...linkTargets(meta, true)])
      for (const each of target.hierarchy?.members() ?? [target]) visit(each);
    sorted.push(meta);
  };
  for (const meta of metas) visit(meta);
  return sorted;
}

function linksOf(meta: EntityMetadata): (LinkMetadata | LinksMetadata)[] {
  return meta.properties.filter((property) => property.kind === 'link' || property.kind === 'links');
}

function linkTargets(meta: EntityMetadata, optional: boolean): EntityMetadata[] {
  return linksOf(meta).flatMap((link) =>
    (link.kind === 'link' && link.optional === optional) || (link.kind === 'links' && optional)
      ? [...link.targets()]
      : [],
  );
}
