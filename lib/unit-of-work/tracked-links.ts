import type { EntityState } from '../entity/entity-state.js';
import { LinkCollection } from '../entity/link-collection.js';
import type { CollectionMetadata, LinkHost } from '../entity/link-host.js';
import { LinkReference, entityOf } from '../entity/link-reference.js';
import { missingKey } from '../entity/make-id.js';
import { isPlainData } from '../entity/plain-data.js';
import { EntityNotFoundError, ValidationError } from '../errors/index.js';
import type { EntityMetadata, InverseMetadata, LinkMetadata } from '../metadata/entity-metadata.js';
import { mayBe } from '../metadata/is-a.js';
import { toRecordId, type RecordId } from '../values/index.js';
import type { DeletedReader } from './soft-removals.js';
import { foreignEntity, requiredBackLink } from './errors.js';
import { presume, type Presumption } from './presumed-links.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Reads what links ask for; made by the EntityManager above. */
export interface RelationReader extends DeletedReader {
  loadOne(meta: EntityMetadata, id: RecordId, path: string): Promise<object | null>;
  loadMany(owner: EntityState, property: CollectionMetadata): Promise<void>;
  countMany(owner: EntityState, property: CollectionMetadata): Promise<number>;
  findMany(owner: EntityState, property: CollectionMetadata, where: unknown, options: unknown): Promise<object[]>;
  /** Whether reads leave out any records of these entities. */
  hidesAny(targets: readonly EntityMetadata[]): boolean;
  /** A key, text, record id or object with an id, read as the declared key type says. */
  toId(meta: EntityMetadata, input: unknown, place?: string): RecordId;
}

/** The links of the entities that one unit of work tracks. */
export class TrackedLinks implements LinkHost {
  readonly #uow: UnitOfWork;
  readonly #reader: RelationReader;

  constructor(uow: UnitOfWork, reader: RelationReader) {
    this.#uow = uow;
    this.#reader = reader;
  }

  toId(meta: EntityMetadata, input: unknown): RecordId {
    return this.#reader.toId(meta, input);
  }

  peek(id: RecordId): object | undefined {
    const state = this.#uow.get(id);
    const isShown = state !== undefined && state.phase !== 'reference' && state.phase !== 'removed' && !state.isHidden;
    return isShown ? state.entity : undefined;
  }

  resolve(targets: readonly EntityMetadata[], target: unknown, path: string): unknown {
    const isData = isPlainData(target) && !LinkReference.is(target);
    if (targets.length > 1 && (isData || !namesTable(targets, target))) throw ambiguous(targets, path, isData);
    return isData ? this.#uow.create(targets[0] as EntityMetadata, target) : target;
  }

