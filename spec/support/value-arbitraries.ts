import fc from 'fast-check';
import {
  BoundExcluded,
  BoundIncluded,
  DateTime,
  Decimal,
  Duration,
  FileRef,
  GeometryCollection,
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
  type Position,
  type RecordKey,
} from '../../lib/values/index.js';

/** Well-formed text, letters that need escapes among it. */
export const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom(
      '`',
      '\\',
      "'",
      '"',
      '⟩',
      '⟨',
      '\n',
      '\t',
      '\r',
      '\b',
      '\f',
      ':',
      ' ',
      'a',
      '1',
      '_',
      '-',
      '\u0001',
      'é',
      '😀',
    ),
    maxLength: 12,
  }),
);

export const int64s = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
export const uuids = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => new Uuid(bytes));
export const durations = fc
  .bigInt({ min: 0n, max: 2n ** 64n * 10n ** 9n - 1n })
  .map((nanoseconds) => new Duration(nanoseconds));
/** The server's years −262143 … +262142. */
export const dateTimes = fc
  .tuple(fc.integer({ min: -8_334_601_228_800, max: 8_210_266_876_799 }), fc.integer({ min: 0, max: 999_999_999 }))
  .map(([seconds, nanoseconds]) => DateTime.fromParts(seconds, nanoseconds));
export const decimals = fc
  .tuple(fc.bigInt({ min: -(2n ** 96n - 1n), max: 2n ** 96n - 1n }), fc.integer({ min: 0, max: 28 }))
  .map(([mantissa, scale]) => new Decimal(`${mantissa}e-${scale}`));

/** An int is a number up to 2^53 and a bigint beyond. */
export const ints = int64s.map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
/** Floats that are no int when they come back. */
export const floats = fc
  .double({ noNaN: false })
  .filter((value) => !Number.isSafeInteger(value) || Object.is(value, -0));

const coordinates = fc.double({ min: -180, max: 180, noNaN: true }).map((value) => value + 0);
const positions: fc.Arbitrary<Position> = fc.tuple(coordinates, coordinates);
const lines = fc.array(positions, { minLength: 2, maxLength: 5 });
const rings = fc.array(positions, { minLength: 3, maxLength: 5 });
const polygons = fc.array(rings, { minLength: 1, maxLength: 3 });
const shapes = fc.oneof(
  positions.map((value) => new Point(value)),
  lines.map((value) => new Line(value)),
  polygons.map((value) => new Polygon(value)),
  fc.array(positions, { minLength: 1, maxLength: 4 }).map((value) => new MultiPoint(value)),
  fc.array(lines, { minLength: 1, maxLength: 3 }).map((value) => new MultiLine(value)),
  fc.array(polygons, { minLength: 1, maxLength: 3 }).map((value) => new MultiPolygon(value)),
);
export const geometries = fc.oneof(
  shapes,
  fc.array(shapes, { minLength: 1, maxLength: 3 }).map((members) => new GeometryCollection(members)),
);

export const files = fc
  .tuple(fc.stringMatching(/^[A-Za-z0-9_.-]{1,10}$/), fc.stringMatching(/^[A-Za-z0-9_./-]{1,20}$/))
  .map(([bucket, key]) => new FileRef(bucket, key));

const scalars = fc.oneof(
  texts,
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  ints,
  floats,
  uuids,
  durations,
  dateTimes,
  decimals,
);

function boundsOf<T>(values: fc.Arbitrary<T>): fc.Arbitrary<Bound<T>> {
  return fc.oneof(
    fc.constant(undefined),
    values.map((value) => new BoundIncluded(value)),
    values.map((value) => new BoundExcluded(value)),
  );
}

/**
 * Names of an object's members. `__proto__` is left out: we send and read it as a member like any other (`values.spec.ts` has a
 * case of its own for that), but the official client reads it as the object's prototype, so it cannot be compared with.
 */
const memberNames = texts.filter((text) => text !== '__proto__');

const tables = texts.filter((text) => text !== '');
const simpleKeys: fc.Arbitrary<RecordKey> = fc.oneof(texts, ints, uuids);

/** Everything that a record's key may be, any value of SurrealDB inside lists and objects. */
export const { keys, recordIds, values } = fc.letrec<{
  keys: RecordKey;
  recordIds: RecordId;
  values: unknown;
  members: unknown;
}>((tie) => ({
  members: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalars,
    fc.uint8Array({ maxLength: 8 }),
    geometries,
    files,
    tie('recordIds'),
    fc
      .tuple(
        boundsOf(scalars.filter((value) => value !== undefined)),
        boundsOf(scalars.filter((value) => value !== undefined)),
      )
      .map(([begin, end]) => new Range(begin, end)),
    fc
      .tuple(tables, boundsOf(simpleKeys), boundsOf(simpleKeys))
      .map(([table, begin, end]) => new RecordIdRange(table, begin, end)),
    fc.uniqueArray(texts, { maxLength: 3 }).map((members) => new Set(members)),
    fc.array(tie('members'), { maxLength: 4 }),
    fc.dictionary(memberNames, tie('members'), { maxKeys: 4, noNullPrototype: true }),
  ),
  keys: fc.oneof(
    { weight: 3, arbitrary: simpleKeys },
    { weight: 1, arbitrary: fc.array(tie('members'), { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.dictionary(memberNames, tie('members'), { maxKeys: 4, noNullPrototype: true }) },
  ),
  recordIds: fc
    .tuple(tables, fc.oneof({ maxDepth: 2 }, simpleKeys, tie('keys')))
    .map(([table, key]) => new RecordId(table, key)),
  values: fc.oneof(
    tie('members'),
    tables.map((name) => new Table(name)),
  ),
}));
