import { kindOf } from './kind.js';
import { tagOf } from './js-kinds.js';
import { formatLiteral } from './literal.js';
import type { RecordId } from './record-id.js';

/**
 * Text that is the same for equal record ids and different for others, for use as the key of a Map. Not an id's text:
 * `user:1` and ``user:`1` `` differ, the order of an object key's members does not matter, `1` and `1n` are one.
 *
 * ```ts
 * identityOf(new RecordId('user', 1)) === identityOf(new RecordId('user', 1n)); // true
 * ```
 */
export function identityOf(id: RecordId): string {
  const { table, key } = id;
  // The length in front keeps ("a", "b:c") and ("a:b", "c") apart without escaping.
  const prefix = `${table.length}:${table}`;
  if (typeof key === 'string') return `${prefix}"${key}`;
  if (typeof key === 'number' || typeof key === 'bigint') return `${prefix}#${key}`;
  return `${prefix}=${canonical(key)}`;
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null || kindOf(value) !== undefined) return canonicalScalar(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (tagOf(value) !== '[object Object]') return canonicalScalar(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

function canonicalScalar(value: unknown): string {
  if (typeof value === 'number' && Number.isInteger(value)) return String(BigInt(value));
  return formatLiteral(value);
}
