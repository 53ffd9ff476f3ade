import { DateTime, Decimal, Duration, Float, RecordId, Uuid, equals, kindOf, toRecordId } from '../values/index.js';
import type { ScalarKind, SurrealType } from './surreal-type.js';

const MIN_INT = -(2n ** 63n);
const MAX_INT = 2n ** 63n - 1n;
const GEOMETRY_KINDS: Readonly<Record<string, string>> = {
  point: 'Point',
  line: 'Line',
  polygon: 'Polygon',
  multipoint: 'MultiPoint',
  multiline: 'MultiLine',
  multipolygon: 'MultiPolygon',
  collection: 'GeometryCollection',
};

/**
 * Whether the server would take this value for a field of this type, text forms that Reverie converts included
 * (a canonical uuid, a duration, a decimal). NONE and NULL are the caller's business.
 */
export function acceptsValue(type: SurrealType, value: unknown): boolean {
  switch (type.kind) {
    case 'union':
      return type.members.some((member) => acceptsValue(member, value));
    case 'record': {
      const id = toRecordId(value);
      return id !== undefined && (type.tables.length === 0 || type.tables.includes(id.table));
    }
    case 'array':
    case 'set':
      return acceptsList(type, value);
    case 'tuple':
      return (
        Array.isArray(value) &&
        value.length === type.items.length &&
        type.items.every((item, i) => acceptsMember(item, value[i]))
      );
    case 'shape':
      return isObject(value) && Object.entries(type.fields).every(([name, field]) => acceptsMember(field, value[name]));
    case 'literal':
      return value === type.value || equals(value, type.value);
    case 'geometry':
      return acceptsGeometry(type.shapes, value);
    case 'table':
    case 'file':
      return kindOf(value) === (type.kind === 'table' ? 'Table' : 'FileRef');
    default:
      return SCALARS[type.kind](value);
  }
}

const SCALARS: Readonly<Record<ScalarKind, (value: unknown) => boolean>> = {
  any: () => true,
  none: () => false,
  null: () => false,
  bool: (value) => typeof value === 'boolean',
  bytes: (value) => ArrayBuffer.isView(value) || tagOf(value) === 'ArrayBuffer',
  datetime: (value) => DateTime.is(value) || (tagOf(value) === 'Date' && !Number.isNaN((value as Date).getTime())),
  decimal: (value) => isNumeric(value) || (typeof value === 'string' && /^[+-]?\d+(\.\d+)?$/.test(value)),
  duration: (value) =>
    Duration.is(value) || (typeof value === 'string' && /^(\d+(ns|us|µs|ms|s|m|h|d|w|y))+$/.test(value)),
  float: (value) => isNumeric(value),
  int: (value) =>
    typeof value === 'number'
      ? Number.isInteger(value)
      : typeof value === 'bigint' && value >= MIN_INT && value <= MAX_INT,
  number: (value) => isNumeric(value),
  object: (value) => isObject(value),
  string: (value) => typeof value === 'string',
  uuid: (value) =>
    Uuid.is(value) || (typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)),
  regex: (value) => tagOf(value) === 'RegExp',
  range: (value) => kindOf(value) === 'Range' || kindOf(value) === 'RecordIdRange',
  function: () => false,
};

function acceptsList(type: SurrealType & { readonly kind: 'array' | 'set' }, value: unknown): boolean {
  const items = Array.isArray(value)
    ? value
    : tagOf(value) === 'Set'
      ? [...(value as Set<unknown>)]
      : typedNumbers(value);
  if (items === undefined || (type.max !== undefined && countOf(type.kind, items) !== type.max)) return false;
  return type.items.kind === 'any' || items.every((item) => acceptsMember(type.items, item));
}

/** The server (3.0.2) takes lists of exactly the length that the type names. */
function countOf(kind: 'array' | 'set', items: readonly unknown[]): number {
  return kind === 'set' ? new Set(items).size : items.length;
}

function acceptsMember(type: SurrealType, value: unknown): boolean {
  if (value === undefined) return hasMember(type, 'none');
  return value === null ? hasMember(type, 'null') : acceptsValue(type, value);
}

function hasMember(type: SurrealType, kind: 'none' | 'null'): boolean {
  return (
    type.kind === 'any' ||
    type.kind === kind ||
    (type.kind === 'union' && type.members.some((member) => hasMember(member, kind)))
  );
}

function acceptsGeometry(shapes: readonly string[], value: unknown): boolean {
  const kind = kindOf(value) ?? (isObject(value) ? value['type'] : undefined);
  const wanted = (shapes.length === 0 ? Object.keys(GEOMETRY_KINDS) : shapes).map((shape) => GEOMETRY_KINDS[shape]);
  return wanted.includes(kind === 'LineString' ? 'Line' : (kind as string));
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || Decimal.isDecimal(value) || Float.is(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !RecordId.is(value) &&
    tagOf(value) !== 'Date'
  );
}

function typedNumbers(value: unknown): readonly unknown[] | undefined {
  return ArrayBuffer.isView(value) && !(tagOf(value) === 'DataView')
    ? Array.from(value as unknown as ArrayLike<number>)
    : undefined;
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
