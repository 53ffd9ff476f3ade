import { ValidationError } from '../errors/index.js';
import { decimalText, type Decimal } from '../values/decimal.js';
import { kindOf, type ValueKind } from '../values/kind.js';
import { assertUnicode, escapeIdentifier } from './identifiers.js';

/**
 * A value as SurrealQL text, for DEFINE, where the server takes no parameters. Everywhere else values are bound.
 *
 * ```ts
 * printLiteral({ at: new Date(0), tags: ["it's"] });
 * // { at: d'1970-01-01T00:00:00.000Z', tags: ['it\'s'] }
 * ```
 */
export function printLiteral(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return printString(value);
    case 'number':
      return printNumber(value);
    case 'bigint':
      return printBigInt(value);
    case 'boolean':
      return String(value);
    case 'undefined':
      return 'NONE';
    case 'object':
      return value === null ? 'NULL' : printObject(value);
    default:
      throw refused(`A ${typeof value}`, 'SurrealDB has no such value');
  }
}

const STRING_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A string literal, escaped. */
export function printString(text: string): string {
  assertUnicode(text);
  // eslint-disable-next-line no-control-regex
  return `'${text.replace(/[\\'\u0000\n\r\t]/g, (char) => STRING_ESCAPES[char] as string)}'`;
}

/** Integers as int, everything else as float; `-0`, NaN and the infinities have names or a suffix of their own. */
function printNumber(value: number): string {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const text = Object.is(value, -0) ? '-0.0' : String(value);
  return `${text.replace('e+', 'e')}f`;
}

function printBigInt(value: bigint): string {
  if (BigInt.asIntN(64, value) === value) return String(value);
  throw refused(`${value}n`, 'an int of SurrealDB has 64 bits');
}

function printObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(printLiteral).join(', ')}]`;
  const kind = kindOf(value);
  if (kind !== undefined) return printKind(kind, value);
  switch (Object.prototype.toString.call(value)) {
    case '[object Date]':
      return printDate(value as Date);
    case '[object Set]':
      return printSet([...(value as ReadonlySet<unknown>)]);
    case '[object Uint8Array]':
      return printBytes(value as Uint8Array);
    case '[object ArrayBuffer]':
      return printBytes(new Uint8Array(value as ArrayBuffer));
    case '[object Map]':
      return printEntries([...(value as ReadonlyMap<string, unknown>)]);
    case '[object Object]':
      return printEntries(Object.entries(value));
    default:
      throw refused(`A ${Object.prototype.toString.call(value).slice(8, -1)}`, 'SurrealDB has no such value');
  }
}

function printKind(kind: ValueKind, value: object): string {
  switch (kind) {
    case 'Decimal':
      return `${decimalText(value as Decimal)}dec`;
    case 'DateTime':
      return printDate(value as Date);
    case 'Uuid':
      return `u'${String(value)}'`;
    case 'FileRef':
      return `f${printString(String(value))}`;
    case 'Table':
      return `type::table(${printString((value as { readonly name: string }).name)})`;
    case 'Point':
    case 'Line':
    case 'Polygon':
    case 'MultiPoint':
    case 'MultiLine':
    case 'MultiPolygon':
    case 'GeometryCollection':
      return printLiteral((value as { toJSON(): unknown }).toJSON());
    default:
      return String(value);
  }
}

function printDate(value: Date): string {
  if (!Number.isNaN(value.getTime()) || kindOf(value) === 'DateTime') return `d'${value.toISOString()}'`;
  throw refused('An invalid Date', 'it holds no time');
}

/** The comma at the end tells a set from a block. */
function printSet(items: readonly unknown[]): string {
  return items.length === 0 ? '{,}' : `{${items.map(printLiteral).join(', ')},}`;
}

function printBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return `b"${text}"`;
}

function printEntries(entries: readonly (readonly [string, unknown])[]): string {
  if (entries.length === 0) return '{}';
  const members = entries.map(([key, value]) => `${key === '' ? "''" : escapeIdentifier(key)}: ${printLiteral(value)}`);
  return `{ ${members.join(', ')} }`;
}

function refused(what: string, why: string): ValidationError {
  return new ValidationError({ what: `${what} cannot be part of a definition`, why });
}
