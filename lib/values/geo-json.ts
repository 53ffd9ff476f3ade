import { ValidationError } from '../errors/index.js';
import { Geometry, type GeoJson } from './geometry.js';
import { GeometryCollection } from './geometry-collection.js';
import { Line } from './line.js';
import { MultiLine } from './multi-line.js';
import { MultiPoint } from './multi-point.js';
import { MultiPolygon } from './multi-polygon.js';
import { Point } from './point.js';
import { Polygon } from './polygon.js';

/**
 * The geometry that a GeoJSON object describes.
 *
 * ```ts
 * geometryFrom({ type: 'Point', coordinates: [0, 51] }); // Point
 * ```
 * @throws ValidationError for anything that is no GeoJSON geometry.
 */
export function geometryFrom(json: GeoJson): Geometry {
  switch (json.type) {
    case 'Point':
      return new Point(json.coordinates as never);
    case 'LineString':
      return new Line(json.coordinates as never);
    case 'Polygon':
      return new Polygon(json.coordinates as never);
    case 'MultiPoint':
      return new MultiPoint(json.coordinates as never);
    case 'MultiLineString':
      return new MultiLine(json.coordinates as never);
    case 'MultiPolygon':
      return new MultiPolygon(json.coordinates as never);
    case 'GeometryCollection':
      return new GeometryCollection(json.geometries.map(geometryFrom));
    default:
      throw new ValidationError({ what: `Not a GeoJSON geometry: ${JSON.stringify(json)}` });
  }
}

const TYPES: ReadonlySet<unknown> = new Set([
  'Point',
  'LineString',
  'Polygon',
  'MultiPoint',
  'MultiLineString',
  'MultiPolygon',
  'GeometryCollection',
]);

/** The geometry when the object is written like one, as SurrealQL takes it; otherwise the object itself. */
export function geometryLike(object: Record<string, unknown>): unknown {
  if (!TYPES.has(object['type']) || Object.keys(object).length !== 2) return object;
  const { geometries } = object;
  if (object['type'] === 'GeometryCollection')
    return Array.isArray(geometries) && geometries.every(Geometry.isGeometry)
      ? new GeometryCollection(geometries)
      : object;
  try {
    return geometryFrom(object as never);
  } catch (error) {
    if (ValidationError.is(error)) return object;
    throw error;
  }
}
