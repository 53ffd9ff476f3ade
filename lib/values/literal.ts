import type { Decimal } from 'decimal.js';
import { ValidationError } from '../errors/index.js';
import type { Bound, BoundIncluded } from './bounds.js';
import type { Geometry } from './geometry.js';
import { quoted, quoteIdentifier } from './identifier.js';
import { isBytes, isTypedArray, tagOf } from './js-kinds.js';
import { kindOf, type ValueKind } from './kind.js';
import type { Range } from './range.js';
import type { RecordId } from './record-id.js';
import { INT64_MAX, INT64_MIN } from './record-key.js';

const PLAIN_KEY = /^(?=.*[A-Za-z_])[A-Za-z0-9_]+$/;
const INTEGER = /^-?\d+$/;

/** A record's key as it stands after the colon. */
export function formatKey(key: unknown): string {
  if (typeof key === 'string') return formatTextKey(key);
  if (typeof key === 'number' || typeof key === 'bigint') return String(key);
  return formatLiteral(key);
}

function formatTextKey(key: string): string {
  return PLAIN_KEY.test(key) && !/^\d[\d_]*$/.test(key) && quoteIdentifier(`_${key}`) !== '' && !isNumberWord(key) ? key : quoted(key);
}

function isNumberWord(key: string): boolean {
  return key === 'NaN' || key === 'Infinity';
}

/** `1..5`, `1>..=5`, `..`: the bounds of a range of keys. */
export function formatKeyRange(begin: Bound, end: Bound): string {
  return rangeText(begin, end, formatKey);
}

/** `1..5`, `'a'>..=3`, `..`: a range of values. */
export function formatRange(begin: Bound, end: Bound): string {
  return rangeText(begin, end, formatLiteral);
}

function rangeText(begin: Bound, end: Bound, format: (value: unknown) => string): string {
  const from = begin === undefined ? '' : format(begin.value) + (kindOf(begin) === 'BoundExcluded' ? '>' : '');
  const to = end === undefined ? '' : (kindOf(end) === 'BoundIncluded' ? '=' : '') + format((end as BoundIncluded).value);
  return `${from}..${to}`;
}

/**
 * A value as SurrealQL text. Statements bind their values; this serves record ids' text and the definitions in which the
 * server takes no parameters.
 *
 * ```ts
 * formatLiteral({ at: new Date(0), n: 1.5 }); // { at: d'1970-01-01T00:00:00.000Z', n: 1.5f }
 * ```
 * @throws ValidationError for functions, symbols and invalid dates.
 */
export function formatLiteral(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return formatString(value);
    case 'number':
      return formatNumber(value);
    case 'bigint':
      return formatBigint(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'undefined':
      return 'NONE';
    case 'object':
      return value === null ? 'NULL' : formatObject(value);
    default:
      throw new ValidationError({ what: `A ${typeof value} has no SurrealQL text` });
  }
}

/** A string in single quotes. */
export function formatString(text: string): string {
  return `'${escapeString(text)}'`;
}

function escapeString(text: string): string {
  return text.replace(/[\\'\n\t\r\0]/g, (character) => STRING_ESCAPES[character] as string);
}

const STRING_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\0': '\\0',
};

function formatNumber(value: number): string {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (Number.isFinite(value)) return `${String(value)}f`;
  return String(value);
}

function formatBigint(value: bigint): string {
  if (value > INT64_MAX || value < INT64_MIN) throw new ValidationError({ what: `${value}n does not fit SurrealDB's 64-bit int` });
  return String(value);
}

function formatObject(value: object): string {
  const kind = kindOf(value);
  if (kind !== undefined) return formatKind(kind, value);
  if (Array.isArray(value)) return `[${value.map(formatLiteral).join(', ')}]`;
  const tag = tagOf(value);
  if (tag === '[object Date]') return formatDate(value as Date);
  if (isBytes(value)) return `b"${hex(value)}"`;
  if (isTypedArray(value)) return `[${Array.from(value as ArrayLike<number>, formatLiteral).join(', ')}]`;
  if (tag === '[object Set]') return formatSet(value as ReadonlySet<unknown>);
  const entries = tag === '[object Map]' ? [...(value as ReadonlyMap<string, unknown>)] : Object.entries(value);
  if (entries.length === 0) return '{  }';
  return `{ ${entries.map(([name, member]) => `${quoteIdentifier(name)}: ${formatLiteral(member)}`).join(', ')} }`;
}

function formatSet(set: ReadonlySet<unknown>): string {
  return set.size === 0 ? '{,}' : `{${[...set].map(formatLiteral).join(', ')},}`;
}

function formatDate(value: Date): string {
  if (Number.isNaN(value.getTime()) && kindOf(value) === undefined) throw new ValidationError({ what: 'An invalid Date has no SurrealQL text' });
  return `d'${value.toISOString()}'`;
}

function formatKind(kind: ValueKind, value: object): string {
  switch (kind) {
    case 'NONE':
      return 'NONE';
    case 'RecordId':
      return `${quoteIdentifier((value as RecordId).table)}:${formatKey((value as RecordId).key)}`;
    case 'Uuid':
      return `u'${String(value)}'`;
    case 'DateTime':
      return formatDate(value as Date);
    case 'Decimal':
      return `${(value as Decimal).toFixed()}dec`;
    case 'FileRef':
      return `f"${String(value)}"`;
    case 'BoundIncluded':
    case 'BoundExcluded':
      throw new ValidationError({ what: `A ${kind} has no text outside a range` });
    case 'Range':
      return formatRange((value as Range).begin, (value as Range).end);
    case 'RecordIdRange':
    case 'Table':
    case 'Duration':
      return String(value);
    default:
      return formatLiteral((value as Geometry).toJSON());
  }
}

function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0').toUpperCase();
  return text;
}

/** True for text that SurrealQL reads as an integer key. */
export function isIntegerText(text: string): boolean {
  return INTEGER.test(text);
}
