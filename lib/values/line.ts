import { Geometry, listOf, position, type Position } from './geometry.js';
import { hasKind, VALUE_KIND } from './kind.js';

/**
 * A line through at least two positions.
 *
 * ```ts
 * new Line([[0, 0], [1, 1]]);
 * ```
 */
export class Line extends Geometry {
  readonly coordinates: readonly Position[];

  /** @throws ValidationError for anything but finite coordinates. */
  constructor(coordinates: readonly Position[]) {
    super();
    this.coordinates = listOf(coordinates, position);
  }

  static is(value: unknown): value is Line {
    return hasKind(value, 'Line');
  }

  get [VALUE_KIND](): 'Line' {
    return 'Line';
  }

  toJSON(): { readonly type: 'LineString'; readonly coordinates: readonly Position[] } {
    return { type: 'LineString', coordinates: this.coordinates };
  }
}
