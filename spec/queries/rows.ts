import fc from 'fast-check';
import { RecordId } from '../../lib/index.js';
import type {
  EmbeddedMetadata,
  EntityMetadata,
  FieldMetadata,
  LinkMetadata,
  LinksMetadata,
} from '../../lib/metadata/entity-metadata.js';
import { valueMembers } from '../../lib/types/admits.js';
import { uuidOf, valueOf, withoutMissing } from './values.js';

/** How many rows a table has; one more key is that of a record that is not there. */
export const ROWS = 9;

/** The key of the nth record of a table. */
export function keyOf({ id: { key } }: EntityMetadata, n: number): unknown {
  if (key === 'int') return n;
  if (key === 'uuid') return uuidOf(n);
  if (key === 'ulid') return `01J0000000000000000000000${n}`;
  if (key === 'any') return n % 2 === 0 ? ['red'] : ['Red'];
  if (Array.isArray(key)) return [`r ${n % 3}`, n];
  return `k-${n}`;
}

export const idOf = (meta: EntityMetadata, n: number): RecordId => new RecordId(meta.table, keyOf(meta, n) as string);

/** The id of a record of one of these tables; of one that is not there too, where that may be. */
export function idsOf(metas: readonly EntityMetadata[], missing = true): fc.Arbitrary<RecordId> {
  return fc
    .tuple(fc.constantFrom(...metas), fc.nat({ max: missing ? ROWS : ROWS - 1 }))
    .map(([meta, n]) => idOf(meta, n));
}

const isEnd = (property: { readonly kind: string; readonly end?: unknown }): boolean => property.end !== undefined;

/** What makes a record, from its metadata alone: all that may be written, without id and ends. */
export function dataOf(meta: EntityMetadata): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const members = meta.properties.flatMap((property): [string, fc.Arbitrary<unknown>][] => {
    if (property.kind === 'field') return isWritten(property) ? [[property.property, inputOf(property)]] : [];
    if ((property.kind === 'link' || property.kind === 'links') && !isEnd(property))
      return [[property.property, linkInputOf(property)]];
    return [];
  });
  return fc.record(Object.fromEntries(members)).map(withoutMissing);
}

function isWritten(field: FieldMetadata): boolean {
  return !field.serverProduced && !['softDelete', 'discriminator', 'version'].includes(field.role);
}

/** A value of a field. */
export function inputOf(field: FieldMetadata): fc.Arbitrary<unknown> {
  if (field.vector !== undefined) {
    const { dimension } = field.vector;
    const vector = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: dimension, maxLength: dimension });
    return field.optional ? missable(vector) : vector;
  }
  if (field.embedded === undefined) return valueOf(field.type);
  const one = embeddedOf(field.embedded);
  const value = field.embeddedMany ? fc.array(one, { maxLength: 3 }) : one;
  return field.optional ? missable(value) : value;
}

function embeddedOf({ fields }: EmbeddedMetadata): fc.Arbitrary<object> {
  const members = fields.map((field) => [field.property, field.kind === 'field' ? inputOf(field) : linkInputOf(field)]);
  return fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>).map(withoutMissing);
}

function linkInputOf(link: LinkMetadata | LinksMetadata): fc.Arbitrary<unknown> {
  const ids = idsOf(link.targets(), link.kind === 'link');
  if (link.kind === 'link') return link.optional ? missable(ids) : ids;
  return link.list ? fc.array(ids, { maxLength: 3 }) : fc.uniqueArray(ids, { maxLength: 3, selector: String });
}

const missable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 });

/** One of the field's values, never a missing one. */
export function presentOf(field: { readonly type: FieldMetadata['type'] }): fc.Arbitrary<unknown> {
  return fc.oneof(...valueMembers(field.type).map(valueOf));
}
