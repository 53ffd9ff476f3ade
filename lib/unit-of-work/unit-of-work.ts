import { attachCollections, complete, hydrate } from '../entity/hydrate.js';
import { EntityState } from '../entity/entity-state.js';
import type { EntityShapes } from '../entity/entity-shape.js';
import { LinkCollection } from '../entity/link-collection.js';
import type { CollectionMetadata } from '../entity/link-host.js';
import { LinkReference, entityOf } from '../entity/link-reference.js';
import { makeId, missingKey } from '../entity/make-id.js';
import type { Row } from '../entity/row.js';
import { stampState, stateOf } from '../entity/stamp.js';
import { EntityNotFoundError, ValidationError } from '../errors/index.js';
import type { EntityClass, EntityMetadata, InverseMetadata, MetadataRegistry } from '../metadata/entity-metadata.js';
import { toRecordId, type RecordId } from '../values/index.js';
import { computeCreate, computeUpdate } from './change-computer.js';
import { DataAssigner, type AssignHost } from './data-assigner.js';
import { foreignEntity, notAnEntity } from './errors.js';
import { IdentityMap } from './identity-map.js';

/** Reads what links ask for; made by the EntityManager above. */
export interface RelationReader {
  loadOne(meta: EntityMetadata, id: RecordId): Promise<object | null>;
  loadMany(owner: EntityState, property: CollectionMetadata): Promise<void>;
  countMany(owner: EntityState, property: CollectionMetadata): Promise<number>;
  findMany(owner: EntityState, property: CollectionMetadata, where: unknown, options: unknown): Promise<object[]>;
  /** A key, text, record id or object with an id, read as the declared key type says. */
  toId(meta: EntityMetadata, input: unknown): RecordId;
}

/**
 * Tracks the entities of one EntityManager: what is new, what was read, what is to go.
 * Flushing is the FlushRunner's.
 */
export class UnitOfWork implements AssignHost {
  readonly registry: MetadataRegistry;
  readonly shapes: EntityShapes;
  readonly #identities = new IdentityMap();
  readonly #assigner = new DataAssigner(this);
  readonly #reader: RelationReader;

  constructor(registry: MetadataRegistry, shapes: EntityShapes, reader: RelationReader) {
    this.registry = registry;
    this.shapes = shapes;
    this.#reader = reader;
  }

  get size(): number {
    return this.#identities.size;
  }

  states(): IterableIterator<EntityState> {
    return this.#identities.states();
  }

  /** Runs the constructor without arguments, takes the data and, unless told otherwise, schedules the insert. */
  create(meta: EntityMetadata, data: object, persist = true): object {
    const Constructor = meta.target as unknown as new () => object;
    const entity = new Constructor();
    const state = this.#newState(meta, entity);
    const given = (data as { id?: unknown }).id;
    if (given !== undefined) state.id = this.#reader.toId(meta, given);
    try {
      this.#assigner.assign(state, data, 'create');
    } catch (error) {
      stampState(entity, undefined);
      throw error;
    }
    this.ensureId(state);
    if (persist) this.#schedule(state);
    return entity;
  }

  createRelated(meta: EntityMetadata, data: object): object {
    return this.create(meta, data);
  }

  assign(entity: object, data: object): void {
    this.#assigner.assign(this.require(entity, 'assign'), data, 'assign');
  }

  persist(entity: object): void {
    const known = stateOf(entity);
    if (known?.phase === 'detached' && known.row !== undefined) this.merge(entity);
    const state = this.#ownState(entity) ?? this.#adoptInstance(entity);
    if (state.phase === 'removed') state.phase = state.row === undefined ? 'new' : 'managed';
    else if (state.phase === 'new' || state.phase === 'detached') this.#schedule(state);
  }

  /** Attaches an entity that is detached, or tracked elsewhere; its changes stay changes. */
  merge(entity: object): object {
    const state = stateOf(entity) ?? this.#stateOfDetached(entity);
    if (state.owner === this && this.isTracked(state)) return entity;
    const known = state.id === undefined ? undefined : this.#identities.get(state.id);
    if (known !== undefined && known !== state && known.phase !== 'reference') throw takenId(state);
    if (state.owner instanceof UnitOfWork) state.owner.release(state);
    if (state.phase === 'detached') state.phase = state.row === undefined ? 'new' : 'managed';
    this.take(state);
    return entity;
  }

  isTracked(state: EntityState): boolean {
    return this.#identities.has(state);
  }

  remove(entity: object): void {
    const state = this.require(entity, 'remove');
    if (state.phase === 'new') this.detach(state);
    else state.phase = 'removed';
  }

