import type { EmbeddedMetadata } from '../metadata/entity-metadata.js';
import { acceptsValue } from '../types/accepts-value.js';
import { admitsNull, valueMembers } from '../types/admits.js';
import { printType } from '../types/print-type.js';
import type { SurrealType } from '../types/surreal-type.js';
import { Decimal, Duration, isNone, NONE, RecordId, Uuid } from '../values/index.js';
import { wrongType } from './query-errors.js';

/** A value as a column of this type holds it; `null` is NONE where the type does not admit NULL. */
export function encodeTyped(type: SurrealType, value: unknown, label: string): unknown {
  if (value === null) return admitsNull(type) ? null : NONE;
  if (isNone(value)) return NONE;
  const readable = convert(type, value);
  if (!acceptsValue(type, readable)) throw wrongType(label, value, printType(type));
  return readable;
}

/** Bounds need not be of the column's exact type: 1.5 is a fine bound for ints. */
export function encodeBound(type: SurrealType, value: unknown): boolean {
  const numeric = valueMembers(type).some((member) => NUMERIC.has(member.kind));
  return numeric && (typeof value === 'number' || typeof value === 'bigint' || Decimal.isDecimal(value));
}

const NUMERIC: ReadonlySet<string> = new Set(['int', 'float', 'decimal', 'number']);

/** Text forms become the values they stand for, lists sets where the column holds a set. */
function convert(type: SurrealType, value: unknown): unknown {
  const members = valueMembers(type);
  if (members.length !== 1 || members[0] === undefined) return value;
  const member = members[0];
  if (member.kind === 'array' || member.kind === 'set') return convertList(member, value);
  if (typeof value !== 'string') return value;
  return convertText(member, value);
}

function convertList(type: SurrealType & { readonly kind: 'array' | 'set' }, value: unknown): unknown {
  const list = ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;
  const items = Array.isArray(list) ? list.map((item) => convert(type.items, item)) : list;
  return type.kind === 'set' && Array.isArray(items) ? new Set(items) : items;
}

function convertText(type: SurrealType, text: string): unknown {
  if (!acceptsValue(type, text) && type.kind !== 'record') return text;
  if (type.kind === 'uuid') return Uuid.parse(text);
  if (type.kind === 'duration') return Duration.parse(text);
  if (type.kind === 'decimal') return new Decimal(text);
  if (type.kind !== 'record') return text;
  try {
    return RecordId.parse(text);
  } catch {
    return text;
  }
}

/** An embedded object as its column holds it: columns instead of properties, members that are undefined left out. */
export function encodeEmbedded(embedded: EmbeddedMetadata, value: unknown, label: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongType(label, value, embedded.className);
  const row: Record<string, unknown> = {};
  for (const field of embedded.fields) {
    const member = (value as Record<string, unknown>)[field.property];
    if (member === undefined) continue;
    const nested = field.kind === 'field' ? field.embedded : undefined;
    const path = `${label}.${field.property}`;
    const encoded =
      nested === undefined || member === null
        ? encodeTyped(field.type, member, path)
        : Array.isArray(member)
          ? member.map((item) => encodeEmbedded(nested, item, path))
          : encodeEmbedded(nested, member, path);
    if (!isNone(encoded)) row[field.column] = encoded;
  }
  return row;
}
