import type {
  Bound,
  DateTime,
  Duration,
  FileRef,
  Float,
  Geometry,
  GeometryCollection,
  Range,
  RecordId,
  RecordIdRange,
  Table,
  Uuid,
  ValueKind,
} from '../../values/index.js';
import { BoundExcluded } from '../../values/index.js';
import type { Encoder } from './encoder.js';
import { TAG } from './tags.js';

const SECOND = 1_000_000_000n;

/** Writes one of Reverie's own values. */
export function writeValue(encoder: Encoder, kind: Exclude<ValueKind, 'Decimal'>, value: object): void {
  switch (kind) {
    case 'RecordId':
      return recordId(encoder, (value as RecordId).table, (value as RecordId).key);
    case 'DateTime':
      return dateTime(encoder, value as DateTime);
    case 'Uuid': {
      const bytes = (value as Uuid).toBytes();
      encoder.tag(TAG.UUID);
      encoder.out.head(2, bytes.length);
      return encoder.out.raw(bytes);
    }
    case 'Duration':
      return duration(encoder, value as Duration);
    case 'NONE':
      return encoder.none();
    case 'Table':
      encoder.tag(TAG.TABLE);
      return encoder.out.text((value as Table).name);
    case 'FileRef':
      encoder.tag(TAG.FILE);
      return encoder.list([(value as FileRef).bucket, (value as FileRef).key]);
    case 'Float':
      return encoder.out.float((value as Float).value);
    case 'Range':
      return range(encoder, value as Range);
    case 'RecordIdRange': {
      const { table, begin, end } = value as RecordIdRange;
      encoder.tag(TAG.RECORD_ID);
      encoder.out.head(4, 2);
      encoder.out.text(table);
      return range(encoder, { begin, end });
    }
    case 'BoundIncluded':
    case 'BoundExcluded':
      throw encoder.refused(`a ${kind}`, 'it is the end of a range', 'Send the Range');
    default:
      return geometry(encoder, value as Geometry);
  }
}

function recordId(encoder: Encoder, table: string, key: unknown): void {
  encoder.tag(TAG.RECORD_ID);
  encoder.out.head(4, 2);
  encoder.out.text(table);
  encoder.member('key', key);
}

function dateTime(encoder: Encoder, value: DateTime): void {
  const seconds = value.seconds;
  if (Number.isNaN(seconds)) throw encoder.refused('an invalid Date', 'it has no time', 'Check where it was parsed');
  encoder.dateTime(seconds, value.nanoseconds);
}

function duration(encoder: Encoder, value: Duration): void {
  const seconds = value.nanoseconds / SECOND;
  const nanoseconds = value.nanoseconds % SECOND;
  encoder.tag(TAG.DURATION);
  encoder.out.head(4, nanoseconds > 0n ? 2 : seconds > 0n ? 1 : 0);
  if (nanoseconds > 0n || seconds > 0n) encoder.out.longHead(0, seconds);
  if (nanoseconds > 0n) encoder.out.head(0, Number(nanoseconds));
}

function range(encoder: Encoder, { begin, end }: { readonly begin: Bound; readonly end: Bound }): void {
  encoder.tag(TAG.RANGE);
  encoder.out.head(4, 2);
  bound(encoder, 'begin', begin);
  bound(encoder, 'end', end);
}

function bound(encoder: Encoder, name: string, value: Bound): void {
  if (value === undefined) return encoder.out.byte(0xf6);
  encoder.tag(BoundExcluded.is(value) ? TAG.BOUND_EXCLUDED : TAG.BOUND_INCLUDED);
  encoder.member(name, value.value);
}

function geometry(encoder: Encoder, value: Geometry): void {
  const json = value.toJSON();
  if (json.type === 'GeometryCollection') {
    const { geometries } = value as GeometryCollection;
    encoder.tag(TAG.COLLECTION);
    encoder.out.head(4, geometries.length);
    for (const member of geometries) geometry(encoder, member);
    return;
  }
  shape(encoder, json.type, json.coordinates as readonly unknown[]);
}

const SHAPES = {
  Point: { tag: TAG.POINT, member: undefined },
  LineString: { tag: TAG.LINE, member: 'Point' },
  Polygon: { tag: TAG.POLYGON, member: 'LineString' },
  MultiPoint: { tag: TAG.MULTI_POINT, member: 'Point' },
  MultiLineString: { tag: TAG.MULTI_LINE, member: 'LineString' },
  MultiPolygon: { tag: TAG.MULTI_POLYGON, member: 'Polygon' },
} as const;

function shape(encoder: Encoder, type: keyof typeof SHAPES, coordinates: readonly unknown[]): void {
  const { tag, member } = SHAPES[type];
  encoder.tag(tag);
  encoder.out.head(4, coordinates.length);
  for (const part of coordinates) {
    if (member === undefined) encoder.out.float(part as number);
    else shape(encoder, member, part as readonly unknown[]);
  }
}
