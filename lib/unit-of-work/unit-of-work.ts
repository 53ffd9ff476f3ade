import type { EntityState } from '../entity/entity-state.js';
import type { EntityShapes } from '../entity/entity-shape.js';
import { complete, forgetDetached, rehydrate } from '../entity/hydrate.js';
import { fillGenerated } from '../entity/generated-values.js';
import type { EntityOwner } from '../entity/link-host.js';
import type { PendingLink } from '../entity/pending-links.js';
import type { Row } from '../entity/row.js';
import { stampState, stateOf } from '../entity/stamp.js';
import type { EntityMetadata, MetadataRegistry } from '../metadata/entity-metadata.js';
import type { RecordId } from '../values/index.js';
import { Companions } from './companions.js';
import { DataAssigner } from './data-assigner.js';
import type { EntityRules } from './entity-rules.js';
import { becomeOne, classOf, showClass } from './class-of-record.js';
import { detachedEntity, foreignEntity, notAnEntity, readOnlyEntity, takenId } from './errors.js';
import { fillInstance, stateOfDetached } from './fill-instance.js';
import { IdentityMap } from './identity-map.js';
import { metadataOfInstance } from './metadata-of-instance.js';
import { idOfInstance } from './instance-id.js';
import { instanceOf } from './instance-of.js';
import { isClean } from './is-clean.js';
import { Orphans } from './orphans.js';
import { stateOfInstance, stateOfReference, stateOfRow } from './make-state.js';
import { requireData } from './require-data.js';
import { Scheduling } from './scheduling.js';
import { SoftRemovals } from './soft-removals.js';
import { TrackedLinks, type RelationReader } from './tracked-links.js';
import type { UnitContext } from './unit-context.js';

/** Hears of each instance that has just been made, by `create` or for a row. */
export type InitListener = (meta: EntityMetadata, entity: object) => void;

/**
 * Tracks the entities of one EntityManager: what is new, what was read, what is to go.
 * Flushing is the FlushRunner's.
 */
export class UnitOfWork implements EntityOwner, UnitContext {
  readonly registry: MetadataRegistry;
  readonly shapes: EntityShapes;
  readonly rules: EntityRules | undefined;
  readonly links: TrackedLinks;
  readonly softRemovals: SoftRemovals;
  readonly companions: Companions;
  /** Edges that collections have asked for and no flush has made yet. */
  readonly edges = new WeakMap<PendingLink, object>();
  /** Decides what goes with its owner. */
  readonly orphans: Orphans;
  readonly #identities: IdentityMap;
  readonly #assigner = new DataAssigner(this);
  readonly #onInit: InitListener | undefined;
  readonly #scheduling = new Scheduling();

  constructor(
    { registry, shapes, rules }: UnitContext,
    reader: RelationReader,
    onInit?: InitListener,
    identities = new IdentityMap(),
  ) {
    this.#identities = identities;
    this.registry = registry;
    this.shapes = shapes;
    this.rules = rules;
    this.links = new TrackedLinks(this, reader);
    this.softRemovals = new SoftRemovals(reader);
    this.orphans = new Orphans(this);
    this.companions = new Companions(this);
    this.#onInit = onInit;
  }

  get size(): number {
    return this.#identities.size;
  }

  states(): readonly EntityState[] {
    return this.#identities.states();
  }

