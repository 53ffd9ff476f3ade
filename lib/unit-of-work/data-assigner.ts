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
export interface AssignHost extends LinkHost {
  createRelated(meta: EntityMetadata, data: object): object;
  persist(entity: object): void;
}

type AssignMode = 'create' | 'assign';

/** Takes a user's data onto an entity: links in any of their forms, plain data as new targets, everything else by value. */
export class DataAssigner {
  readonly #host: AssignHost;

  constructor(host: AssignHost) {
    this.#host = host;
  }

  assign(state: EntityState, data: object, mode: AssignMode): void {
    const problems = this.#problems(state, data, mode);
    if (problems.length > 0) throw invalidData(state.meta, problems);
    for (const [name, value] of Object.entries(data)) {
      const property = state.meta.byProperty.get(name);
      if (property !== undefined && value !== undefined) this.#assignProperty(state, property, value, mode);
    }
  }

  #problems({ meta, phase }: EntityState, data: object, mode: AssignMode): ValidationProblem[] {
    const problems: ValidationProblem[] = [];
    for (const [name, value] of Object.entries(data)) {
      if (value === undefined || (name === 'id' && mode === 'create')) continue;
      const reason = refusal(meta, name, phase === 'new');
      if (reason !== undefined) problems.push({ path: `${meta.className}.${name}`, ...reason });
    }
    return problems;
  }

  #assignProperty(state: EntityState, property: PropertyMetadata, value: unknown, mode: AssignMode): void {
    const instance = state.entity as Instance;
    if (property.kind === 'field') instance[property.property] = isNone(value) ? undefined : embed(property, value);
    else if (property.kind === 'link') instance[property.property] = this.#link(property, value, mode);
    else if (property.kind !== 'computed') this.#fill(state, property, value, mode);
  }

  #link(property: LinkMetadata, value: unknown, mode: AssignMode): LinkReference | undefined {
    if (value === null || isNone(value)) return undefined;
    const meta = property.target();
    const target = this.#resolve(meta, value, mode);
    const id = this.#host.identify(meta, target, property.path);
    return new LinkReference(id, entityOf(target), { host: this.#host, meta, path: property.path });
  }

  #fill(state: EntityState, property: CollectionMetadata, value: unknown, mode: AssignMode): void {
    const instance = state.entity as Instance;
    if (LinkCollection.is(value) && value === instance[property.property]) return;
    if (typeof (value as Iterable<unknown> | null)?.[Symbol.iterator] !== 'function' || typeof value === 'string') {
      throw new ValidationError({ what: `${property.path} takes a list`, why: `it was given ${typeof value}` });
    }
    const meta = property.target();
    const targets = [...(value as Iterable<unknown>)].map((item) => this.#resolve(meta, item, mode));
    const collection = new LinkCollection(state, property, this.#host);
    const existing = instance[property.property];
    if (LinkCollection.is(existing)) existing.set(targets);
    else for (const target of targets) collection.add(target);
    if (!LinkCollection.is(existing)) instance[property.property] = collection;
  }

  /** Plain data creates the target; an instance that is not tracked yet is persisted with the owner that is created. */
  #resolve(meta: EntityMetadata, value: unknown, mode: AssignMode): unknown {
    if (isPlainData(value) && !LinkReference.is(value)) return this.#host.createRelated(meta, value);
    const entity = entityOf(value);
    if (entity !== undefined && mode === 'create') this.#host.persist(entity);
    return value;
  }
}

function refusal(
  meta: EntityMetadata,
  name: string,
  isNew: boolean,
): Pick<ValidationProblem, 'message' | 'rule'> | undefined {
  if (name === 'id') return { message: `the id of a record never changes`, rule: 'readonly' };
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

function isProduced(field: FieldMetadata): boolean {
  return field.serverProduced || field.role === 'version';
}

function invalidData(meta: EntityMetadata, problems: readonly ValidationProblem[]): ValidationError {
  return new ValidationError({
    what: `Data for ${meta.className} cannot be taken`,
    why: problems.map(({ path, message }) => `${path}: ${message}`).join('; '),
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
    instance[name] = field.kind === 'field' ? embed(field, member) : member;
  }
  return instance;
}
