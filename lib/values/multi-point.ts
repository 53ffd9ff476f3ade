import { Geometry, listOf, position, type Position } from './geometry.js';
import { hasKind, VALUE_KIND } from './kind.js';

/**
 * Several points.
 *
 * ```ts
 * new MultiPoint([[0, 0], [1, 1]]);
 * ```
 */
export class MultiPoint extends Geometry {
  readonly coordinates: readonly Position[];

  /** @throws ValidationError for anything but finite coordinates. */
  constructor(coordinates: readonly Position[]) {
    super();
    this.coordinates = listOf(coordinates, position);
  }

  static is(value: unknown): value is MultiPoint {
    return hasKind(value, 'MultiPoint');
  }

  get [VALUE_KIND](): 'MultiPoint' {
    return 'MultiPoint';
  }

  toJSON(): { readonly type: 'MultiPoint'; readonly coordinates: readonly Position[] } {
    return { type: 'MultiPoint', coordinates: this.coordinates };
  }
}
