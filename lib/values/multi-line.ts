import { Geometry, listOf, position, type Position } from './geometry.js';
import { hasKind, VALUE_KIND } from './kind.js';

/**
 * Several lines.
 *
 * ```ts
 * new MultiLine([[[0, 0], [1, 1]], [[2, 2], [3, 3]]]);
 * ```
 */
export class MultiLine extends Geometry {
  readonly coordinates: readonly (readonly Position[])[];

  /** @throws ValidationError for anything but finite coordinates. */
  constructor(coordinates: readonly (readonly Position[])[]) {
    super();
    this.coordinates = listOf(coordinates, (line) => listOf(line, position));
  }

  static is(value: unknown): value is MultiLine {
    return hasKind(value, 'MultiLine');
  }

  get [VALUE_KIND](): 'MultiLine' {
    return 'MultiLine';
  }

  toJSON(): { readonly type: 'MultiLineString'; readonly coordinates: readonly (readonly Position[])[] } {
    return { type: 'MultiLineString', coordinates: this.coordinates };
  }
}
