import { Geometry, listOf, ring, type Position } from './geometry.js';
import { hasKind, VALUE_KIND } from './kind.js';

/**
 * Several polygons. Open rings are closed.
 *
 * ```ts
 * new MultiPolygon([[[[0, 0], [1, 0], [1, 1], [0, 0]]]]);
 * ```
 */
export class MultiPolygon extends Geometry {
  readonly coordinates: readonly (readonly (readonly Position[])[])[];

  /** @throws ValidationError for anything but finite coordinates. */
  constructor(coordinates: readonly (readonly (readonly Position[])[])[]) {
    super();
    this.coordinates = listOf(coordinates, (polygon) => listOf(polygon, ring));
  }

  static is(value: unknown): value is MultiPolygon {
    return hasKind(value, 'MultiPolygon');
  }

  get [VALUE_KIND](): 'MultiPolygon' {
    return 'MultiPolygon';
  }

  toJSON(): { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly Position[])[])[] } {
    return { type: 'MultiPolygon', coordinates: this.coordinates };
  }
}
