import { optionOf } from '../types/parse-type.js';
import type { SurrealType } from '../types/surreal-type.js';
import type { CollectedProperty, Declared } from './collect.js';
import type { FieldCodec, FieldMetadata, VectorMetadata } from './entity-metadata.js';
import { freezeField } from './freeze-field.js';
import { serverTime } from './server-time.js';
import { withoutUndefined } from './without-undefined.js';

/** `@CreatedAt` and `@UpdatedAt`. */
export function buildTimestamp(
  collected: CollectedProperty,
  { kind, options }: Declared<'createdAt' | 'updatedAt'>,
): FieldMetadata {
  const time = serverTime(options.precision);
  return freezeField(collected, DATETIME, options, {
    role: kind,
    serverProduced: true,
    ...(kind === 'createdAt' ? { default: time, immutable: true } : { value: time }),
    ...(options.codec !== undefined && { codec: options.codec as FieldCodec }),
  });
}

/** `@Version`: rows written past the unit of work start at 1 or at their time, as those of a flush do. */
export function buildVersion(collected: CollectedProperty, { options }: Declared<'version'>): FieldMetadata {
  return options.type === 'datetime'
    ? freezeField(collected, DATETIME, options, { role: 'version', serverProduced: true, default: serverTime('ms') })
    : freezeField(collected, INT, options, { role: 'version', default: 1 });
}

/** `@Encrypted`. */
export function buildEncrypted(
  collected: CollectedProperty,
  { algorithm, options }: Declared<'encrypted'>,
): FieldMetadata {
  return freezeField(collected, options.optional === true ? optionOf(STRING) : STRING, options, {
    role: 'encrypted',
    hidden: true,
    algorithm,
    ...withoutUndefined({ permissions: options.permissions }),
  });
}

/** `@VectorField`. */
export function buildVector(collected: CollectedProperty, { options }: Declared<'vector'>): FieldMetadata {
  const { dimension, distance, type, efc, m, degree, buildWidth, alpha, index, indexName } = options;
  const vector: VectorMetadata = Object.freeze({
    dimension,
    distance: distance === undefined ? 'euclidean' : distance,
    type: type === undefined ? 'F32' : type,
    index: index === undefined ? true : index,
    ...withoutUndefined({ efc, m, degree, buildWidth, alpha, indexName }),
  });
  return freezeField(collected, options.optional === true ? optionOf(FLOATS) : FLOATS, options, {
    role: 'vector',
    vector,
  });
}

const DATETIME: SurrealType = Object.freeze({ kind: 'datetime' });
const STRING: SurrealType = Object.freeze({ kind: 'string' });
const INT: SurrealType = Object.freeze({ kind: 'int' });
const FLOATS: SurrealType = Object.freeze({ kind: 'array', items: Object.freeze({ kind: 'float' }) });