  identify(targets: readonly EntityMetadata[], target: unknown, path: string): RecordId {
    if (LinkReference.is(target)) return checked(targets, target.id, path);
    const entity = entityOf(target);
    if (entity === undefined) return this.#read(targets, target, path);
    const state = this.#uow.stateFor(entity, path);
    if (state.phase !== 'detached' && state.owner !== this.#uow && state.phase !== 'new')
      throw foreignEntity(state, path);
    this.#uow.ensureId(state);
    if (state.id === undefined) throw missingKey(state.meta);
    return checked(targets, state.id, path, state.meta);
  }

  hidesAny(targets: readonly EntityMetadata[]): boolean {
    return this.#reader.hidesAny(targets);
  }

  async loadOne(meta: EntityMetadata, id: RecordId, path: string): Promise<object> {
    const entity = await this.#reader.loadOne(meta, id, path);
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

  letGo(owner: EntityState, property: CollectionMetadata, child: unknown): void {
    const targets = property.kind === 'links' ? property.targets() : [property.target()];
    this.#uow.orphans.letGo(this.#stateOf(targets, child, property.path), owner);
  }

  pointBack(owner: EntityState, property: InverseMetadata, child: unknown, attached: boolean): void {
    const link = property.inverse();
    const state = this.#stateOf([property.target()], child, property.path);
    const instance = state.entity as Record<string, unknown>;
    if (link.kind === 'links') {
      const collection = instance[link.property];
      if (!LinkCollection.is(collection)) return;
      if (attached) collection.add(owner.entity);
      else collection.remove(owner.entity);
    } else if (attached)
      instance[link.property] = new LinkReference(
        this.identify([owner.meta], owner.entity, link.path),
        owner.entity,
        state,
        link,
      );
    else if (!this.#pointsTo(instance[link.property], owner, link)) return;
    else if (link.optional || property.owns) this.#detach(state, { property, link, owner: owner.id as RecordId });
    else throw requiredBackLink(property, link.path);
  }

  #detach(child: EntityState, from: Presumption): void {
    const isUnread = !child.isAssigned(from.link.column, from.link.property);
    Reflect.set(child.entity, from.link.property, undefined);
    if (isUnread) presume(child, from);
  }

  /** A child that has been moved to another owner meanwhile stays there, whatever stands for that one in its link. */
  #pointsTo(held: unknown, owner: EntityState, link: LinkMetadata): boolean {
    if (held === undefined || held === null || owner.id === undefined) return true;
    if (!LinkReference.is(held) && isPlainData(held)) return false;
    const entity = LinkReference.is(held) ? undefined : entityOf(held);
    if (entity !== undefined) return entity === owner.entity;
    return this.identify(link.targets(), held, link.path).equals(owner.id);
  }

  /** The state of a member, by itself or by its id. */
  #stateOf(targets: readonly EntityMetadata[], member: unknown, path: string): EntityState {
    const entity = entityOf(member);
    if (entity !== undefined) return this.#uow.stateFor(entity, path);
    const id = this.#read(targets, member, path);
    return this.#uow.referenceTo(targets.find(({ table }) => table === id.table) as EntityMetadata, id);
  }

  /** A record id or text may name a record of any of the classes, a bare key one of the first. */
  #read(targets: readonly EntityMetadata[], input: unknown, path: string): RecordId {
    const first = targets[0] as EntityMetadata;
    const byTable = typeof input === 'string' ? targets.find((meta) => input.startsWith(`${meta.table}:`)) : undefined;
    const table = (input as { readonly table?: unknown } | null | undefined)?.table;
    const meta = byTable ?? targets.find((one) => one.table === table) ?? first;
    return checked(targets, this.#reader.toId(meta, input, path), path);
  }
}

/** Whether it tells which of several tables is meant: an entity, an id, or text with the table before the key. */
function namesTable(targets: readonly EntityMetadata[], target: unknown): boolean {
  if (typeof target === 'string') return targets.some(({ table }) => target.startsWith(`${table}:`));
  return entityOf(target) !== undefined || toRecordId(target) !== undefined || LinkReference.is(target);
}

function ambiguous(targets: readonly EntityMetadata[], path: string, isData: boolean): ValidationError {
  const names = targets.map(({ className }) => className).join(' or ');
  const message = `${isData ? 'data' : 'a bare key'} does not tell which of ${names} is meant`;
  return new ValidationError({
    what: `${path} may link to ${names}`,
    why: message,
    fix: [
      `create the target first: em.create(${targets[0]?.className ?? 'Target'}, …)`,
      `name the table: '${targets[0]?.table ?? 'table'}:key'`,
    ],
    errors: [{ path, message, rule: 'table' }],
  });
}

/** Of classes that share a table only an entity tells which it is; of a mere id that is left to who gives it. */
function checked(targets: readonly EntityMetadata[], id: RecordId, path: string, actual?: EntityMetadata): RecordId {
  const fits = (meta: EntityMetadata) => meta.table === id.table && (actual === undefined || mayBe(actual, meta));
  if (targets.some(fits)) return id;
  const names = targets.map((meta) => `${meta.className} (table ${meta.table})`).join(' or ');
  throw new ValidationError({
    what: `${path} links to ${names}`,
    why: `it was given ${String(id)}, ${actual === undefined ? 'a record of another table' : `a ${actual.className}`}`,
    errors: [
      {
        path,
        message: `expected a record of ${targets.map((meta) => meta.table).join(' or ')}, got ${String(id)}`,
        rule: 'type',
      },
    ],
  });
}
