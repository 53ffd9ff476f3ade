import type { EntityMetadata, LinkMetadata, LinksMetadata, PropertyMetadata } from '../metadata/entity-metadata.js';

/** The links of an entity, those within embedded objects too. */
export function everyLink({ properties }: EntityMetadata): readonly (LinkMetadata | LinksMetadata)[] {
  return properties.flatMap(linksOf);
}

function linksOf(property: PropertyMetadata): readonly (LinkMetadata | LinksMetadata)[] {
  if (property.kind === 'link' || property.kind === 'links') return [property];
  return property.kind === 'field' && property.embedded !== undefined ? property.embedded.fields.flatMap(linksOf) : [];
}
