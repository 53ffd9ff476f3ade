import type { EmbeddedMetadata, EntityMetadata, PropertyMetadata } from '../metadata/entity-metadata.js';
import type { Serializer } from './serialize.js';

const INSTALLED = Symbol.for('reverie.toJSON');

/** Gives an entity class and its embedded classes, where they have none, a `toJSON`: hidden fields never leave, cycles end in an id. */
export function installToJSON(meta: EntityMetadata, serializer: Serializer): void {
  install(meta.target.prototype as object, (entity) => serializer.serialize(meta, entity));
  for (const embedded of embeddedOf(meta.properties))
    install(embedded.target.prototype as object, (value) => serializer.embedded(embedded, value));
}

/** It stands on the prototype and is not enumerable, so that spread, `console.log` and `toEqual` see plain data. */
function install(prototype: object, serialize: (holder: object) => unknown): void {
  if ('toJSON' in prototype && !(INSTALLED in prototype)) return;
  const toJSON = function (this: object): unknown {
    return serialize(this);
  };
  Object.defineProperty(prototype, 'toJSON', { value: toJSON, enumerable: false, configurable: true, writable: true });
  Object.defineProperty(prototype, INSTALLED, { value: true, enumerable: false, configurable: true });
}

function embeddedOf(properties: readonly PropertyMetadata[]): readonly EmbeddedMetadata[] {
  return properties.flatMap((each) =>
    each.kind === 'field' && each.embedded !== undefined ? [each.embedded, ...embeddedOf(each.embedded.fields)] : [],
  );
}