  /** Takes a row that was read: the tracked entity of its id, where there is one, keeps its values. */
  adopt(meta: EntityMetadata, row: Row, columns?: ReadonlySet<string>, refresh = false): object {
    const id = row['id'] as RecordId;
    const known = this.#identities.get(id);
    const shape = this.shapes.of(meta);
    if (known === undefined) {
      const state = new EntityState(meta, shape.instantiate(), 'managed', this);
      state.id = id;
      state.loadedColumns = columns;
      stampState(state.entity, state);
      hydrate(shape, state, row, this);
      this.#identities.add(state);
      return state.entity;
    }
    if (known.phase === 'reference' || (refresh && known.phase === 'managed')) {
      known.phase = 'managed';
      known.loadedColumns = columns;
      hydrate(this.shapes.of(known.meta), known, row, this);
    } else if (known.loadedColumns !== undefined) complete(this.shapes.of(known.meta), known, row, columns, this);
    return known.entity;
  }

  reference(meta: EntityMetadata, id: RecordId): object {
    const known = this.#identities.get(id);
    if (known !== undefined) return known.entity;
    const state = new EntityState(meta, this.shapes.of(meta).instantiate(), 'reference', this);
    state.id = id;
    (state.entity as { id: RecordId }).id = id;
    stampState(state.entity, state);
    attachCollections(this.shapes.of(meta), state, this);
    this.#identities.add(state);
    return state.entity;
  }

  /** Tracks a state as it stands: after a flush, or when it moves here from another unit of work. */
  take(state: EntityState): void {
    state.owner = this;
    stampState(state.entity, state);
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

  /** Whether a flush would write nothing of this entity. */
  isClean(state: EntityState): boolean {
    if (state.phase !== 'managed' || state.id === undefined) return false;
    const shape = this.shapes.of(state.meta);
    if (computeUpdate(shape, state, state.id, 'none') !== undefined) return false;
    const instance = state.entity as Record<string, unknown>;
    return shape.collections.every(({ property }) => {
      const collection = instance[property];
      return !LinkCollection.is(collection) || collection.changes() === undefined;
    });
  }

  contains(entity: object): boolean {
    return this.#ownState(entity, false) !== undefined;
  }

  /** The state of an entity that this unit of work tracks, or an error that says why it does not. */
  require(entity: unknown, verb: string): EntityState {
    if (typeof entity !== 'object' || entity === null) throw notAnEntity(entity, verb);
    const state = this.#ownState(entity);
    if (state !== undefined) return state;
    throw notAnEntity(entity, verb);
  }

  /** Gives a new entity its id as soon as it can have one. */
  ensureId(state: EntityState): void {
    const instance = state.entity as { id?: unknown };
    const own = toRecordId(instance.id);
    const id =
      own ??
      (instance.id === undefined
        ? (state.id ?? makeId(state.meta, state.entity))
        : this.#reader.toId(state.meta, instance.id));
    if (id === undefined) return;
    if (state.id !== undefined && !state.id.equals(id)) this.#identities.delete(state);
    state.id = id;
    instance.id = id;
  }

  peek(id: RecordId): object | undefined {
    const state = this.#identities.get(id);
    return state === undefined || state.phase === 'reference' || state.phase === 'removed' ? undefined : state.entity;
  }

  identify(meta: EntityMetadata, target: unknown, path: string): RecordId {
    const entity = entityOf(target);
    if (LinkReference.is(target)) return this.#checked(meta, target.id, path);
    if (entity === undefined) return this.#checked(meta, this.#reader.toId(meta, target), path);
    const state = stateOf(entity) ?? this.#newState(this.#metaOf(entity, path), entity);
    if (state.phase !== 'detached' && state.owner !== this && state.phase !== 'new') throw foreignEntity(state, path);
    this.ensureId(state);
    if (state.id === undefined) throw missingKey(state.meta);
    return this.#checked(meta, state.id, path);
  }

  async loadOne(meta: EntityMetadata, id: RecordId): Promise<object> {
    const entity = await this.#reader.loadOne(meta, id);
    if (entity !== null) return entity;
    throw new EntityNotFoundError({
      what: `${meta.className} ${String(id)} does not exist`,
      why: 'the link points at a record that is gone',
      entity: meta.className,
      id,
    });
  }

  loadMany(owner: EntityState, property: CollectionMetadata): Promise<void> {
    return this.#reader.loadMany(owner, property);
  }

  countMany(owner: EntityState, property: CollectionMetadata): Promise<number> {
    return this.#reader.countMany(owner, property);
  }

  findMany(owner: EntityState, property: CollectionMetadata, where: unknown, options: unknown): Promise<object[]> {
    return this.#reader.findMany(owner, property, where, options);
  }

  pointBack(owner: EntityState, property: InverseMetadata, child: unknown, attached: boolean): void {
    const link = property.inverse();
    const entity = entityOf(child) ?? this.reference(property.target(), this.#reader.toId(property.target(), child));
    if (stateOf(entity) === undefined) this.persist(entity);
    const instance = entity as Record<string, unknown>;
    if (link.kind === 'links') {
      const collection = instance[link.property];
      if (!LinkCollection.is(collection)) return;
      if (attached) collection.add(owner.entity);
      else collection.remove(owner.entity);
    } else if (attached) instance[link.property] = this.#linkTo(owner, link.path);
    else if (link.optional) instance[link.property] = undefined;
    else if (property.owns) this.remove(entity);
    else throw requiredBackLink(property, link.path);
  }

  #linkTo(owner: EntityState, path: string): LinkReference {
    return new LinkReference(this.identify(owner.meta, owner.entity, path), owner.entity, {
      host: this,
      meta: owner.meta,
      path,
    });
  }

  #newState(meta: EntityMetadata, entity: object): EntityState {
    const state = new EntityState(meta, entity, 'new', this);
    stampState(entity, state);
    attachCollections(this.shapes.of(meta), state, this);
    return state;
  }

  #schedule(state: EntityState): void {
    this.ensureId(state);
    const other = state.id === undefined ? undefined : this.#identities.get(state.id);
    if (other !== undefined && other !== state && other.phase !== 'removed' && other.phase !== 'reference')
      throw takenId(state);
    state.phase = 'new';
    state.owner = this;
    this.#identities.add(state);
  }

