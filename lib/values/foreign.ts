import { Decimal } from 'decimal.js';
import { BoundExcluded, BoundIncluded } from './bounds.js';
import { DateTime } from './date-time.js';
import { Duration } from './duration.js';
import { FileRef } from './file-ref.js';
import { geometryFrom } from './geo-json.js';
import type { GeoJson } from './geometry.js';
import { VALUE_KIND, type ValueKind } from './kind.js';
import { Table } from './table.js';
import { Uuid } from './uuid.js';

/**
 * The values of the official client (`surrealdb` 2), recognised by what its instances show: an own property under a
 * registered symbol for each class, which minifiers and second copies of the client leave alone.
 */
const brand = (name: string): symbol => Symbol.for(`surrealdb.${name}`);
const VALUE = brand('Value');
const STRING_RECORD_ID = brand('StringRecordId');

/** What the client's instances have; each class some of these. */
interface Foreign {
  readonly table: { readonly name: string };
  readonly id: unknown;
  readonly begin: unknown;
  readonly end: unknown;
  readonly value: unknown;
  readonly name: string;
  readonly bucket: string;
  readonly key: string;
  readonly seconds: number;
  readonly nanoseconds: bigint;
  readonly body: unknown;
  toJSON(): unknown;
}

type Reader = (value: Foreign) => object;

const READERS: readonly (readonly [symbol, Reader])[] = [
  [brand('RecordId'), (value) => recordId(value.table.name, value.id)],
  [brand('DateTime'), dateTime],
  [brand('Uuid'), (value) => new Uuid(String(value))],
  [brand('Decimal'), (value) => new Decimal(String(value))],
  [brand('Duration'), (value) => new Duration(value.nanoseconds)],
  [
    brand('RecordIdRange'),
    (value) => standIn('RecordIdRange', { table: value.table.name, begin: value.begin, end: value.end }),
  ],
  [brand('Range'), (value) => standIn('Range', { begin: value.begin, end: value.end })],
  [brand('BoundIncluded'), (value) => new BoundIncluded(value.value)],
  [brand('BoundExcluded'), (value) => new BoundExcluded(value.value)],
  [brand('Table'), (value) => new Table(value.name)],
  [brand('FileRef'), (value) => new FileRef(value.bucket, value.key)],
  [brand('Geometry'), (value) => geometryFrom(value.toJSON() as GeoJson)],
];

/**
 * Reverie's value for one of the official client's, or an object with the same kind and properties where the class itself
 * would import this file (`adopt` makes the real thing of those). `undefined` for anything else.
 */
export function standInFor(value: object): object | undefined {
  for (const [symbol, read] of READERS) {
    if (symbol in value) return read(value as Foreign);
  }
  return isUnbrandedRecordId(value) ? recordId(value.table.name, value.id) : undefined;
}

/** True for any value class of the client's, also those that Reverie has no counterpart of. */
export function isForeign(value: object): boolean {
  return VALUE in value;
}

/** The text of the client's StringRecordId. */
export function stringRecordIdText(value: object): string | undefined {
  return STRING_RECORD_ID in value ? String(value) : undefined;
}

function standIn(kind: ValueKind, parts: object): object {
  return { [VALUE_KIND]: kind, ...parts };
}

function recordId(table: string, key: unknown): object {
  return standIn('RecordId', { table, key });
}

function dateTime(value: Foreign): DateTime {
  const nanoseconds = BigInt.asIntN(96, value.nanoseconds);
  const within = ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return DateTime.fromParts((nanoseconds - within) / 1_000_000_000n, Number(within));
}

/** Clients before 2.0.4 set no symbols: a class whose prototype has the accessors `table`, with a name, and `id`. */
function isUnbrandedRecordId(value: object): value is Foreign {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (
    typeof prototype !== 'object' ||
    prototype === null ||
    !hasAccessor(prototype, 'table') ||
    !hasAccessor(prototype, 'id')
  )
    return false;
  const { table, toJSON } = value as Partial<Foreign>;
  return (
    typeof table === 'object' &&
    table !== null &&
    typeof table.name === 'string' &&
    typeof toJSON === 'function' &&
    Object.keys(value).length === 0
  );
}

function hasAccessor(prototype: object, name: string): boolean {
  const property = Object.getOwnPropertyDescriptor(prototype, name);
  return property !== undefined && property.get !== undefined;
}
