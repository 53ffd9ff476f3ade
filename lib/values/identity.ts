import type { Bound } from './bounds.js';
import { standInFor } from './foreign.js';
import { tagOf } from './js-kinds.js';
import { kindOf } from './kind.js';
import { formatLiteral } from './literal.js';
import type { Range } from './range.js';
import type { RecordId } from './record-id.js';
import type { RecordIdRange } from './record-id-range.js';

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
  if (typeof value === 'number') return Number.isInteger(value) ? String(BigInt(value)) : formatLiteral(value);
  return typeof value === 'object' && value !== null ? canonicalObject(value) : formatLiteral(value);
}

function canonicalObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  switch (kindOf(value)) {
    case undefined:
      return canonicalBuiltIn(value);
    case 'RecordId':
      return `r(${identityOf(value as RecordId)})`;
    case 'RecordIdRange': {
      const { table, begin, end } = value as RecordIdRange;
      return `r(${table.length}:${table}${canonicalRange(begin, end)})`;
    }
    case 'Range':
      return canonicalRange((value as Range).begin, (value as Range).end);
    default:
      return formatLiteral(value);
  }
}

function canonicalRange(begin: Bound, end: Bound): string {
  const bound = (value: Bound): string => (value === undefined ? '' : `${kindOf(value)}(${canonical(value.value)})`);
  return `${bound(begin)}..${bound(end)}`;
}

function canonicalBuiltIn(value: object): string {
  const standIn = standInFor(value);
  if (standIn !== undefined) return canonicalObject(standIn);
  const tag = tagOf(value);
  if (tag === '[object Set]') return `s(${[...(value as ReadonlySet<unknown>)].map(canonical).sort().join(',')})`;
  if (tag !== '[object Object]') return formatLiteral(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}
