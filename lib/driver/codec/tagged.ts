import {
  BoundExcluded,
  BoundIncluded,
  DateTime,
  Decimal,
  Duration,
  FileRef,
  Geometry,
  GeometryCollection,
  isBytes,
  Line,
  MultiLine,
  MultiPoint,
  MultiPolygon,
  Point,
  Polygon,
  Range,
  RecordId,
  RecordIdRange,
  Table,
  Uuid,
  type Bound,
  type RecordKey,
} from '../../values/index.js';
import { ReverieError } from '../../errors/index.js';
import { CborError } from './cbor-error.js';
import { TAG } from './tags.js';

/** The value of a tagged item whose content was read. `offset` is where the tag stands. @throws CborError */
export function valueOfTag(tag: number, content: unknown, offset: number): unknown {
  switch (tag) {
    case TAG.RECORD_ID:
      return wire(offset, () => recordIdOf(content, offset));
    case TAG.DATETIME: {
      const [seconds, nanoseconds] = pair(content, 'datetime', offset);
      return dateTime(seconds, nanoseconds, offset);
    }
    case TAG.NONE:
      return undefined;
    case TAG.UUID:
      if (!isBytes(content) || content.length !== 16) throw malformed('uuid', offset);
      return Uuid.fromBytes(content);
    case TAG.DECIMAL:
      return decimal(text(content, 'decimal', offset), offset);
    case TAG.DURATION:
      return wire(offset, () => duration(content, offset));
    case TAG.SET:
      return new Set(list(content, 'set', offset));
    case TAG.TABLE:
      return wire(offset, () => new Table(text(content, 'table', offset)));
    default:
      return wire(offset, () => rareValueOfTag(tag, content, offset));
  }
}

function rareValueOfTag(tag: number, content: unknown, offset: number): unknown {
  switch (tag) {
    case TAG.DATETIME_TEXT:
      return DateTime.parse(text(content, 'datetime', offset));
    case TAG.UUID_TEXT:
      return Uuid.parse(text(content, 'uuid', offset));
    case TAG.DURATION_TEXT:
      return Duration.parse(text(content, 'duration', offset));
    case TAG.RANGE: {
      const [begin, end] = pair(content, 'range', offset);
      return new Range(bound(begin, offset), bound(end, offset));
    }
    case TAG.BOUND_INCLUDED:
      return new BoundIncluded(content);
    case TAG.BOUND_EXCLUDED:
      return new BoundExcluded(content);
    case TAG.FILE: {
      const [bucket, key] = pair(content, 'file', offset);
      return new FileRef(text(bucket, 'file', offset), text(key, 'file', offset));
    }
    default:
      return geometryOfTag(tag, content, offset);
  }
}

function decimal(digits: string, offset: number): Decimal {
  if (!/^-?\d+(?:\.\d+)?$/.test(digits)) throw malformed('decimal', offset);
  return new Decimal(digits);
}

function geometryOfTag(tag: number, content: unknown, offset: number): unknown {
  switch (tag) {
    case TAG.POINT:
      return new Point(pair(content, 'point', offset).map((part) => coordinate(part, offset)) as [number, number]);
    case TAG.LINE:
      return new Line(coordinates(content, offset) as never);
    case TAG.POLYGON:
      return new Polygon(coordinates(content, offset) as never);
    case TAG.MULTI_POINT:
      return new MultiPoint(coordinates(content, offset) as never);
    case TAG.MULTI_LINE:
      return new MultiLine(coordinates(content, offset) as never);
    case TAG.MULTI_POLYGON:
      return new MultiPolygon(coordinates(content, offset) as never);
    case TAG.COLLECTION:
      return new GeometryCollection(list(content, 'geometry', offset) as never);
    default:
      throw new CborError(`the tag ${tag} is not one of SurrealDB's`, offset);
  }
}

/** Whatever number the server chose: an int, a float or a decimal. */
function coordinate(part: unknown, offset: number): number {
  if (typeof part === 'number' || typeof part === 'bigint' || Decimal.isDecimal(part)) return Number(part);
  throw malformed('point', offset);
}

function coordinates(content: unknown, offset: number): readonly unknown[] {
  return list(content, 'geometry', offset).map((member) => {
    if (!Geometry.isGeometry(member) || !('coordinates' in member)) throw malformed('geometry', offset);
    return member.coordinates;
  });
}

function recordIdOf(content: unknown, offset: number): RecordId | RecordIdRange {
  if (typeof content === 'string') return RecordId.parse(content);
  const [table, key] = pair(content, 'record id', offset);
  return recordId(table, key, offset);
}

/** The record id, or range of them, of a table's name and a key. @throws CborError */
export function recordId(table: unknown, key: unknown, offset: number): RecordId | RecordIdRange {
  if (typeof table !== 'string' || table === '') throw malformed('record id', offset);
  if (typeof key === 'string') return new RecordId(table, key);
  if (Range.is(key)) return new RecordIdRange(table, key.begin as Bound<RecordKey>, key.end as Bound<RecordKey>);
  return wire(offset, () => new RecordId(table, key as RecordKey));
}

/** Makes a value; what the value's class refuses is the wire's fault here. */
function wire<T>(offset: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof CborError || !ReverieError.is(error)) throw error;
    throw new CborError(error.what, offset, error);
  }
}

/** The datetime of its two parts. @throws CborError */
export function dateTime(seconds: unknown, nanoseconds: unknown, offset: number): DateTime {
  if (!Number.isSafeInteger(seconds) || !Number.isInteger(nanoseconds)) throw malformed('datetime', offset);
  if ((nanoseconds as number) < 0 || (nanoseconds as number) >= 1e9) throw malformed('datetime', offset);
  return DateTime.fromParts(seconds as number, nanoseconds as number);
}

function duration(content: unknown, offset: number): Duration {
  const [seconds = 0, nanoseconds = 0] = list(content, 'duration', offset);
  if (!isInteger(seconds) || !isInteger(nanoseconds)) throw malformed('duration', offset);
  return Duration.fromParts(seconds, nanoseconds);
}

function isInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || Number.isInteger(value);
}

function bound(content: unknown, offset: number): BoundIncluded | BoundExcluded | undefined {
  if (content === null || content === undefined) return undefined;
  if (BoundIncluded.is(content) || BoundExcluded.is(content)) return content;
  throw malformed('range', offset);
}

function text(content: unknown, what: string, offset: number): string {
  if (typeof content !== 'string') throw malformed(what, offset);
  return content;
}

function list(content: unknown, what: string, offset: number): readonly unknown[] {
  if (!Array.isArray(content)) throw malformed(what, offset);
  return content;
}

function pair(content: unknown, what: string, offset: number): readonly [unknown, unknown] {
  if (!Array.isArray(content) || content.length !== 2) throw malformed(what, offset);
  return content as [unknown, unknown];
}

function malformed(what: string, offset: number): CborError {
  return new CborError(`the content of a ${what} is not what a ${what} has`, offset);
}
