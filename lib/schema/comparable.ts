import { kindOf } from '../values/kind.js';

/** Durations and the like as text, so that both sides compare as plain data. */
export function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(comparable));
  if (typeof value !== 'object' || value === null) return value;
  if (kindOf(value) !== undefined) return String(value);
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, comparable(item)])));
}
