import { ValidationError } from '../errors/index.js';
import type { EmbeddedMetadata, EntityMetadata, PropertyMetadata } from '../metadata/entity-metadata.js';
import { didYouMean } from '../types/nearest-word.js';

/** The properties that are wanted, each with those wanted inside it; undefined for all of it. */
export type FieldTree = ReadonlyMap<string, FieldTree | undefined>;

type MutableTree = Map<string, MutableTree | undefined>;

/** Reads `['name', 'address.city', 'author.name']`. @throws ValidationError for a path that leads nowhere */
export function fieldTree(meta: EntityMetadata, fields: readonly string[]): FieldTree {
  const tree: MutableTree = new Map();
  for (const field of fields) {
    checkPath(meta, field);
    insert(tree, field.split('.'));
  }
  return tree;
}

function insert(tree: MutableTree, [head, ...rest]: readonly string[]): void {
  if (head === undefined) return;
  if (rest.length === 0) tree.set(head, undefined);
  // All of it was asked for already.
  else if (tree.has(head) && tree.get(head) === undefined) return;
  else {
    const inside: MutableTree = tree.get(head) ?? new Map();
    tree.set(head, inside);
    insert(inside, rest);
  }
}

/** As far as declarations tell: what stands inside a free object is not known. */
function checkPath(meta: EntityMetadata, field: string): void {
  let inside: Inside | undefined = entityInside(meta);
  for (const name of field.split('.')) {
    if (inside === undefined) return;
    const property = inside.properties.get(name);
    if (property === undefined && name !== 'id' && !(name in inside.prototype))
      throw unknown(meta, field, name, inside);
    inside = property === undefined ? undefined : insideOf(property);
  }
}

interface Inside {
  readonly className: string;
  readonly properties: ReadonlyMap<string, PropertyMetadata>;
  readonly prototype: object;
}

function entityInside({ className, byProperty, target }: EntityMetadata): Inside {
  return { className, properties: byProperty, prototype: target.prototype as object };
}

function insideOf(property: PropertyMetadata): Inside | undefined {
  if (property.kind === 'field') return property.embedded === undefined ? undefined : embeddedInside(property.embedded);
  return property.kind === 'computed' ? undefined : entityInside(property.target());
}

function embeddedInside({ className, fields, target }: EmbeddedMetadata): Inside {
  const properties = new Map(fields.map((field) => [field.property, field]));
  return { className, properties, prototype: target.prototype as object };
}

function unknown(meta: EntityMetadata, field: string, name: string, inside: Inside): ValidationError {
  const message = `${inside.className} has no field "${name}".${didYouMean(name, inside.properties.keys())}`;
  return new ValidationError({
    what: `fields: ['${field}'] of ${meta.className} leads nowhere`,
    why: message,
    fix: `the fields of ${inside.className} are ${['id', ...inside.properties.keys()].join(', ')}`,
    errors: [{ path: `${meta.className}.${field}`, message, rule: 'unknown' }],
  });
}
