import fc from '../../support/property';
import { ValidationError } from '../../../lib/errors/index.js';
import {
  Geometry,
  GeometryCollection,
  Line,
  MultiLine,
  MultiPoint,
  MultiPolygon,
  Point,
  Polygon,
  equals,
  geometryFrom,
  kindOf,
} from '../../../lib/values/index.js';
import { geometries } from '../../support/value-arbitraries.js';

const RING = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 0],
] as const;
const ALL = [
  ['Point', new Point([1, 2]), { type: 'Point', coordinates: [1, 2] }],
  [
    'Line',
    new Line([
      [0, 0],
      [1, 1],
    ]),
    {
      type: 'LineString',
      coordinates: [
        [0, 0],
        [1, 1],
      ],
    },
  ],
  ['Polygon', new Polygon([RING]), { type: 'Polygon', coordinates: [RING] }],
  [
    'MultiPoint',
    new MultiPoint([
      [0, 0],
      [1, 1],
    ]),
    {
      type: 'MultiPoint',
      coordinates: [
        [0, 0],
        [1, 1],
      ],
    },
  ],
  [
    'MultiLine',
    new MultiLine([
      [
        [0, 0],
        [1, 1],
      ],
    ]),
    {
      type: 'MultiLineString',
      coordinates: [
        [
          [0, 0],
          [1, 1],
        ],
      ],
    },
  ],
  ['MultiPolygon', new MultiPolygon([[RING]]), { type: 'MultiPolygon', coordinates: [[RING]] }],
  [
    'GeometryCollection',
    new GeometryCollection([
      new Point([1, 2]),
      new GeometryCollection([
        new Line([
          [0, 0],
          [1, 1],
        ]),
      ]),
    ]),
    {
      type: 'GeometryCollection',
      geometries: [
        { type: 'Point', coordinates: [1, 2] },
        {
          type: 'GeometryCollection',
          geometries: [
            {
              type: 'LineString',
              coordinates: [
                [0, 0],
                [1, 1],
              ],
            },
          ],
        },
      ],
    },
  ],
] as const;

describe('geometries', () => {
  it.each(ALL)('%s is GeoJSON in and out', (kind, geometry, json) => {
    expect(JSON.parse(JSON.stringify(geometry))).toEqual(json);
    expect(kindOf(geometry)).toBe(kind);
    expect(equals(geometryFrom(json as never), geometry)).toBe(true);
    expect(Geometry.isGeometry(geometry)).toBe(true);
    expect(String(geometry)).toBe(JSON.stringify(json));
    for (const [other, value] of ALL) expect(geometry.equals(value)).toBe(other === kind);
  });

  it('tell their kind', () => {
    expect([
      Point.is(new Point([0, 0])),
      Point.is(new MultiPoint([])),
      Line.is(new Line([])),
      Polygon.is(new Polygon([])),
    ]).toEqual([true, false, true, true]);
    expect(Geometry.isGeometry({ type: 'Point', coordinates: [0, 0] })).toBe(false);
    expect(Geometry.isGeometry(null)).toBe(false);
  });

  it('close their rings', () => {
    expect(
      new Polygon([
        [
          [0, 0],
          [4, 0],
          [4, 4],
        ],
      ]).coordinates,
    ).toEqual([RING]);
    expect(
      new MultiPolygon([
        [
          [
            [0, 0],
            [4, 0],
            [4, 4],
          ],
        ],
      ]).equals(new MultiPolygon([[RING]])),
    ).toBe(true);
  });

  it('hold their coordinates frozen, and apart from what they were made of', () => {
    const given: [number, number][] = [
      [0, 0],
      [1, 1],
    ];
    const line = new Line(given);
    given[0]?.splice(0, 1, 9);
    expect(line.coordinates).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(Object.isFrozen(line.coordinates) && Object.isFrozen(line.coordinates[0])).toBe(true);
    expect(new GeometryCollection([line]).coordinates).toEqual([
      [
        [0, 0],
        [1, 1],
      ],
    ]);
  });

  it.each([
    () => new Point([1] as never),
    () => new Point([1, 2, 3] as never),
    () => new Point([1, Number.NaN]),
    () => new Point([Infinity, 1]),
    () => new Point(['1', '2'] as never),
    () => new Point({ x: 1 } as never),
    () => new Line([1, 2] as never),
    () => new Polygon([[1, 2]] as never),
    () => new MultiPolygon('x' as never),
    () => new GeometryCollection([{ type: 'Point' }] as never),
    () => new GeometryCollection(new Point([0, 0]) as never),
    () => geometryFrom({ type: 'Circle' } as never),
  ])('refuse what is no geometry (%#)', (make) => {
    expect(make).toThrow(ValidationError);
  });

  it('are equal after GeoJSON, whatever they are', () => {
    fc.assert(fc.property(geometries, (geometry) => geometryFrom(geometry.toJSON()).equals(geometry)));
  });
});
