import type { EmbeddedMetadata, FieldMetadata, LinkMetadata, LinksMetadata } from '../metadata/entity-metadata.js';
import { equals, toRecordId, type RecordId } from '../values/index.js';
import { handlerOfField, isMissing, sameOrMissing, type ValueHandler } from './value-handler.js';

type EmbeddedProperty = FieldMetadata | LinkMetadata | LinksMetadata;
type Plain = Record<string, unknown>;

/** Embedded classes: rows hold plain objects by column, instances hold the class by property. Links inside stay record ids. */
export function embeddedHandler(embedded: EmbeddedMetadata): ValueHandler {
  const prototype = embedded.target.prototype as object;
  // Made at first use: an embedded class may hold itself.
  let compiled: (readonly [EmbeddedProperty, ValueHandler])[] | undefined;
  const members = () => (compiled ??= embedded.fields.map((field) => [field, handlerOf(field)] as const));

  return {
    decode(raw) {
      const instance = Object.create(prototype) as Plain;
      for (const [field, handler] of members()) {
        const value = (raw as Plain)[field.column];
        if (value === undefined) continue;
        instance[field.property] = value === null ? null : handler.decode(value);
      }
      return instance;
    },
    encode(value) {
      const encoded: Plain = {};
      for (const [field, handler] of members()) {
        const member = (value as Plain)[field.property];
        if (member === undefined || (member === null && !admitsNull(field))) continue;
        encoded[field.column] = isMissing(member) ? member : handler.encode(member);
      }
      return encoded;
    },
    same: (value, raw) =>
      typeof value === 'object' &&
      typeof raw === 'object' &&
      members().every(([field, handler]) => {
        const member = (value as Plain)[field.property];
        return sameOrMissing(
          handler,
          member === null && !admitsNull(field) ? undefined : member,
          (raw as Plain)[field.column],
        );
      }),
  };
}

function admitsNull(field: EmbeddedProperty): boolean {
  return field.kind === 'field' && field.nullable;
}

function handlerOf(field: EmbeddedProperty): ValueHandler {
  return field.kind === 'field' ? handlerOfField(field) : recordIds;
}

const recordIds: ValueHandler = {
  decode: (raw) => raw,
  encode: (value) => (Array.isArray(value) ? value.map(idOf) : idOf(value)),
  same: (value, raw) => equals(recordIds.encode(value), raw),
};

function idOf(value: unknown): RecordId | unknown {
  return toRecordId(value) ?? toRecordId((value as { id?: unknown }).id) ?? value;
}
