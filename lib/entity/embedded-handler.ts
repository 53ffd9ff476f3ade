import type { EmbeddedMetadata, FieldMetadata, LinkMetadata, LinksMetadata } from '../metadata/entity-metadata.js';
import { clone, equals, toRecordId, type RecordId } from '../values/index.js';
import { below, type ChangedPart } from './changed-parts.js';
import { isPlainData } from './plain-data.js';
import { copyOf, handlerOfField, isMissing, sameOrMissing, type ValueHandler } from './value-handler.js';

type EmbeddedProperty = FieldMetadata | LinkMetadata | LinksMetadata;
type Plain = Record<string, unknown>;

/** Embedded classes: rows hold plain objects by column, instances hold the class by property. Links inside stay record ids. */
export function embeddedHandler(embedded: EmbeddedMetadata): ValueHandler {
  const prototype = embedded.target.prototype as object;
  // Made at first use: an embedded class may hold itself.
  let compiled: (readonly [EmbeddedProperty, ValueHandler])[] | undefined;
  const members = () => (compiled ??= embedded.fields.map((field) => [field, handlerOf(field)] as const));
  const properties = new Set(embedded.fields.map((field) => field.property));

  return {
    decode(raw) {
      if (!isObject(raw)) return clone(raw);
      const instance = Object.create(prototype) as Plain;
      for (const [field, handler] of members()) {
        const value = raw[field.column];
        if (value === undefined) continue;
        instance[field.property] = value === null || handler.decode === undefined ? value : handler.decode(value);
      }
      return instance;
    },
    encode(value) {
      if (!isObject(value)) return value;
      const encoded: Plain = {};
      for (const [field, handler] of members()) {
        const member = value[field.property];
        if (member === undefined || (member === null && !admitsNull(field))) continue;
        encoded[field.column] = isMissing(member) ? member : handler.encode(member);
      }
      // Of a literal everything counts, also what the class does not know: the validation refuses it.
      if (isPlainData(value))
        for (const name of Object.keys(value)) if (!properties.has(name)) encoded[name] = value[name];
      return encoded;
    },
    copy(value) {
      if (!isObject(value)) return clone(value);
      const copy = Object.assign(Object.create(Object.getPrototypeOf(value) as object) as Plain, value);
      for (const name of Object.keys(value)) if (!properties.has(name)) copy[name] = clone(value[name]);
      for (const [{ property }, handler] of members())
        if (Object.hasOwn(value, property)) copy[property] = copyOf(handler, value[property]);
      return copy;
    },
    same(value, raw) {
      if (!isObject(value) || !isObject(raw)) return equals(value, raw);
      for (const [field, handler] of members())
        if (!sameOrMissing(handler, memberOf(value, field), raw[field.column])) return false;
      return isKnown(value);
    },
    parts(value, raw) {
      if (!isObject(value) || !isObject(raw) || !isKnown(value)) return undefined;
      return members().flatMap(([field, handler]) => changedMember(field, handler, memberOf(value, field), raw));
    },
  };

  /** A literal may hold what the class does not know. */
  function isKnown(value: Plain): boolean {
    return !isPlainData(value) || Object.keys(value).every((name) => properties.has(name) || value[name] === undefined);
  }
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
