import { isPlain } from '../values/index.js';

/** Literal data, as against an instance of a class, a list or a value of SurrealDB. */
export function isPlainData(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && isPlain(value);
}
