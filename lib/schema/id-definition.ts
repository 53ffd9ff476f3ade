import type { KeyType } from '../metadata/entity-metadata.js';
import { defineField, type DefineFieldNode } from '../surrealql/nodes/definitions.js';
import type { SurrealType } from '../types/surreal-type.js';

/**
 * `DEFINE FIELD id` for a key that is not a plain text: the server then refuses a record with another kind of key. Existing
 * records stay writable, since the server looks at the key only when a record is made.
 */
export function idDefinition(table: string, key: KeyType): DefineFieldNode | undefined {
  if (key === 'string' || key === 'any') return undefined;
  return defineField({ table, path: ['id'], type: keyType(key) });
}

function keyType(key: KeyType): SurrealType {
  if (typeof key !== 'string') return Object.freeze({ kind: 'tuple', items: Object.freeze(key.map(keyType)) });
  return Object.freeze({ kind: key === 'ulid' ? 'string' : key });
}
