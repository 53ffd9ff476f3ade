import type { FieldMetadata, PropertyMetadata } from './entity-metadata.js';

/** The fields among the properties, those of embedded classes after the field that holds them. */
export function everyField(properties: readonly PropertyMetadata[]): readonly FieldMetadata[] {
  return properties.flatMap((each) =>
    each.kind === 'field' ? [each, ...everyField(each.embedded === undefined ? [] : each.embedded.fields)] : [],
  );
}
