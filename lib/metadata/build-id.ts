import type { CollectedClass } from './collect.js';
import type { IdMetadata, KeyType } from './entity-metadata.js';
import type { IdOptions } from './options.js';

/** How a key of each type is made when nothing is said. */
const GENERATED: Readonly<Record<string, IdMetadata['generate']>> = {
  string: 'random',
  any: 'random',
  uuid: 'uuid',
  ulid: 'ulid',
};

/** `@Id`; an entity without one is reported by its rule and gets the default meanwhile. */
export function buildId({ properties }: CollectedClass): IdMetadata {
  const declaration = properties.find((each) => each.declaration.kind === 'id')?.declaration;
  const options: IdOptions = declaration?.kind === 'id' ? declaration.options : {};
  const key = options.type === undefined ? impliedKey(options) : options.type;
  return Object.freeze({
    property: 'id',
    key: freezeKey(key),
    generate: generation(key, options),
    ...(options.from !== undefined && { from: options.from }),
  });
}

function impliedKey({ generate }: IdOptions): KeyType {
  return generate === 'uuid' || generate === 'ulid' ? generate : 'string';
}

function generation(key: KeyType, { generate, from }: IdOptions): IdMetadata['generate'] {
  if (generate === false) return 'none';
  if (generate !== undefined) return generate;
  const usual = typeof key === 'string' && from === undefined ? GENERATED[key] : undefined;
  return usual === undefined ? 'none' : usual;
}

function freezeKey(key: KeyType): KeyType {
  return typeof key === 'string' ? key : Object.freeze(key.map(freezeKey));
}
