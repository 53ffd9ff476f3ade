import { LinkCollection } from '../entity/link-collection.js';
import { LinkReference } from '../entity/link-reference.js';
import type { EmbeddedMetadata, EntityClass, EntityMetadata, PropertyMetadata } from '../metadata/entity-metadata.js';

type Members = Record<string, unknown>;

/** Makes the object that stands for an entity or an embedded class. */
export type Shaper = (target: EntityClass, members: Members) => Members;

export const asInstance: Shaper = (target, members) =>
  Object.assign(Object.create(target.prototype as object) as Members, members);

export const asPlain: Shaper = (_target, members) => members;

/** An entity as rules see it: links as the ids they lead to. A copy, so that no rule can change the entity itself. */
export function viewOf(meta: EntityMetadata, entity: object, shape: Shaper): Members {
  const members: Members = {};
  for (const [name, held] of Object.entries(entity)) {
    const seen = seenAs(meta.byProperty.get(name), held, shape);
    if (seen !== undefined) members[name] = seen;
  }
  return shape(meta.target, members);
}

function seenAs(property: PropertyMetadata | undefined, held: unknown, shape: Shaper): unknown {
  if (LinkReference.is(held)) return held.id;
  if (LinkCollection.is(held)) return held.wholeIds;
  const embedded = property?.kind === 'field' ? property.embedded : undefined;
  if (embedded === undefined) return held;
  return Array.isArray(held)
    ? held.map((item) => embeddedView(embedded, item, shape))
    : embeddedView(embedded, held, shape);
}

function embeddedView(embedded: EmbeddedMetadata, held: unknown, shape: Shaper): unknown {
  if (typeof held !== 'object' || held === null) return held;
  const properties = new Map(embedded.fields.map((field) => [field.property, field]));
  const members: Members = {};
  for (const [name, value] of Object.entries(held)) {
    const seen = seenAs(properties.get(name), value, shape);
    if (seen !== undefined) members[name] = seen;
  }
  return shape(embedded.target, members);
}
