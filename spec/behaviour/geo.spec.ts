import {
  field,
  Field,
  fn,
  Id,
  Line,
  MultiPoint,
  Point,
  Polygon,
  surql,
  Table,
  ValidationError,
  type EntityManager,
  type Geometry,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'town' })
class Town {
  @Id() id!: RecordId<'town', string>;
  @Field('option<geometry<point>>', { name: 'place' }) at?: Point;
  @Field('option<geometry>') shape?: Geometry;
}

const square = (west: number, south: number, east: number, north: number): Polygon =>
  new Polygon([
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ]);

const TOWNS: readonly [key: string, at: readonly [number, number], shape: Geometry][] = [
  ['berlin', [13.405, 52.52], square(13, 52.3, 13.8, 52.7)],
  ['hamburg', [9.993, 53.551], square(9.7, 53.4, 10.3, 53.7)],
  [
    'paris',
    [2.3522, 48.8566],
    new Line([
      [2.2, 48.8],
      [2.5, 48.9],
    ]),
  ],
  [
    'sydney',
    [151.2093, -33.8688],
    new MultiPoint([
      [151.2, -33.8],
      [151.3, -33.9],
    ]),
  ],
];
const BERLIN = new Point([13.405, 52.52]);
/** Metres on a sphere, as the server measures (haversine). */
function metres([fromLon, fromLat]: readonly [number, number], [toLon, toLat]: readonly [number, number]): number {
  const rad = Math.PI / 180;
  const a =
    Math.sin(((toLat - fromLat) * rad) / 2) ** 2 +
    Math.cos(fromLat * rad) * Math.cos(toLat * rad) * Math.sin(((toLon - fromLon) * rad) / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(a));
}
const distances = new Map(TOWNS.map(([key, at]) => [key, metres(at, [13.405, 52.52])]));
const nearest = [...distances].sort(([, a], [, b]) => a - b).map(([key]) => key);

describe.each(backends)('places on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Town] });
    const seed = test.orm.em.fork();
    for (const [id, at, shape] of TOWNS) seed.create(Town, { id, at: new Point([...at]), shape });
    seed.create(Town, { id: 'nowhere' });
    await seed.flush();
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(async () => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });
  const keys = async (found: Promise<readonly Town[]>): Promise<string[]> => (await found).map(({ id }) => id.key);

  it('within a circle: those at most so far away, and none without a place', async () => {
    for (const meters of [0, 200_000, 300_000, 900_000, 20_000_000]) {
      const wanted = [...distances].filter(([, distance]) => distance <= meters).map(([key]) => key);
      expect(await keys(em.find(Town, { at: { $within: { center: BERLIN, meters } } }))).toEqual(wanted.sort());
    }
    expect(test.sent()[0]).toContain('WHERE place != $p1 AND geo::distance(place, $p2) <= $p3');
  });

  it('within, outside of and across areas', async () => {
    const germany = square(5.9, 47.3, 15, 55);
    expect(await keys(em.find(Town, { at: { $within: germany } }))).toEqual(['berlin', 'hamburg']);
    expect(await keys(em.find(Town, { at: { $not: { $within: germany } } }))).toEqual(['nowhere', 'paris', 'sydney']);
    expect(await keys(em.find(Town, { at: { $outside: germany } }))).toEqual(['paris', 'sydney']);
    expect(await keys(em.find(Town, { shape: { $intersects: square(13.5, 52, 14, 52.5) } }))).toEqual(['berlin']);
    expect(await keys(em.find(Town, { shape: { $intersects: square(0, 48, 2.3, 49) } }))).toEqual(['paris']);
    expect(await keys(em.find(Town, { shape: { $contains: BERLIN } }))).toEqual(['berlin']);
  });

  it('by distance, near and far, those without a place at the end that NONE sorts to', async () => {
    expect(await keys(em.find(Town, { at: { $exists: true } }, { orderBy: { at: { distanceTo: BERLIN } } }))).toEqual(
      nearest,
    );
    const far = { at: { distanceTo: BERLIN, direction: 'desc' as const } };
    expect(await keys(em.find(Town, { at: { $exists: true } }, { orderBy: far, limit: 2 }))).toEqual(
      [...nearest].reverse().slice(0, 2),
    );
  });

  it('distances, bearings, hashes and areas as fields', async () => {
    const place = field(Town, 'at');
    const rows = await em
      .select(Town)
      .where({ at: { $exists: true } })
      .orderBy({ at: { distanceTo: BERLIN } })
      .fields({
        id: 'id',
        away: fn.geo.distance(place, BERLIN),
        hash: fn.geo.hash.encode(place, 4),
        area: fn.geo.area(field(Town, 'shape')),
        valid: fn.geo.is_valid(field(Town, 'shape')),
      })
      .list();
    expect(rows.map(({ id }) => id?.key)).toEqual(nearest);
    for (const { id, away } of rows) {
      const wanted = distances.get(id?.key as string) as number;
      expect(Math.abs(away - wanted)).toBeLessThanOrEqual(1 + wanted / 1000);
    }
    expect(rows.map(({ hash }) => hash)).toEqual(['u33d', 'u1x0', 'u09t', 'r3gx']);
    expect(rows.map(({ area }) => area > 0)).toEqual([true, true, false, false]);
    expect(rows.every(({ valid }) => valid)).toBe(true);
    const east = await em.run(fn.geo.bearing(new Point([0, 0]), new Point([1, 0])));
    expect(east).toBeCloseTo(90);
    const back = await em.run(fn.geo.hash.decode('u33d'));
    expect(back.coordinates[0]).toBeCloseTo(13.4, 0);
    expect(await em.run(fn.geo.centroid(square(0, 0, 2, 2)))).toEqual(new Point([1, 1]));
  });

  it('an expression as the condition: by bearing', async () => {
    const bearing = fn.geo.bearing(BERLIN, field(Town, 'at'));
    const west = surql`${field(Town, 'at')} != NONE AND ${bearing} < ${0}`;
    expect(await keys(em.find(Town, west))).toEqual(['hamburg', 'paris']);
  });

  it('refuses what is no place', async () => {
    expect(() => new Point([Number.NaN, 1])).toThrow(ValidationError);
    const wrong = [{ center: BERLIN, meters: -1 }, { center: BERLIN }, 5];
    for (const given of wrong)
      await expect(em.find(Town, { at: { $within: given as never } })).rejects.toBeInstanceOf(ValidationError);
    expect(test.sent()).toEqual([]);
  });
});
