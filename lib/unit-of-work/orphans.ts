import { collectionOf } from '../entity/hydrate.js';
import type { EntityPhase, EntityState } from '../entity/entity-state.js';
import { LinkCollection } from '../entity/link-collection.js';
import { LinkReference } from '../entity/link-reference.js';
import type { EntityMetadata, InverseMetadata } from '../metadata/entity-metadata.js';
import type { OwningProperty } from '../entity/entity-shape.js';
import { stateOf } from '../entity/stamp.js';
import { identityOf, type RecordId } from '../values/index.js';
import type { UnitOfWork } from './unit-of-work.js';

/** An owned entity that goes unless another owner has it; `hard`: for good, even where its class is deleted softly. */
interface Leaving {
  readonly child: EntityState;
  readonly hard: boolean;
}

const leaving = (child: EntityState): Leaving => ({ child, hard: false });

/**
 * Which owned entities go with a flush: those whose owner goes, or lets go of them, unless another owner has them by then.
 * It is decided when the flush is made, so that a child may move at any time before.
 */
export class Orphans {
  readonly #uow: UnitOfWork;
  /** What owners have let go of since the last flush. */
  readonly #letGo = new Map<EntityState, EntityState>();
  /** With the phase that each had before. */
  readonly #decided = new Map<EntityState, EntityPhase>();
  #settling: readonly EntityState[] = [];

  constructor(uow: UnitOfWork) {
    this.#uow = uow;
  }

  letGo(child: EntityState, owner: EntityState): void {
    this.#letGo.set(child, owner);
  }

