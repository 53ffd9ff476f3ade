import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { ChangeSet } from './change-set.js';

/**
 * Creates and updates with the linked-to class first, deletes with it last. Ids are made in the client, so a cycle needs no
 * second pass: it is cut where it closes, preferably at an optional link.
 */
export function inCommitOrder(sets: readonly ChangeSet[]): ChangeSet[] {
  if (sets.length < 2) return [...sets];
  const metas = [...new Set(sets.map((set) => set.meta))];
  if (metas.length < 2) return [...sets];
  const rank = new Map(sortByDependency(metas).map((meta, index) => [meta, index]));
  const rankOf = (set: ChangeSet) => rank.get(set.meta) as number;
  const writes = sets.filter((set) => set.action !== 'delete').sort((a, b) => rankOf(a) - rankOf(b));
  const deletes = sets.filter((set) => set.action === 'delete').sort((a, b) => rankOf(b) - rankOf(a));
  return [...writes, ...deletes];
}

/** Depth first: a class follows the classes that it links to. */
export function sortByDependency(metas: readonly EntityMetadata[]): EntityMetadata[] {
  const sorted: EntityMetadata[] = [];
  const visiting = new Set<EntityMetadata>();
  const present = new Set(metas);
  const visit = (meta: EntityMetadata): void => {
    if (visiting.has(meta) || !present.has(meta)) return;
    visiting.add(meta);
    for (const target of [...linkTargets(meta, false), ...linkTargets(meta, true)]) visit(target);
    sorted.push(meta);
  };
  for (const meta of metas) visit(meta);
  return sorted;
}

function linkTargets(meta: EntityMetadata, optional: boolean): EntityMetadata[] {
  return meta.properties.flatMap((property) =>
    property.kind === 'link' && property.optional === optional ? [...property.targets()] : [],
  );
}