  /** Runs the constructor without arguments, takes the data and, unless told otherwise, schedules the insert. */
  create(meta: EntityMetadata, data: object, persist = true): object {
    if (meta.readOnly) throw readOnlyEntity(meta, 'create');
    requireData(data, 'create', meta.className);
    const entity = instanceOf(meta);
    return this.#allOrNothing(() => {
      const state = stateOfInstance(this, meta, entity);
      const given = (data as { id?: unknown }).id;
      if (given !== undefined) state.id = this.links.toId(meta, given);
      this.#assigner.assign(state, data, 'create');
      showClass(state);
      fillGenerated(this.shapes.of(meta), entity);
      this.ensureId(state);
      if (persist) this.#schedule(state);
      this.#onInit?.(meta, entity);
      return entity;
    });
  }

  assign(entity: object, data: object): void {
    const state = this.require(entity, 'assign');
    if (state.meta.readOnly) throw readOnlyEntity(state.meta, 'assign');
    requireData(data, 'assign', state.meta.className);
    this.#allOrNothing(() => this.#assigner.assign(state, data, 'assign'));
  }

  persist(entity: object): void {
    const known = stateOf(entity);
    if (known?.phase === 'detached' && known.row !== undefined) this.merge(entity);
    if (known !== undefined) this.#refuseForeign(known);
    const state = known ?? this.#adoptInstance(entity);
    if (state.phase === 'removed' && !this.isTracked(state)) throw takenId(state);
    if (state.phase === 'removed') state.phase = state.row === undefined ? 'reference' : 'managed';
    else if (state.phase === 'new' || state.phase === 'detached') this.#schedule(state);
  }

  /** Attaches an entity that is detached, or tracked elsewhere; its changes stay changes. */
  merge(entity: object): object {
    const state = stateOf(entity) ?? stateOfDetached(this, this.#assigner, entity);
    if (this.#isOwn(state)) return entity;
    const known = state.id === undefined ? undefined : this.#identities.get(state.id);
    if (known !== undefined && known !== state && known.phase !== 'reference') throw takenId(state);
    if (state.owner instanceof UnitOfWork) state.owner.release(state);
    if (state.phase === 'detached') {
      state.phase = state.row === undefined ? 'new' : 'managed';
      forgetDetached(this.shapes.of(state.meta), state);
    }
    this.take(state);
    return entity;
  }

  isTracked(state: EntityState): boolean {
    return this.#identities.has(state);
  }

  /** What it owns goes with it; that is decided by the flush. */
  remove(entity: object, hard = false): void {
    const state = this.require(entity, 'remove');
    if (state.meta.readOnly) throw readOnlyEntity(state.meta, 'remove');
    this.softRemovals.note(state, hard);
    this.companions.follow(state, 'remove');
    this.orphans.insist(state);
    this.drop(state);
  }

  /** A new entity is forgotten; while its insert is under way it is deleted by the next flush. */
  drop(state: EntityState): void {
    if (state.phase !== 'new' || state.isSending) state.phase = 'removed';
    else {
      this.orphans.abandon(state);
      this.detach(state);
      // What it was to replace is to go nevertheless.
      if (state.replaces !== undefined) this.#identities.add(state.replaces);
      state.replaces = undefined;
    }
  }

  /** Takes a row that was read: the tracked entity of its id, where there is one, keeps its values. */
  adopt(meta: EntityMetadata, row: Row, columns?: ReadonlySet<string>, refresh = false): object {
    const known = this.#identities.get(row['id'] as RecordId);
    const actual = classOf(meta, row);
    if (known === undefined) return this.#instantiate(actual, row, columns);
    const isReference = known.phase === 'reference';
    if (isReference) becomeOne(known, actual);
    const shape = this.shapes.of(known.meta);
    if (isReference) {
      complete(shape, known, row, columns);
      this.#onInit?.(known.meta, known.entity);
    } else if (refresh && known.phase === 'managed') rehydrate(shape, known, row, columns);
    else if (known.loadedColumns !== undefined) complete(shape, known, row, columns);
    this.softRemovals.placeInView(known);
    return known.entity;
  }

  reference(meta: EntityMetadata, id: RecordId): object {
    return this.referenceTo(meta, id).entity;
  }

  /** The state of a record, tracked from now on if it was not. */
  referenceTo(meta: EntityMetadata, id: RecordId): EntityState {
    const known = this.#identities.get(id);
    if (known !== undefined) return known;
    const state = stateOfReference(this, meta, id);
    this.#identities.add(state);
    return state;
  }

  /** Tracks a state as it stands: after a flush, or when it moves here from another unit of work. */
  take(state: EntityState): void {
    state.owner = this;
    stampState(state.entity, state);
    this.softRemovals.placeInView(state);
    this.#identities.add(state);
  }

  detach(state: EntityState): void {
    this.#identities.delete(state);
    state.phase = 'detached';
  }

  /** Stops tracking without a trace on the entity, so that another unit of work can take it. */
  release(state: EntityState): void {
    this.#identities.delete(state);
  }

  clear(): void {
    for (const state of this.#identities.states()) state.phase = 'detached';
    this.#identities.clear();
  }

  get(id: RecordId): EntityState | undefined {
    return this.#identities.get(id);
  }

  /** After a flush; only a weak identity map lets go of anything. */
  letGoOfClean(): void {
    this.#identities.letGoOf((state) => isClean(this, state));
  }

  contains(entity: object): boolean {
    const state = stateOf(entity);
    return state !== undefined && this.#isOwn(state);
  }

  /** The state of an entity that this unit of work tracks, or an error that says why it does not. */
  require(entity: unknown, verb: string): EntityState {
    const state = stateOf(entity);
    if (state === undefined) throw notAnEntity(entity, verb);
    this.#refuseForeign(state);
    // What was made but not persisted is no part of the next flush, but may be filled.
    if (state.phase === 'detached') throw detachedEntity(state, verb);
    return state;
  }

  /** The state of any instance of an entity class, tracked or not. */
  stateFor(entity: object, verb: string): EntityState {
    return stateOf(entity) ?? stateOfInstance(this, metadataOfInstance(this.registry, entity, verb), entity);
  }

  /** Gives a new entity its id as soon as it can have one. */
  ensureId(state: EntityState): void {
    if (state.phase !== 'new' && state.id !== undefined) return;
    const id = idOfInstance(state, this.links);
    if (id === undefined) return;
    (state.entity as { id?: unknown }).id = id;
    if (state.id === id) return;
    const isTracked = this.#identities.has(state);
    if (isTracked) this.#identities.delete(state);
    state.id = id;
    if (isTracked) this.#schedule(state);
  }

  #instantiate(meta: EntityMetadata, row: Row, columns: ReadonlySet<string> | undefined): object {
    const state = stateOfRow(this, meta, row, columns);
    this.softRemovals.placeInView(state);
    this.#identities.add(state);
    this.#onInit?.(meta, state.entity);
    return state.entity;
  }

  #allOrNothing<R>(work: () => R): R {
    return this.#scheduling.allOrNothing(work, ({ entity }) => this.remove(entity));
  }

  #schedule(state: EntityState): void {
    this.ensureId(state);
    const other = state.id === undefined ? undefined : this.#identities.get(state.id);
    if (other !== undefined && other !== state && other.phase !== 'removed' && other.phase !== 'reference')
      throw takenId(state);
    if (other !== undefined && other !== state && other.phase === 'removed') state.replaces = other;
    state.phase = 'new';
    state.owner = this;
    this.#identities.add(state);
    if (other !== state) this.#scheduling.note(state);
  }

  #adoptInstance(entity: object): EntityState {
    const meta = metadataOfInstance(this.registry, entity, 'persist');
    if (meta.readOnly) throw readOnlyEntity(meta, 'persist');
    const state = stateOfInstance(this, meta, entity);
    fillGenerated(this.shapes.of(meta), entity);
    this.#schedule(state);
    return fillInstance(this, this.#assigner, state);
  }

  #isOwn(state: EntityState): boolean {
    return state.owner === this && state.phase !== 'detached' && this.isTracked(state);
  }

  #refuseForeign(state: EntityState): void {
    if (state.owner !== this && state.phase !== 'detached') throw foreignEntity(state, state.meta.className);
  }
}
