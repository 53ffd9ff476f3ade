import { ValidationError } from '../errors/index.js';
import type { GeoJson, Geometry } from './geometry.js';
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
