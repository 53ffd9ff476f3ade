import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { serializeEntity } from './serialize.js';

const INSTALLED = Symbol.for('reverie.toJSON');

/**
 * Gives a class that has none a `toJSON`: hidden fields never leave, cycles end in an id. It stands on the prototype and is
 * not enumerable, so that spread, `console.log` and `toEqual` see plain data.
 */
export function installToJSON(meta: EntityMetadata): void {
  const prototype = meta.target.prototype as object;
  if ('toJSON' in prototype && !(INSTALLED in prototype)) return;
  const toJSON = function (this: object): unknown {
    return serializeEntity(meta, this);
  };
  Object.defineProperty(prototype, 'toJSON', { value: toJSON, enumerable: false, configurable: true, writable: true });
  Object.defineProperty(prototype, INSTALLED, { value: true, enumerable: false, configurable: true });
}
