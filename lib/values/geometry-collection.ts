import { ValidationError } from '../errors/index.js';
import { Geometry, type GeoJson } from './geometry.js';
import { hasKind, VALUE_KIND } from './kind.js';

/**
 * Several geometries of any kind.
 *
 * ```ts
 * new GeometryCollection([new Point([0, 0]), new Line([[0, 0], [1, 1]])]);
 * ```
 */
export class GeometryCollection extends Geometry {
  readonly geometries: readonly Geometry[];

  /** @throws ValidationError when a member is no geometry. */
  constructor(geometries: readonly Geometry[]) {
    super();
    if (!Array.isArray(geometries) || !geometries.every((member) => Geometry.isGeometry(member))) {
      throw new ValidationError({
        what: 'A GeometryCollection holds geometries',
        fix: 'new GeometryCollection([new Point([0, 0])])',
      });
    }
    this.geometries = Object.freeze([...geometries]);
  }

  static is(value: unknown): value is GeometryCollection {
    return hasKind(value, 'GeometryCollection');
  }

  get [VALUE_KIND](): 'GeometryCollection' {
    return 'GeometryCollection';
  }

  /** The members' coordinates. */
  get coordinates(): readonly unknown[] {
    return this.geometries.map((member) => {
      const json = member.toJSON();
      return 'coordinates' in json ? json.coordinates : (member as GeometryCollection).coordinates;
    });
  }

  toJSON(): { readonly type: 'GeometryCollection'; readonly geometries: readonly GeoJson[] } {
    return { type: 'GeometryCollection', geometries: this.geometries.map((member) => member.toJSON()) };
  }
}
