import { Decimal } from 'decimal.js';
import { ValidationError } from '../errors/index.js';
import type { Bound } from './bounds.js';
import { standInFor } from './foreign.js';
import type { GeoJson, Geometry } from './geometry.js';
import { quoted, quoteTable } from './identifier.js';
import type { Float } from './float.js';
import { bytesOf, isTypedArray, tagOf } from './js-kinds.js';
import { kindOf, type ValueKind } from './kind.js';
import type { Range } from './range.js';
import type { RecordId } from './record-id.js';
import type { RecordIdRange } from './record-id-range.js';
import { INT64_MAX, INT64_MIN } from './record-key.js';

/** Letters, digits and underscores with a letter among them: what the server prints bare after `table:`. */
const BARE_KEY = /^[0-9_]*[A-Za-z][A-Za-z0-9_]*$/;
const BARE_MEMBER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** These two are numbers to SurrealQL, in this spelling only. */
const NUMBER_WORDS: ReadonlySet<string> = new Set(['NaN', 'Infinity']);

/** `table:key` as the server prints it. */
export function formatRecordId(table: string, key: unknown): string {
  return `${quoteTable(table)}:${formatKey(key)}`;
}

/** `table:1..5`, `table:1>..=5`, `table:..`. */
export function formatRecordIdRange(table: string, begin: Bound, end: Bound): string {
  return `${quoteTable(table)}:${rangeText(begin, end, formatKey)}`;
}

/** `1..5`, `'a'>..='c'`, `..`. */
export function formatRange(begin: Bound, end: Bound): string {
  return rangeText(begin, end, formatLiteral);
}

function formatKey(key: unknown): string {
  if (typeof key === 'string') return BARE_KEY.test(key) && !NUMBER_WORDS.has(key) ? key : quoted(key);
  if (typeof key === 'number' || typeof key === 'bigint') return String(key);
  return formatLiteral(key);
}

function rangeText(begin: Bound, end: Bound, format: (value: unknown) => string): string {
  const from = begin === undefined ? '' : format(begin.value) + (kindOf(begin) === 'BoundExcluded' ? '>' : '');
  const to = end === undefined ? '' : (kindOf(end) === 'BoundIncluded' ? '=' : '') + format(end.value);
  return `${from}..${to}`;
}

/**
 * A value as SurrealQL text, the way the server prints it. Statements bind their values; this serves the text of record ids
 * and messages.
 *
 * ```ts
 * formatLiteral({ at: new Date(0), n: 1.5 }); // { at: d'1970-01-01T00:00:00Z', n: 1.5f }
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
      throw refused(`A ${typeof value}`);
  }
}

const STRING_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\t', '\\t'],
  ['\r', '\\r'],
  ['\f', '\\f'],
  ['\b', '\\u{8}'],
  ['\0', '\\0'],
]);

/** A string literal: in single quotes, in double ones where it holds a single quote. */
export function formatString(text: string): string {
  const quote = text.includes("'") ? '"' : "'";
  let escaped = '';
  for (const character of text) {
    const escape = STRING_ESCAPES.get(character);
    escaped += escape === undefined ? (character === quote ? `\\${quote}` : character) : escape;
  }
  return quote + escaped + quote;
}

function formatNumber(value: number): string {
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : formatFloat(value);
}

function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Object.is(value, -0) ? '-0f' : `${withoutExponent(value)}f`;
}

function withoutExponent(value: number): string {
  const text = String(value);
  return text.includes('e') ? new Decimal(value).toFixed() : text;
}

function formatBigint(value: bigint): string {
  if (value > INT64_MAX || value < INT64_MIN) throw refused(`${value}n`, 'an int of SurrealDB has 64 bits');
  return String(value);
}

