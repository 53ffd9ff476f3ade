import { clone, equals, isNone } from '../values/index.js';
import { isPlainData } from './plain-data.js';

/** A member of an object, however deep, that is to be written by itself; `undefined` takes it away. */
export interface ChangedPart {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** What differs between two literal objects. */
export function objectParts(value: unknown, raw: unknown): ChangedPart[] | undefined {
  if (!isPlainData(value) || !isPlainData(raw)) return undefined;
  const parts: ChangedPart[] = [];
  for (const key of new Set([...Object.keys(raw), ...Object.keys(value)])) {
    // SurrealQL has no way to write this one.
    if (key === '') return undefined;
    const member = isNone(value[key]) ? undefined : value[key];
    if (equals(member, raw[key], LENIENT)) continue;
    const nested = objectParts(member, raw[key]);
    if (nested === undefined) parts.push({ path: [key], value: clone(member) });
    else parts.push(...below(key, nested));
  }
  return parts;
}

export function below(key: string, parts: readonly ChangedPart[]): ChangedPart[] {
  return parts.map(({ path, value }) => ({ path: [key, ...path], value }));
}

const LENIENT = Object.freeze({ absentIsMissing: true });