  /** A new owner is forgotten: what it owns has no other place. */
  abandon(owner: EntityState): void {
    for (const property of this.#owning(owner.meta))
      for (const child of this.#known(property, ownedOf(owner, property).now)) this.letGo(child, owner);
  }

  get isWaiting(): boolean {
    return this.#letGo.size > 0;
  }

  /** Whether it may go with the next flush. */
  isLetGo(state: EntityState): boolean {
    return this.#letGo.has(state);
  }

  /** Those that were let go of and stay nevertheless. */
  get kept(): readonly EntityState[] {
    return this.#settling.filter((state) => stays(state));
  }

  /** Marks as removed all that goes with a flush of these (or all) entities. */
  decide(scope: ReadonlySet<EntityState> | undefined): readonly EntityState[] {
    this.undo();
    this.#settling = [...this.#letGo].filter(([, owner]) => scope?.has(owner) !== false).map(([child]) => child);
    const pending = [...this.#settling.map(leaving), ...this.#candidates(scope ?? this.#uow.states())];
    if (pending.length === 0) return [];
    const holders = new Holders(this.#uow);
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { child, hard } = next;
      if (child.phase === 'removed' || child.phase === 'detached' || holders.claim(child)) continue;
      this.#decided.set(child, child.phase);
      this.#uow.softRemovals.note(child, hard);
      this.#uow.drop(child);
      pending.push(...this.#belongings(child));
    }
    return [...this.#decided.keys()];
  }

  /** Of a target that was not read only the id is known: nobody can tell whether there is such a record. */
  isKnownById(state: EntityState): boolean {
    return this.#decided.get(state) === 'reference';
  }

  /** What a state was before the flush under way marked it as removed. */
  phaseBefore(state: EntityState): EntityPhase {
    return this.#decided.get(state) ?? state.phase;
  }

  /** The removal was asked for: it does not depend on owners. */
  insist(state: EntityState): void {
    this.#letGo.delete(state);
    this.#decided.delete(state);
  }

  /** The flush has failed, or is only thought of. */
  undo(): void {
    for (const [state, before] of this.#decided) {
      if (before === 'new') this.#uow.persist(state.entity);
      else if (state.phase === 'removed') state.phase = before;
    }
    this.#decided.clear();
  }

  settled(): void {
    for (const child of this.#settling) this.#letGo.delete(child);
    this.#settling = [];
    this.#decided.clear();
  }

  *#candidates(states: Iterable<EntityState>): Iterable<Leaving> {
    if (ownersOf(this.#uow).size === 0) return;
    for (const state of states) {
      if (state.replaces !== undefined) yield* this.#belongings(state.replaces);
      if (state.phase === 'removed') yield* this.#belongings(state);
      else if (state.row !== undefined) yield* this.#replaced(state);
    }
  }

  /** All that a removed entity owns, as far as it is known here. */
  *#belongings(owner: EntityState): Iterable<Leaving> {
    const { softRemovals } = this.#uow;
    for (const property of this.#owning(owner.meta)) {
      const { now, stored } = ownedOf(owner, property);
      for (const child of this.#known(property, [...now, ...stored]))
        // Of what can be restored nothing is to be missing then.
        if (!softRemovals.has(owner) || child.meta.softDelete !== undefined)
          yield { child, hard: softRemovals.isHard(owner) };
    }
  }

  /** What an owned link led to before it was assigned. */
  *#replaced(owner: EntityState): Iterable<Leaving> {
    for (const property of this.#owning(owner.meta)) {
      if (property.kind !== 'link') continue;
      const { now, stored } = ownedOf(owner, property);
      const left = stored.filter((id) => !now.some((other) => other.equals(id)));
      yield* this.#known(property, left).map(leaving);
    }
  }

  #owning(meta: EntityMetadata): readonly OwningProperty[] {
    return ownersOf(this.#uow).get(meta) ?? [];
  }

  #known(property: OwningProperty, ids: readonly RecordId[]): EntityState[] {
    return ids.map((id) => this.#uow.referenceTo(this.#uow.registry.byTable(id.table) ?? property.target(), id));
  }
}

/** Who owns what, once the changes under way are written. */
class Holders {
  readonly #uow: UnitOfWork;
  readonly #inverses: InverseMetadata[] = [];
  readonly #byTarget = new Map<string, EntityState[]>();

  constructor(uow: UnitOfWork) {
    this.#uow = uow;
    const owners = ownersOf(uow);
    for (const properties of owners.values())
      for (const property of properties) if (property.kind === 'inverse') this.#inverses.push(property);
    for (const state of uow.states()) {
      if (state.phase === 'removed') continue;
      for (const property of owners.get(state.meta) ?? [])
        if (property.kind !== 'inverse') for (const id of ownedOf(state, property).now) this.#add(id, state);
    }
  }

  /** Whether an owner that stays has this entity. */
  claim(child: EntityState): boolean {
    const holders = child.id === undefined ? [] : (this.#byTarget.get(identityOf(child.id)) ?? []);
    return holders.some(stays) || this.#inverses.some((property) => this.#pointsToOwner(child, property));
  }

  #pointsToOwner(child: EntityState, property: InverseMetadata): boolean {
    if (property.target().table !== child.meta.table) return false;
    const { kind, property: name } = property.inverse();
    if (kind === 'links') return (collectionOf(child, name)?.knownIds ?? []).some((id) => this.#isOwner(id));
    const held = (child.entity as Record<string, unknown>)[name];
    return LinkReference.is(held) && this.#isOwner(held.id, held.peek());
  }

  /** An owner that nobody has read here is there; a new one that was forgotten is not. */
  #isOwner(id: RecordId, entity?: object): boolean {
    const state = this.#uow.get(id) ?? (entity === undefined ? undefined : stateOf(entity));
    return state === undefined || stays(state);
  }

  #add(id: RecordId, holder: EntityState): void {
    const key = identityOf(id);
    const known = this.#byTarget.get(key);
    if (known === undefined) this.#byTarget.set(key, [holder]);
    else known.push(holder);
  }
}

/** The classes that own others, with the relations by which they do. */
const ownersOf = ({ shapes, registry }: UnitOfWork) => shapes.ownersOf(registry.entities);

/** What an owner has now, and what its row says, as far as either is known. */
function ownedOf(owner: EntityState, property: OwningProperty): Record<'now' | 'stored', readonly RecordId[]> {
  const held = (owner.entity as Record<string, unknown>)[property.property];
  if (property.kind !== 'link') return { now: LinkCollection.is(held) ? held.knownIds : [], stored: [] };
  const stored = owner.row?.[property.column] as RecordId | null | undefined;
  return {
    now: LinkReference.is(held) ? [held.id] : [],
    stored: stored === undefined || stored === null ? [] : [stored],
  };
}

const stays = ({ phase }: EntityState): boolean => phase !== 'removed' && phase !== 'detached';
