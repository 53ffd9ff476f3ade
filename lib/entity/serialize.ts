import type { EmbeddedMetadata, EntityMetadata, PropertyMetadata } from '../metadata/entity-metadata.js';
import { isNone, kindOf } from '../values/index.js';
import type { Exposures } from './exposures.js';
import { fieldTree, type FieldTree } from './field-tree.js';
import { LinkCollection } from './link-collection.js';
import { LinkReference } from './link-reference.js';
import { stateOf } from './stamp.js';

export interface SerializeRequest {
  /** Paths of the properties that are wanted; all of them unless given. */
  readonly fields?: readonly string[];
  /** Groups of class-transformer's decorators. */
  readonly groups?: readonly string[];
}

/** Makes plain data of entities, ready for JSON. */
export class Serializer {
  readonly #exposures: Exposures | undefined;

  constructor(exposures: Exposures | undefined) {
    this.#exposures = exposures;
  }

  /** The loaded graph from an entity: an unloaded link is its id, and so is an entity that is being written already. */
  serialize(meta: EntityMetadata, entity: object, { fields, groups = [] }: SerializeRequest = {}): unknown {
    const only = fields === undefined ? undefined : fieldTree(meta, fields);
    return new JsonWriter(this.#exposures, groups).entity(meta, entity, only);
  }

  /** An embedded object on its own. */
  embedded(embedded: EmbeddedMetadata, value: object): unknown {
    return new JsonWriter(this.#exposures, []).embedded(embedded, value, undefined);
  }
}

type Members = Readonly<Record<string, unknown>>;
type Properties = ReadonlyMap<string, PropertyMetadata>;

class JsonWriter {
  readonly #exposures: Exposures | undefined;
  readonly #groups: readonly string[];
  /** What is being written: met again, it is its id. */
  readonly #open = new Set<object>();
  readonly #embedded = new Map<EmbeddedMetadata, Properties>();

  constructor(exposures: Exposures | undefined, groups: readonly string[]) {
    this.#exposures = exposures;
    this.#groups = groups;
  }

  entity(meta: EntityMetadata, entity: object, only: FieldTree | undefined): unknown {
    this.#open.add(entity);
    const json = this.#members(meta.target, entity as Members, meta.byProperty, only);
    this.#open.delete(entity);
    return json;
  }

  embedded(embedded: EmbeddedMetadata, value: unknown, only: FieldTree | undefined): unknown {
    if (typeof value !== 'object' || value === null || isNone(value)) return this.#value(value, only);
    if (isIterable(value)) return Array.from(value, (item) => this.embedded(embedded, item, only));
    return this.#members(embedded.target, value as Members, this.#propertiesOf(embedded), only);
  }

  #members(target: unknown, holder: Members, properties: Properties, only: FieldTree | undefined): unknown {
    const exposure = this.#exposures?.of(target, this.#groups);
    const json: Record<string, unknown> = {};
    for (const name of only?.keys() ?? exposure?.names(holder) ?? Object.keys(holder)) {
      const property = properties.get(name);
      if (property !== undefined && isSecret(property)) continue;
      const exposed = exposure?.of(name);
      if (exposure !== undefined && exposed === undefined) continue;
      const held = memberOf(holder, name);
      const shown = exposed?.transform === undefined ? held : exposed.transform(held, holder);
      const value = this.#member(shown === held ? property : undefined, shown, only?.get(name));
      if (value !== undefined) json[exposed?.name ?? name] = value;
    }
    return json;
  }

  #member(property: PropertyMetadata | undefined, held: unknown, only: FieldTree | undefined): unknown {
    return property?.kind === 'field' && property.embedded !== undefined
      ? this.embedded(property.embedded, held, only)
      : this.#value(held, only);
  }

  #value(value: unknown, only?: FieldTree): unknown {
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    if (typeof value === 'function' || typeof value === 'symbol') return undefined;
    if (typeof value !== 'object' || value === null) return value;
    if (LinkReference.is(value)) return this.#target(value.peek(), value.id, only);
    if (LinkCollection.is(value)) return this.#collection(value, only);
    const state = stateOf(value);
    if (state !== undefined) return this.#target(value, state.id, only);
    if (isNone(value)) return undefined;
    if (value instanceof Map)
      return this.#object(new Map(Array.from(value, ([key, item]) => [String(key), item])), only);
    if (ArrayBuffer.isView(value) || isIterable(value))
      return Array.from(value as unknown as Iterable<unknown>, (item) => this.#value(item, only));
    if (hasToJSON(value)) return value.toJSON();
    return kindOf(value) === undefined ? this.#object(new Map(Object.entries(value)), only) : String(value);
  }

  #object(members: ReadonlyMap<string, unknown>, only: FieldTree | undefined): unknown {
    const json: Record<string, unknown> = {};
    for (const [name, held] of members) {
      if (only !== undefined && !only.has(name)) continue;
      const value = this.#value(held, only?.get(name));
      if (value !== undefined) json[name] = value;
    }
    return json;
  }

  #target(target: object | undefined, id: unknown, only: FieldTree | undefined): unknown {
    const state = stateOf(target);
    return target === undefined || state === undefined || this.#open.has(target)
      ? String(id)
      : this.entity(state.meta, target, only);
  }

  #collection(collection: LinkCollection, only: FieldTree | undefined): unknown {
    if (!collection.isLoaded) return collection.wholeIds?.map(String);
    return collection.get().map((item) => this.#target(item, stateOf(item)?.id, only));
  }

  #propertiesOf(embedded: EmbeddedMetadata): Properties {
    let known = this.#embedded.get(embedded);
    if (known === undefined)
      this.#embedded.set(embedded, (known = new Map(embedded.fields.map((field) => [field.property, field]))));
    return known;
  }
}

/** What is only written stands on an instance until it is flushed. */
function isSecret(property: PropertyMetadata): boolean {
  return property.hidden || (property.kind === 'field' && property.role === 'encrypted');
}

/** Methods count where they are exposed; their names are asked for there only. */
function memberOf(holder: Members, name: string): unknown {
  const held = holder[name];
  return typeof held === 'function' ? (held as () => unknown).call(holder) : held;
}

function isIterable(value: object): value is Iterable<unknown> {
  return typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function';
}

function hasToJSON(value: object): value is { toJSON(): unknown } {
  return typeof (value as { readonly toJSON?: unknown }).toJSON === 'function';
}
