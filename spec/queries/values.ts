import fc from 'fast-check';
import {
  BoundExcluded,
  BoundIncluded,
  DateTime,
  Decimal,
  Duration,
  Point,
  Polygon,
  Range,
  Uuid,
} from '../../lib/index.js';
import type { GeometryShape, SurrealType } from '../../lib/types/surreal-type.js';

const DAY = Date.UTC(2026, 0, 1) / 1000;

/** From few values, so that conditions meet what is stored; among them those that need escapes, and those that are close. */
export const ints = fc.integer({ min: -2, max: 9 });
export const floats = fc.constantFrom(-1.5, 0.5, 2.25, 7.5);
export const texts = fc.constantFrom(
  '',
  'red',
  'red fox',
  'Red',
  'blue fox',
  'Σίσυφος',
  '100%',
  'a_b',
  '🦊',
  "O'Hara",
  '`x`',
  '\\',
  '$p1',
);
export const decimals = fc.constantFrom('0', '0.10', '2.50', '10', '9').map((text) => new Decimal(text));
export const times = fc
  .tuple(fc.integer({ min: 0, max: 2 }), fc.constantFrom(0, 999_999, 1_000_000, 1_000_001, 999_999_999))
  .map(([seconds, nanoseconds]) => DateTime.fromParts(DAY + seconds, nanoseconds));
export const dates = fc
  .tuple(fc.integer({ min: 0, max: 2 }), fc.constantFrom(0, 1, 999))
  .map(([seconds, ms]) => new Date((DAY + seconds) * 1000 + ms));
export const durations = fc.constantFrom('0ns', '1s', '90s', '1m', '2d').map((text) => Duration.parse(text));
export const uuidOf = (n: number): Uuid => Uuid.parse(`018a6680-bef9-701b-9025-${n.toString(16).padStart(12, '0')}`);
export const points = fc
  .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
  .map((place) => new Point(place));

export function squareAt(x: number, y: number, side: number): Polygon {
  return new Polygon([
    [
      [x, y],
      [x + side, y],
      [x + side, y + side],
      [x, y + side],
      [x, y],
    ],
  ]);
}
export const squares = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .map(([x, y, side]) => squareAt(x, y, side));

const GEOMETRIES: Partial<Record<GeometryShape, fc.Arbitrary<unknown>>> = { point: points, polygon: squares };

const SCALARS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  bool: fc.boolean(),
  int: ints,
  float: floats,
  decimal: decimals,
  number: fc.oneof(ints, floats),
  string: texts,
  datetime: times,
  duration: durations,
  uuid: fc.integer({ min: 0, max: 4 }).map(uuidOf),
  bytes: fc.uint8Array({ maxLength: 2, max: 3 }),
  object: fc.record({ a: ints, 'a b': texts }, { requiredKeys: [] }),
  any: fc.oneof(ints, texts),
  range: fc.tuple(ints, ints).map(([a, b]) => new Range(new BoundIncluded(a), new BoundExcluded(b))),
  none: fc.constant(undefined),
  null: fc.constant(null),
};

/** A value of a type, as an entity holds it. */
export function valueOf(type: SurrealType): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'union':
      return fc.oneof(...type.members.map(valueOf));
    case 'literal':
      return fc.constant(type.value);
    case 'array':
      return fc.array(valueOf(type.items), { maxLength: type.max ?? 3 });
    case 'set':
      return fc.uniqueArray(valueOf(type.items), { maxLength: 3 }).map((items) => new Set(items));
    case 'tuple':
      return fc.tuple(...type.items.map(valueOf));
    case 'shape':
      return fc
        .record(Object.fromEntries(Object.entries(type.fields).map(([name, each]) => [name, valueOf(each)])))
        .map(withoutMissing);
    case 'geometry':
      return fc.oneof(...type.shapes.map((shape) => GEOMETRIES[shape] ?? points));
    default: {
      const scalar = SCALARS[type.kind];
      if (scalar === undefined) throw new Error(`There are no values of ${type.kind}`);
      return scalar;
    }
  }
}

export function withoutMissing<T extends object>(row: T): Partial<T> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Partial<T>;
}