  /** An instance with an id that no unit of work has seen: what it holds now counts as what was read. */
  #stateOfDetached(entity: object): EntityState {
    const meta = this.#metaOf(entity, 'merge');
    const state = this.#newState(meta, entity);
    this.ensureId(state);
    if (state.id === undefined) throw missingKey(meta);
    state.row = { ...computeCreate(this.shapes.of(meta), state, state.id).content, id: state.id };
    state.phase = 'managed';
    return state;
  }

  /** An instance made with `new`: its links are read as the data of `create` would be. */
  #adoptInstance(entity: object): EntityState {
    const meta = this.#metaOf(entity, 'persist');
    const loose = new Map<string, unknown>();
    const instance = entity as Record<string, unknown>;
    for (const property of meta.properties) {
      if (property.kind !== 'field' && property.kind !== 'computed' && instance[property.property] !== undefined) {
        loose.set(property.property, instance[property.property]);
        delete instance[property.property];
      }
    }
    const state = this.#newState(meta, entity);
    this.#schedule(state);
    this.#assigner.assign(state, Object.fromEntries(loose), 'create');
    return state;
  }

  #ownState(entity: object, refuseForeign = true): EntityState | undefined {
    const state = stateOf(entity);
    if (state === undefined) return undefined;
    if (state.owner === this) return state;
    if (refuseForeign && state.phase !== 'detached') throw foreignEntity(state, state.meta.className);
    return undefined;
  }

  #metaOf(entity: object, verb: string): EntityMetadata {
    const meta = this.registry.find(entity.constructor as EntityClass);
    if (meta === undefined) throw notAnEntity(entity, verb);
    return meta;
  }

  #checked(meta: EntityMetadata, id: RecordId, path: string): RecordId {
    if (id.table === meta.table) return id;
    throw new ValidationError({
      what: `${path} links to ${meta.className} (table ${meta.table})`,
      why: `it was given ${String(id)}, a record of another table`,
      errors: [{ path, message: `expected a record of ${meta.table}, got ${String(id)}`, rule: 'type' }],
    });
  }
}

function takenId(state: EntityState): ValidationError {
  return new ValidationError({
    what: `Another ${state.meta.className} with the id ${String(state.id)} is tracked already`,
    why: 'one record is one object in an EntityManager',
    fix: ['change the tracked one: em.getReference(…), em.assign(…)', 'attach values to it: em.merge(entity)'],
    errors: [{ path: `${state.meta.className}.id`, message: 'already tracked', rule: 'unique' }],
  });
}

function requiredBackLink(property: InverseMetadata, link: string): ValidationError {
  return new ValidationError({
    what: `A member of ${property.path} cannot be taken out`,
    why: `${link} is required`,
    fix: [
      'move it to another owner',
      'remove it: em.remove(child)',
      `make the collection own its members: { inverse: …, owns: true }`,
    ],
    errors: [{ path: property.path, message: `${link} is required`, rule: 'required' }],
  });
}
