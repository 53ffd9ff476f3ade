import { kindOf } from '../values/kind.js';

/** JSON of any value of SurrealDB: what JSON has no word for is text. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(plain(value), undefined, indent);
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.toJSON();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Set || value instanceof Map) return plain([...value]);
  if (kindOf(value) !== undefined) return geoOrText(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function geoOrText(value: object): unknown {
  const own = (value as { readonly toJSON?: () => unknown }).toJSON?.();
  return own === undefined ? null : own;
}
