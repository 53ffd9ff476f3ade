import { Geometry, position, type Position } from './geometry.js';
import { hasKind, VALUE_KIND } from './kind.js';

/**
 * A point: `[longitude, latitude]`.
 *
 * ```ts
 * new Point([-0.118, 51.509]);
 * ```
 */
export class Point extends Geometry {
  readonly coordinates: Position;

  /** @throws ValidationError for anything but finite coordinates. */
  constructor(coordinates: Position) {
    super();
    this.coordinates = position(coordinates);
  }

  static is(value: unknown): value is Point {
    return hasKind(value, 'Point');
  }

  get [VALUE_KIND](): 'Point' {
    return 'Point';
  }

  toJSON(): { readonly type: 'Point'; readonly coordinates: Position } {
    return { type: 'Point', coordinates: this.coordinates };
  }
}
