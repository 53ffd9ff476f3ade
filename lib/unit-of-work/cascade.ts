import type { EntityShape } from '../entity/entity-shape.js';
import { attachCollections, collectionOf, idsOf } from '../entity/hydrate.js';
import type { EntityState } from '../entity/entity-state.js';
import { LinkCollection } from '../entity/link-collection.js';
import type { CollectionMetadata } from '../entity/link-host.js';
import { LinkReference } from '../entity/link-reference.js';
import type { CollectionChanges } from '../entity/pending-links.js';
import { stateOf } from '../entity/stamp.js';
import { ValidationError } from '../errors/index.js';
import type { PropertyMetadata } from '../metadata/entity-metadata.js';
import type { UnitOfWork } from './unit-of-work.js';

type Instance = Record<string, unknown>;

/** Finds new entities behind the relations of tracked ones: owned ones are persisted, any other is an error that names the path. */
export function cascadePersist(uow: UnitOfWork, roots: Iterable<EntityState>): void {
  const persisted: EntityState[] = [];
  for (const state of roots) persistTargets(uow, state, persisted);
  // It grows as long as new ones lead to others.
  for (const state of persisted) persistTargets(uow, state, persisted);
}

function persistTargets(uow: UnitOfWork, state: EntityState, persisted: EntityState[]): void {
  const shape = uow.shapes.of(state.meta);
  if (shape.links.length === 0 && shape.collections.length === 0) return;
  if (state.phase === 'removed' && !uow.softRemovals.has(state)) return;
  normaliseLinks(uow, shape, state);
  for (const [property, target] of newTargets(uow, shape, state)) {
    if (isForgotten(target)) throw forgotten(state, property, target);
    if (!owns(property)) throw unreachable(state, property, target);
    uow.persist(target);
    persisted.push(stateOf(target) as EntityState);
  }
}

/** A bare entity, id or text that was assigned to a link becomes a link, and another entity's link one of this entity. */
function normaliseLinks(uow: UnitOfWork, shape: EntityShape, state: EntityState): void {
  const instance = state.entity as Instance;
  for (const link of shape.links) {
    const held = instance[link.property];
    if (held === undefined || (LinkReference.is(held) && held.belongsTo(state, link))) continue;
    if (held === null) instance[link.property] = undefined;
    else if (LinkReference.is(held)) instance[link.property] = new LinkReference(held.id, held.peek(), state, link);
    else uow.assign(state.entity, { [link.property]: held });
  }
  for (const collection of shape.collections) {
    const held = instance[collection.property];
    if (held === undefined || (LinkCollection.is(held) && held.belongsTo(state))) continue;
    replaceCollection(uow, shape, state, collection);
  }
}

/** What stands where a collection belongs becomes its members; a collection of another entity lends its own. */
function replaceCollection(uow: UnitOfWork, shape: EntityShape, state: EntityState, meta: CollectionMetadata): void {
  const instance = state.entity as Instance;
  const given = instance[meta.property];
  instance[meta.property] = undefined;
  attachCollections(shape, state);
  const stored = meta.kind === 'links' ? state.row?.[meta.column] : undefined;
  if (stored !== undefined) collectionOf(state, meta.property)?.adoptIds(idsOf(stored));
  try {
    uow.assign(state.entity, { [meta.property]: given });
  } catch (error) {
    instance[meta.property] = given;
    throw error;
  }
}

type NewTarget = readonly [property: PropertyMetadata, target: object];
const NO_TARGETS: readonly NewTarget[] = [];

/** What the relations of an entity hold that is not tracked. Every flush asks it of every entity, mostly in vain. */
function newTargets(uow: UnitOfWork, shape: EntityShape, state: EntityState): readonly NewTarget[] {
  const instance = state.entity as Instance;
  let found: NewTarget[] | undefined;
  for (const link of shape.links) {
    const held = instance[link.property];
    const target = LinkReference.is(held) ? held.held : undefined;
    if (target === undefined || !isUntracked(uow, target)) continue;
    // What went after the link was written is the server's business (`onDelete`).
    const isStored = isForgotten(target) && (held as LinkReference).id.equals(state.row?.[link.column]);
    if (!isStored) (found ??= []).push([link, target]);
  }
  for (const collection of shape.collections) {
    const held = instance[collection.property];
    const added = LinkCollection.is(held) ? held.changes()?.added : undefined;
    for (const { entity } of added ?? NO_LINKS) {
      if (entity === undefined || !isUntracked(uow, entity)) continue;
      // The link of an inverse side is the member's own, and goes with it.
      if (collection.kind !== 'inverse' || !isForgotten(entity)) (found ??= []).push([collection, entity]);
    }
  }
  return found ?? NO_TARGETS;
}

const NO_LINKS: CollectionChanges['added'] = [];

function isUntracked(uow: UnitOfWork, target: object): boolean {
  const state = stateOf(target);
  if (state === undefined || (state.phase === 'new' && !uow.isTracked(state))) return true;
  return isForgotten(target) && (state.id === undefined || uow.get(state.id) === undefined);
}

/** Removed before it was stored, or deleted by now. */
function isForgotten(target: object): boolean {
  const state = stateOf(target);
  return state?.phase === 'detached' && state.row === undefined;
}

function owns(property: PropertyMetadata): boolean {
  return 'owns' in property && property.owns;
}

function forgotten(state: EntityState, property: PropertyMetadata, target: object): ValidationError {
  const name = `${target.constructor.name} ${String(stateOf(target)?.id)}`;
  return new ValidationError({
    what: `${property.path} of ${String(state.id)} holds ${name}, which was removed`,
    why: 'the link would lead nowhere; nothing was sent',
    fix: ['point it elsewhere or take it away', 'keep the target: em.persist(…)'],
    errors: [{ path: property.path, message: `links to ${name}, which was removed`, rule: 'removed' }],
  });
}

function unreachable(state: EntityState, property: PropertyMetadata, target: object): ValidationError {
  const name = target.constructor.name;
  return new ValidationError({
    what: `${property.path} of ${String(state.id)} holds a new ${name} that was not persisted`,
    why: 'only owned relations persist what they reach',
    fix: [
      `persist it: em.persist(…)`,
      `let the relation own it: { owns: true }`,
      `create it with the owner's data: em.create(${state.meta.className}, { ${property.property}: { … } })`,
    ],
    errors: [{ path: property.path, message: `holds a new ${name} that was not persisted`, rule: 'cascade' }],
  });
}
