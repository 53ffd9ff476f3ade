import { Geometry, listOf, ring, type Position } from './geometry.js';
import { hasKind, VALUE_KIND } from './kind.js';

/**
 * A polygon: its outer ring, then the rings of its holes. Open rings are closed.
 *
 * ```ts
 * new Polygon([[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]]);
 * ```
 */
export class Polygon extends Geometry {
  readonly coordinates: readonly (readonly Position[])[];

  /** @throws ValidationError for anything but finite coordinates. */
  constructor(coordinates: readonly (readonly Position[])[]) {
    super();
    this.coordinates = listOf(coordinates, ring);
  }

  static is(value: unknown): value is Polygon {
    return hasKind(value, 'Polygon');
  }

  get [VALUE_KIND](): 'Polygon' {
    return 'Polygon';
  }

  toJSON(): { readonly type: 'Polygon'; readonly coordinates: readonly (readonly Position[])[] } {
    return { type: 'Polygon', coordinates: this.coordinates };
  }
}
