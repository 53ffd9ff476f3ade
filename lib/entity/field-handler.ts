import type { EmbeddedMetadata, FieldMetadata, LinkMetadata, LinksMetadata } from '../metadata/entity-metadata.js';
import { clone, equals, toRecordId, type RecordId } from '../values/index.js';
import { below, type ChangedPart } from './changed-parts.js';
import { isPlainData } from './plain-data.js';
import { arrayHandler, converted, handlerOfType } from './type-handler.js';
import { copyOf, isMissing, sameOrMissing, type ValueHandler } from './value-handler.js';

type EmbeddedProperty = FieldMetadata | LinkMetadata | LinksMetadata;
type Plain = Record<string, unknown>;

/** The handler of a field: its codec, its embedded class or its type. */
export function handlerOfField(field: FieldMetadata): ValueHandler {
  if (field.codec !== undefined) return codecHandler(field);
  if (field.embedded !== undefined) {
    const one = embeddedHandler(field.embedded);
    return field.embeddedMany ? arrayHandler(one) : one;
  }
  if (field.role === 'vector') return vector;
  return handlerOfType(field.type);
}

/** A typed array stands for the list of its numbers. */
const vector: ValueHandler = {
  decode: clone,
  encode: (value) => (ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : clone(value)),
  same(value, raw) {
    const numbers = value as ArrayLike<number>;
    const others = raw as ArrayLike<number>;
    if (numbers.length !== others.length) return false;
    for (let i = 0; i < numbers.length; i++) if (numbers[i] !== others[i]) return false;
    return true;
  },
};

function codecHandler(field: FieldMetadata): ValueHandler {
  const codec = field.codec as NonNullable<FieldMetadata['codec']>;
  const inner = handlerOfType(field.type);
  return {
    // A codec may give back the very value that it was given.
    decode: (raw) => codec.decode(clone(raw)),
    encode: (value) => clone(codec.encode(value)),
    copy: (value) => converted(value, () => codec.decode(clone(codec.encode(value)))),
    same(value, raw) {
      if (codec.equals !== undefined) return codec.equals(value, codec.decode(raw));
      const encoded = codec.encode(value);
      return isMissing(encoded) ? isMissing(raw) : inner.same(encoded, raw);
    },
  };
}

/** Embedded classes: rows hold plain objects by column, instances hold the class by property. Links inside stay record ids. */
function embeddedHandler(embedded: EmbeddedMetadata): ValueHandler {
  const layout = layoutOf(embedded);
  return {
    decode: (raw) => (isObject(raw) ? decodeEmbedded(layout, raw) : clone(raw)),
    encode: (value) => (isObject(value) ? encodeEmbedded(layout, value) : value),
    copy: (value) => (isObject(value) ? copyEmbedded(layout, value) : clone(value)),
    same: (value, raw) => (isObject(value) && isObject(raw) ? sameEmbedded(layout, value, raw) : equals(value, raw)),
    parts(value, raw) {
      if (!isObject(value) || !isObject(raw) || !isKnown(layout, value)) return undefined;
      return layout.members().flatMap(([field, handler]) => changedMember(field, handler, memberOf(value, field), raw));
    },
  };
}

interface Layout {
  readonly prototype: object;
  readonly properties: ReadonlySet<string>;
  members(): readonly (readonly [EmbeddedProperty, ValueHandler])[];
}

function layoutOf({ target, fields }: EmbeddedMetadata): Layout {
  // Made at first use: an embedded class may hold itself.
  let compiled: ReturnType<Layout['members']> | undefined;
  return {
    prototype: target.prototype as object,
    properties: new Set(fields.map((field) => field.property)),
    members: () => (compiled ??= fields.map((field) => [field, handlerOf(field)] as const)),
  };
}

function decodeEmbedded({ prototype, members }: Layout, raw: Plain): Plain {
  const instance = Object.create(prototype) as Plain;
  for (const [field, handler] of members()) {
    const value = raw[field.column];
    if (value === undefined) continue;
    instance[field.property] = value === null || handler.decode === undefined ? value : handler.decode(value);
  }
  return instance;
}

function encodeEmbedded({ members, properties }: Layout, value: Plain): Plain {
  const encoded: Plain = {};
  for (const [field, handler] of members()) {
    const member = value[field.property];
    if (member === undefined || (member === null && !admitsNull(field))) continue;
    encoded[field.column] = isMissing(member) ? member : handler.encode(member);
  }
  // Of a literal everything counts, also what the class does not know: the validation refuses it.
  if (isPlainData(value)) for (const name of Object.keys(value)) if (!properties.has(name)) encoded[name] = value[name];
  return encoded;
}

function copyEmbedded({ members, properties }: Layout, value: Plain): Plain {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(value) as object) as Plain, value);
  for (const name of Object.keys(value)) if (!properties.has(name)) copy[name] = clone(value[name]);
  for (const [{ property }, handler] of members())
    if (Object.hasOwn(value, property)) copy[property] = copyOf(handler, value[property]);
  return copy;
}

function sameEmbedded(layout: Layout, value: Plain, raw: Plain): boolean {
  for (const [field, handler] of layout.members())
    if (!sameOrMissing(handler, memberOf(value, field), raw[field.column])) return false;
  return isKnown(layout, value);
}

/** A literal may hold what the class does not know. */
function isKnown({ properties }: Layout, value: Plain): boolean {
  return !isPlainData(value) || Object.keys(value).every((name) => properties.has(name) || value[name] === undefined);
}

function memberOf(value: Plain, field: EmbeddedProperty): unknown {
  const member = value[field.property];
  return member === null && !admitsNull(field) ? undefined : member;
}

function changedMember(
  { column }: EmbeddedProperty,
  handler: ValueHandler,
  member: unknown,
  raw: Plain,
): readonly ChangedPart[] {
  if (sameOrMissing(handler, member, raw[column])) return [];
  if (isMissing(member)) return [{ path: [column], value: member === null ? null : undefined }];
  const nested = isMissing(raw[column]) ? undefined : handler.parts?.(member, raw[column]);
  return nested === undefined ? [{ path: [column], value: handler.encode(member) }] : below(column, nested);
}

function isObject(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function admitsNull(field: EmbeddedProperty): boolean {
  return field.kind === 'field' && field.nullable;
}

function handlerOf(field: EmbeddedProperty): ValueHandler {
  return field.kind === 'field' ? handlerOfField(field) : recordIds;
}

const recordIds: ValueHandler = {
  decode: clone,
  encode: (value) => (Array.isArray(value) ? value.map(idOf) : idOf(value)),
  same: (value, raw) => equals(recordIds.encode(value), raw),
};

function idOf(value: unknown): RecordId | unknown {
  return toRecordId(value) ?? toRecordId((value as { id?: unknown }).id) ?? value;
}
