import { ValidationError } from '../errors/index.js';
import { hasKind, VALUE_KIND, type ValueKind } from './kind.js';

/** `[longitude, latitude]`. */
export type Position = readonly [number, number];

export type GeometryKind = Extract<
  ValueKind,
  'Point' | 'Line' | 'Polygon' | 'MultiPoint' | 'MultiLine' | 'MultiPolygon' | 'GeometryCollection'
>;

/** A geometry as GeoJSON (RFC 7946) has it. */
export type GeoJson =
  | {
      readonly type: 'Point' | 'LineString' | 'Polygon' | 'MultiPoint' | 'MultiLineString' | 'MultiPolygon';
      readonly coordinates: unknown;
    }
  | { readonly type: 'GeometryCollection'; readonly geometries: readonly GeoJson[] };

const KINDS: ReadonlySet<ValueKind> = new Set<GeometryKind>([
  'Point',
  'Line',
  'Polygon',
  'MultiPoint',
  'MultiLine',
  'MultiPolygon',
  'GeometryCollection',
]);

/**
 * What all geometries share: coordinates that cannot change, GeoJSON, equality.
 * https://surrealdb.com/docs/surrealql/datamodel/geometries
 *
 * ```ts
 * Geometry.isGeometry(new Point([0, 51])); // true
 * JSON.stringify(new Point([0, 51]));      // {"type":"Point","coordinates":[0,51]}
 * ```
 */
export abstract class Geometry {
  abstract get [VALUE_KIND](): GeometryKind;
  abstract toJSON(): GeoJson;

  /** True for every geometry, of this copy of the package or another. */
  static isGeometry(value: unknown): value is Geometry {
    return typeof value === 'object' && value !== null && KINDS.has((value as { [VALUE_KIND]: ValueKind })[VALUE_KIND]);
  }

  /** Equal when of one kind and every coordinate is the same. */
  equals(other: unknown): boolean {
    return hasKind(other, this[VALUE_KIND]) && JSON.stringify(other) === JSON.stringify(this);
  }

  /** The GeoJSON text. */
  toString(): string {
    return JSON.stringify(this.toJSON());
  }
}

/** @throws ValidationError unless it is two finite numbers. */
export function position(value: unknown): Position {
  if (Array.isArray(value) && value.length === 2 && Number.isFinite(value[0]) && Number.isFinite(value[1])) {
    return Object.freeze([value[0] as number, value[1] as number] as const);
  }
  throw new ValidationError({
    what: `Not a position: ${shown(value)}`,
    why: 'a position is [longitude, latitude], two finite numbers',
    fix: 'new Point([-0.118, 51.509])',
  });
}

function shown(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(shown).join(', ')}]` : String(value);
}

/** A frozen list whose members were checked by `each`. @throws ValidationError */
export function listOf<T>(value: unknown, each: (member: unknown) => T): readonly T[] {
  if (!Array.isArray(value)) throw new ValidationError({ what: `Not a list of coordinates: ${shown(value)}` });
  return Object.freeze(value.map((member) => each(member)));
}

/** A ring of a polygon; the server closes open rings, so they are closed here and compare equal after a round trip. */
export function ring(value: unknown): readonly Position[] {
  const positions = listOf(value, position);
  const first = positions[0];
  const last = positions[positions.length - 1];
  if (first === undefined || last === undefined || (first[0] === last[0] && first[1] === last[1])) return positions;
  return Object.freeze([...positions, first]);
}
