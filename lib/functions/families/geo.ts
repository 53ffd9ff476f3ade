// Made by scripts/functions.mjs from scripts/functions.txt.
import type { Geometry, Point } from '../../values/index.js';
import type { Arg, Int, Mode, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `geo::` https://surrealdb.com/docs/surrealql/functions/database/geo */
export interface GeoFunctions<M extends Mode = 'expression'> {
  area(geometry: Arg<Geometry>): Out<M, number>;
  bearing(from: Arg<Point>, to: Arg<Point>): Out<M, number>;
  centroid(geometry: Arg<Geometry>): Out<M, Point>;
  distance(from: Arg<Geometry>, to: Arg<Geometry>): Out<M, number>;
  readonly hash: {
    decode(hash: Arg<string>): Out<M, Point>;
    encode(point: Arg<Point>, length?: Arg<Int>): Out<M, string>;
  };
  is_valid(geometry: Arg<Geometry>): Out<M, boolean>;
}

export const geoSignatures: Signatures = {
  'geo::area': [1, 1],
  'geo::bearing': [2, 2],
  'geo::centroid': [1, 1],
  'geo::distance': [2, 2],
  'geo::hash::decode': [1, 1],
  'geo::hash::encode': [1, 2],
  'geo::is_valid': [1, 1],
};
