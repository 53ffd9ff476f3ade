import type {
  ComputedMetadata,
  EntityMetadata,
  FieldMetadata,
  LinkMetadata,
  LinksMetadata,
  PropertyMetadata,
} from '../metadata/entity-metadata.js';
import { isSecret } from '../metadata/is-secret.js';
import { holdsRowOf, type HoldsRow } from './holds-row.js';
import type { CollectionMetadata } from './link-host.js';
import { handlerOfField } from './field-handler.js';
import { handlerOfType } from './type-handler.js';
import type { ValueHandler } from './value-handler.js';

/** A stored or computed value of an entity, with the way its values travel. */
export interface ValueSlot {
  readonly meta: FieldMetadata | ComputedMetadata;
  readonly property: string;
  readonly column: string;
  readonly handler: ValueHandler;
  readonly nullable: boolean;
  /** Sent by create. */
  readonly insertable: boolean;
  /** Sent by update. */
  readonly updatable: boolean;
}

/** A relation that owns what it leads to (`owns: true`). */
export type OwningProperty = LinkMetadata | CollectionMetadata;

/** What hydration, comparison and encoding need of an entity class, worked out once. */
export interface EntityShape {
  readonly meta: EntityMetadata;
  readonly values: readonly ValueSlot[];
  /** Those that an update sends. */
  readonly updatable: readonly ValueSlot[];
  /** Whether an update would send none of them. */
  readonly holdsRow: HoldsRow;
  /** The fields, whose values can be mutated in place. */
  readonly fields: ReadonlyMap<string, ValueHandler>;
  /** Stored values that are produced for the application: an update that assigns one is refused. */
  readonly produced: readonly ValueSlot[];
  readonly holdsProduced: HoldsRow;
  readonly links: readonly LinkMetadata[];
  readonly collections: readonly CollectionMetadata[];
  /** The collections that are a column of the table. */
  readonly linkArrays: readonly LinksMetadata[];
  /** Every column that holds what was written: fields, links and link arrays. */
  readonly storedColumns: readonly string[];
  /** Columns that are written and never read: no row that is kept here holds them. */
  readonly secretColumns: readonly string[];
  /** Fields whose value is made for a new entity (`generate`). */
  readonly generated: readonly FieldMetadata[];
  /** Columns that every update and delete checks: `@Version` and `@ConcurrencyCheck`. */
  readonly checkedColumns: readonly string[];
  /** Makes an instance without running the constructor. */
  readonly instantiate: () => Record<string, unknown>;
  /** The server answers a create with exactly what was sent: there is nothing to read back. */
  readonly echoesCreates: boolean;
  readonly echoesUpdates: boolean;
}

export function shapeOf(meta: EntityMetadata): EntityShape {
  const values = meta.properties.filter(isValue).map(slotOf);
  const updatable = values.filter((slot) => slot.updatable);
  const produced = values.filter((slot) => !slot.updatable && slot.meta.kind === 'field');
  const echoes = meta.events.length === 0 && values.every(isVerbatim);
  return {
    meta,
    values,
    updatable,
    holdsRow: holdsRowOf(updatable),
    fields: new Map(values.filter((slot) => slot.meta.kind === 'field').map((slot) => [slot.property, slot.handler])),
    produced,
    holdsProduced: holdsRowOf(produced),
    storedColumns: meta.properties
      .filter(isStored)
      .filter((property) => !isSecret(property))
      .map((property) => property.column),
    secretColumns: meta.properties.filter(isSecret).map((property) => property.column),
    links: meta.properties.filter((property) => property.kind === 'link'),
    collections: meta.properties.filter(isCollection),
    linkArrays: meta.properties.filter((property) => property.kind === 'links'),
    generated: meta.properties.filter(isGenerated),
    checkedColumns: values.filter(isChecked).map((slot) => slot.column),
    instantiate: instantiatorOf(meta),
    echoesCreates:
      echoes && !meta.properties.some((property) => property.kind === 'field' && property.default !== undefined),
    echoesUpdates: echoes,
  };
}

function slotOf(meta: FieldMetadata | ComputedMetadata): ValueSlot {
  const field = meta.kind === 'field' ? meta : undefined;
  const insertable = field !== undefined && !field.serverProduced;
  return {
    meta,
    property: meta.property,
    column: meta.column,
    handler: field === undefined ? handlerOfType(meta.type) : handlerOfField(field),
    nullable: field === undefined || field.nullable,
    insertable,
    updatable: insertable && !FIXED.has(field.role),
  };
}

/** Roles whose values are not the application's to change. */
const FIXED: ReadonlySet<FieldMetadata['role']> = new Set(['version', 'discriminator']);

const VERBATIM: ReadonlySet<string> = new Set([
  'string',
  'bool',
  'int',
  'number',
  'float',
  'uuid',
  'record',
  'none',
  'null',
  'literal',
]);

function isVerbatim(slot: ValueSlot): boolean {
  const { meta } = slot;
  if (meta.kind === 'computed' || meta.codec !== undefined) return false;
  if (meta.value !== undefined || meta.defaultAlways || meta.serverProduced) return false;
  const members = meta.type.kind === 'union' ? meta.type.members : [meta.type];
  return meta.role !== 'encrypted' && members.every((member) => VERBATIM.has(member.kind));
}

function isChecked({ meta }: ValueSlot): boolean {
  return meta.kind === 'field' && (meta.role === 'version' || meta.concurrencyCheck);
}

function instantiatorOf(meta: EntityMetadata): EntityShape['instantiate'] {
  // A constructor of our own over the class's prototype: as fast as a literal, and the class's constructor does not run.
  function Instance(this: object): void {}
  Instance.prototype = meta.target.prototype as object;
  const Constructor = Instance as unknown as new () => Record<string, unknown>;
  return () => new Constructor();
}

function isValue(property: PropertyMetadata): property is FieldMetadata | ComputedMetadata {
  return property.kind === 'field' || property.kind === 'computed';
}

function isStored(property: PropertyMetadata): property is FieldMetadata | LinkMetadata | LinksMetadata {
  return property.kind === 'field' || property.kind === 'link' || property.kind === 'links';
}

function isGenerated(property: PropertyMetadata): property is FieldMetadata {
  return property.kind === 'field' && property.generate !== undefined;
}

function isCollection(property: PropertyMetadata): property is CollectionMetadata {
  return property.kind === 'links' || property.kind === 'edges' || property.kind === 'inverse';
}

function owningOf({ links, collections }: EntityShape): OwningProperty[] {
  return [...links, ...collections].filter(({ owns }) => owns);
}

/** Shapes of one ORM, made at first use. */
export class EntityShapes {
  readonly #shapes = new Map<EntityMetadata, EntityShape>();
  /** Mostly the next question is about the same class. */
  #last: EntityShape | undefined;
  #owners: ReadonlyMap<EntityMetadata, readonly OwningProperty[]> | undefined;

  /** The classes that own others, with the relations by which they do. */
  ownersOf(entities: readonly EntityMetadata[]): ReadonlyMap<EntityMetadata, readonly OwningProperty[]> {
    this.#owners ??= new Map(
      entities.map((meta) => [meta, owningOf(this.of(meta))] as const).filter(([, owning]) => owning.length > 0),
    );
    return this.#owners;
  }

  of(meta: EntityMetadata): EntityShape {
    const last = this.#last;
    if (last !== undefined && last.meta === meta) return last;
    let shape = this.#shapes.get(meta);
    if (shape === undefined) this.#shapes.set(meta, (shape = shapeOf(meta)));
    this.#last = shape;
    return shape;
  }
}
