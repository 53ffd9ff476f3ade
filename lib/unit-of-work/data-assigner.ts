import { stateOf } from '../entity/stamp.js';
import { ValidationError, type ValidationProblem } from '../errors/index.js';
import type { EntityState } from '../entity/entity-state.js';
import { LinkCollection } from '../entity/link-collection.js';
import type { CollectionMetadata, LinkHost } from '../entity/link-host.js';
import { LinkReference, entityOf } from '../entity/link-reference.js';
import { isPlainData } from '../entity/plain-data.js';
import type {
  EmbeddedMetadata,
  EntityMetadata,
  FieldMetadata,
  LinkMetadata,
  PropertyMetadata,
} from '../metadata/entity-metadata.js';
import { didYouMean } from '../types/nearest-word.js';
import { isNone } from '../values/index.js';

type Instance = Record<string, unknown>;

/** What assigning needs of the unit of work. */
export interface AssignHost {
  readonly links: LinkHost;
  persist(entity: object): void;
}

type AssignMode = 'create' | 'assign';

/** Takes a user's data onto an entity: links in any of their forms, plain data as new targets, everything else by value. */
export class DataAssigner {
  readonly #host: AssignHost;

  constructor(host: AssignHost) {
    this.#host = host;
  }

  /** All of the data or, where something in it cannot be taken, nothing. */
  assign(state: EntityState, data: object, mode: AssignMode): void {
    const problems = this.#problems(state, data, mode);
    if (problems.length > 0) throw invalidData(state.meta, problems);
    const steps: (() => void)[] = [];
    for (const [name, value] of Object.entries(data)) {
      const property = state.meta.byProperty.get(name);
      if (property !== undefined && value !== undefined) steps.push(this.#prepare(state, property, value, mode));
    }
    for (const step of steps) step();
  }

  #problems(state: EntityState, data: object, mode: AssignMode): ValidationProblem[] {
    const { meta, phase } = state;
    const problems: ValidationProblem[] = [];
    for (const [name, value] of Object.entries(data)) {
      if (value === undefined || (name === 'id' && (mode === 'create' || this.#isOwnId(state, value)))) continue;
      if (isOwnClass(meta, name, value)) continue;
      const reason = refusal(meta, name, phase === 'new');
      if (reason !== undefined) problems.push({ path: `${meta.className}.${name}`, ...reason });
    }
    return problems;
  }

  #isOwnId({ meta, id }: EntityState, given: unknown): boolean {
    return id !== undefined && id.equals(this.#host.links.identify([meta], given, `${meta.className}.id`));
  }

  #prepare(state: EntityState, property: PropertyMetadata, value: unknown, mode: AssignMode): () => void {
    const instance = state.entity as Instance;
    if (property.kind === 'link') return set(instance, property, this.#link(state, property, value, mode));
    if (property.kind === 'field') {
      const absent = isNone(value) || (value === null && !property.nullable);
      return set(instance, property, absent ? undefined : embed(property, value));
    }
    return property.kind === 'computed' ? () => undefined : this.#fill(state, property, value, mode);
  }

  #link(state: EntityState, property: LinkMetadata, value: unknown, mode: AssignMode): LinkReference | undefined {
    if (value === null || isNone(value)) return undefined;
    const target = this.#resolve(property.targets(), value, property.path, mode);
    const id = this.#host.links.identify(property.targets(), target, property.path);
    return new LinkReference(id, entityOf(target), state, property);
  }

  #fill(state: EntityState, property: CollectionMetadata, value: unknown, mode: AssignMode): () => void {
    const instance = state.entity as Instance;
    const held = instance[property.property];
    if (LinkCollection.is(value) && value === held) return () => undefined;
    const collection = LinkCollection.is(held) ? held : new LinkCollection(state, property);
    if (value === null || isNone(value)) return () => collection.clear();
    const given = LinkCollection.is(value) ? value.targets : value;
    if (typeof (given as Iterable<unknown>)[Symbol.iterator] !== 'function' || typeof given === 'string') {
      const message = `it was given ${typeof value}`;
      throw new ValidationError({
        what: `${property.path} takes a list`,
        why: message,
        errors: [{ path: property.path, message, rule: 'type' }],
      });
    }
    const known = property.kind === 'links' ? property.targets() : [property.target()];
    const targets = Array.from(given as Iterable<unknown>, (item) => this.#resolve(known, item, property.path, mode));
    for (const target of targets) this.#host.links.identify(known, target, property.path);
    return () => {
      instance[property.property] = collection;
      collection.set(targets);
    };
  }

  /**
   * Plain data creates the target; an instance that is not tracked yet is persisted with the owner that is created. One that is to
   * be removed stays so: the flush says that the link would lead nowhere.
   */
  #resolve(targets: readonly EntityMetadata[], value: unknown, path: string, mode: AssignMode): unknown {
    const target = this.#host.links.resolve(targets, value, path);
    const entity = entityOf(target);
    if (entity !== undefined && mode === 'create' && stateOf(entity)?.phase !== 'removed') this.#host.persist(entity);
    return target;
  }
}

function set(instance: Instance, { property }: PropertyMetadata, value: unknown): () => void {
  return () => {
    instance[property] = value;
  };
}

/** Why data may not name this property; undefined where it may. */
export function refusal(
  meta: EntityMetadata,
  name: string,
  isNew: boolean,
): Pick<ValidationProblem, 'message' | 'rule'> | undefined {
  if (name === 'id') return { message: 'the id of a record never changes', rule: 'readonly' };
  const property = meta.byProperty.get(name);
  if (property === undefined) {
    return {
      message: `${meta.className} has no field "${name}".${didYouMean(name, meta.byProperty.keys())}`,
      rule: 'unknown',
    };
  }
  if (property.kind === 'computed' || (property.kind === 'field' && isProduced(property))) {
    return { message: 'this value is produced for you and cannot be given', rule: 'readonly' };
  }
  if (!isNew && property.kind === 'field' && property.immutable) {
    return { message: 'this field can be given to create only (READONLY)', rule: 'readonly' };
  }
  return undefined;
}

/** What is so already may be said. */
function isOwnClass(meta: EntityMetadata, name: string, value: unknown): boolean {
  const property = meta.byProperty.get(name);
  return property?.kind === 'field' && property.role === 'discriminator' && value === meta.hierarchy?.value;
}

function isProduced(field: FieldMetadata): boolean {
  return field.serverProduced || field.role === 'version' || field.role === 'discriminator';
}

function invalidData(meta: EntityMetadata, problems: readonly ValidationProblem[]): ValidationError {
  return new ValidationError({
    what: `Data for ${meta.className} cannot be taken`,
    why: problems.map(({ path, message }) => `${path}: ${message}`).join('; '),
    ...(problems.some(({ rule }) => rule === 'unknown') && {
      fix: `the fields of ${meta.className} are ${[...meta.byProperty.keys()].join(', ')}`,
    }),
    errors: problems,
  });
}

/** Plain data for an embedded class becomes an instance of it. */
function embed(field: FieldMetadata, value: unknown): unknown {
  const { embedded } = field;
  if (embedded === undefined) return value;
  return field.embeddedMany && Array.isArray(value)
    ? value.map((item) => instanceOf(embedded, item))
    : instanceOf(embedded, value);
}

function instanceOf(embedded: EmbeddedMetadata, value: unknown): unknown {
  if (!isPlainData(value)) return value;
  const instance = Object.create(embedded.target.prototype as object) as Instance;
  const known = new Map(embedded.fields.map((field) => [field.property, field]));
  for (const [name, member] of Object.entries(value)) {
    const field = known.get(name);
    if (field === undefined) {
      const path = `${embedded.className}.${name}`;
      const message = `${embedded.className} has no field "${name}".${didYouMean(name, known.keys())}`;
      throw new ValidationError({ what: message, errors: [{ path, message, rule: 'unknown' }] });
    }
    const absent = isNone(member) || (member === null && !(field.kind === 'field' && field.nullable));
    instance[name] = absent ? undefined : field.kind === 'field' ? embed(field, member) : member;
  }
  return instance;
}