function formatObject(value: object): string {
  const kind = kindOf(value);
  if (kind !== undefined) return formatKind(kind, value);
  if (Array.isArray(value)) return `[${value.map(formatLiteral).join(', ')}]`;
  const standIn = standInFor(value);
  if (standIn !== undefined) return formatObject(standIn);
  const tag = tagOf(value);
  if (tag === '[object Date]') return formatDate(value as Date);
  const bytes = bytesOf(value);
  if (bytes !== undefined) return `b"${hex(bytes)}"`;
  if (isTypedArray(value)) return `[${Array.from(value as ArrayLike<number>, formatLiteral).join(', ')}]`;
  if (tag === '[object Set]') return formatSet([...(value as ReadonlySet<unknown>)]);
  return formatMembers(tag === '[object Map]' ? [...(value as ReadonlyMap<string, unknown>)] : Object.entries(value));
}

function formatMembers(members: readonly (readonly [string, unknown])[]): string {
  if (members.length === 0) return '{  }';
  const sorted = [...members].sort(([a], [b]) => byCodePoints(a, b));
  const texts = sorted.map(([name, member]) => `${formatMember(name)}: ${formatLiteral(member)}`);
  return `{ ${texts.join(', ')} }`;
}

/** The server's order, that of the UTF-8 bytes; JavaScript's own puts letters beyond 16 bits before U+E000. */
function byCodePoints(a: string, b: string): number {
  const isHalf = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;
  for (let at = 0; at < a.length && at < b.length; at++) {
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (x === y) continue;
    return isHalf(x) === isHalf(y) ? x - y : isHalf(x) ? 1 : -1;
  }
  return a.length - b.length;
}

function formatMember(name: string): string {
  if (BARE_MEMBER.test(name) && !NUMBER_WORDS.has(name)) return name;
  return `"${formatString(`'${name}`).slice(2, -1)}"`;
}

function formatSet(members: readonly unknown[]): string {
  return members.length === 0 ? '{,}' : `{${members.map(formatLiteral).join(', ')}${members.length === 1 ? ',' : ''}}`;
}

/** Without the zeros that JavaScript writes and the server does not. */
function formatDate(value: Date): string {
  if (Number.isNaN(value.getTime()) && kindOf(value) === undefined) throw refused('An invalid Date', 'it has no time');
  const text = value.toISOString().replace(/\.000Z$/, 'Z');
  return `d'${text.replace(/^([+-])0{1,2}(?=\d{4,}-)/, '$1')}'`;
}

function formatKind(kind: ValueKind, value: object): string {
  switch (kind) {
    case 'NONE':
      return 'NONE';
    case 'RecordId':
      return formatRecordId((value as RecordId).table, (value as RecordId).key);
    case 'RecordIdRange': {
      const { table, begin, end } = value as RecordIdRange;
      return formatRecordIdRange(table, begin, end);
    }
    case 'Range':
      return formatRange((value as Range).begin, (value as Range).end);
    case 'Uuid':
      return `u'${String(value)}'`;
    case 'DateTime':
      return formatDate(value as Date);
    case 'Decimal':
      return `${(value as Decimal).toFixed()}dec`;
    case 'FileRef':
      return `f"${String(value)}"`;
    case 'Float':
      return formatFloat((value as Float).value);
    case 'BoundIncluded':
    case 'BoundExcluded':
      throw refused(`A ${kind}`, 'it is the end of a range');
    case 'Table':
    case 'Duration':
      return String(value);
    default:
      return formatGeometry(value as Geometry);
  }
}

function formatGeometry(value: Geometry): string {
  const json = value.toJSON();
  if (json.type === 'Point') return `(${(json.coordinates as readonly number[]).map(formatCoordinates).join(', ')})`;
  return formatGeoJson(json);
}

/** The server reads no `(1, 2)` within a collection. */
function formatGeoJson(json: GeoJson): string {
  if (json.type !== 'GeometryCollection')
    return `{ type: '${json.type}', coordinates: ${formatCoordinates(json.coordinates)} }`;
  return `{ type: 'GeometryCollection', geometries: [${json.geometries.map(formatGeoJson).join(', ')}] }`;
}

function formatCoordinates(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatCoordinates).join(', ')}]`;
  const number = value as number;
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? formatNumber(number) : withoutExponent(number);
}

function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0').toUpperCase();
  return text;
}

function refused(what: string, why = 'SurrealDB has no such value'): ValidationError {
  return new ValidationError({ what: `${what} has no SurrealQL text`, why });
}
