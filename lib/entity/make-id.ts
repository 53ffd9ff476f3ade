import { ValidationError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { RecordId, Uuid, randomKey, ulid, type RecordKey } from '../values/index.js';

/** Makes a record id in the client, so that links never wait for the server; undefined where the entity must bring its key. */
export function makeId(meta: EntityMetadata, entity: object): RecordId | undefined {
  const key = makeKey(meta, entity);
  return key === undefined ? undefined : new RecordId(meta.table, key);
}

function makeKey(meta: EntityMetadata, entity: object): RecordKey | undefined {
  const { generate, from } = meta.id;
  const given = from === undefined ? undefined : (entity as Record<string, unknown>)[from];
  if (given !== undefined) return given as RecordKey;
  if (generate === 'random') return randomKey();
  if (generate === 'uuid') return Uuid.v7();
  if (generate === 'ulid') return ulid();
  return typeof generate === 'function' ? (generate() as RecordKey) : undefined;
}

/** For a new entity whose key nobody has given by the time it is needed. */
export function missingKey(meta: EntityMetadata): ValidationError {
  const { from } = meta.id;
  const source = from === undefined ? 'the key type has no generator' : `${meta.className}.${from} has no value`;
  return new ValidationError({
    what: `A new ${meta.className} has no id`,
    why: source,
    fix:
      from === undefined
        ? [`give it one: em.create(${meta.className}, { id: … })`, `let Reverie make it: @Id({ generate: 'uuid' })`]
        : `set ${from}`,
    errors: [{ path: `${meta.className}.id`, message: source, rule: 'required' }],
  });
}
