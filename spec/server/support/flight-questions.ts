import { readAirports, readRoutes } from '../../../examples/flights/data';
import {
  Analyzer,
  avg,
  count,
  Field,
  FullText,
  Id,
  In,
  Index,
  max,
  Out,
  Point,
  Relation,
  sum,
  Table,
  VectorField,
  type EntityManager,
  type Link,
  type Links,
  type RecordId,
} from '../../../lib/index.js';
import { hopsOf, idText, sorted, type Questions } from './questions.js';

@Table({ name: 'airport' })
@Index({ fields: ['state'] })
@Analyzer({ name: 'place_words', tokenizers: ['class'], filters: ['lowercase', 'ascii'] })
@FullText({ fields: ['name', 'city'], analyzer: 'place_words', bm25: [1.2, 0.75], highlights: true })
class Airport {
  @Id({ from: 'iata' }) id!: RecordId<'airport', string>;
  @Field('string') iata!: string;
  @Field('string') name!: string;
  @Field('string') city!: string;
  @Field('string') state!: string;
  @Field('string') country!: string;
  @Field('geometry<point>') location!: Point;
  /** Its place on the globe: the straight line through the earth orders as the way over it does. */
  @VectorField({ dimension: 3, distance: 'euclidean', type: 'F64' }) globe!: number[];
  @Relation(() => Airport, { edge: () => Route, direction: 'out' }) destinations!: Links<Airport, Route>;
}
@Table({ name: 'route', type: 'relation', in: () => Airport, out: () => Airport, enforced: true })
class Route {
  @Id() id!: RecordId<'route', string>;
  @In() in!: Link<Airport>;
  @Out() out!: Link<Airport>;
  @Field('int') flights!: number;
}

function onGlobe([longitude, latitude]: readonly number[]): number[] {
  const [east, north] = [longitude as number, latitude as number].map((degrees) => (degrees * Math.PI) / 180) as [
    number,
    number,
  ];
  return [Math.cos(north) * Math.cos(east), Math.cos(north) * Math.sin(east), Math.sin(north)];
}

export const flightEntities = [Airport, Route];

export async function insertFlights(em: EntityManager): Promise<void> {
  const airports = readAirports().map(({ destinations: _unset, id: _key, ...each }) => ({
    ...each,
    globe: onGlobe((each.location as Point).coordinates),
  }));
  await em.insert(Airport, airports);
  await em.insert(Route, readRoutes() as never);
}

const JFK = [-73.77892556, 40.63975111] as const;
const HERE = new Point([...JFK]);
const GLOBE = onGlobe(JFK);
const POINT = `<point> { type: 'Point', coordinates: [${JFK.join(', ')}] }`;
const NEAREST = `SELECT id, vector::distance::knn() AS d FROM airport WHERE globe <|8,100|> ${JSON.stringify(GLOBE)} ORDER BY d`;

export const flightQuestions: Questions = {
  'two hops with a condition on the edges and the ends': [
    `array::sort(array::distinct(airport:LAS->(route WHERE flights > 3000)->airport->(route WHERE flights > 3000)->airport[WHERE state != 'CA']))`,
    async (em) =>
      sorted(
        await em
          .traverse<Airport>('airport:LAS')
          .out(Route, { flights: { $gt: 3000 } })
          .to(Airport)
          .out(Route, { flights: { $gt: 3000 } })
          .to(Airport, { state: { $ne: 'CA' } })
          .ids(),
      ),
  ],
  'three hops against the edges': [
    `array::sort(array::distinct(array::flatten(array::flatten(airport:ABI<-route<-airport<-route<-airport<-route<-airport))))`,
    async (em) => sorted(await em.traverse<Airport>('airport:ABI').in(Route).to(Airport).repeat(3, 3).ids()),
  ],
  'three hops with another condition at each': [
    `array::sort(array::distinct(airport:BOS->(route WHERE flights > 2000)->airport[WHERE state = 'GA']->(route WHERE flights < 3000)->airport[WHERE state = 'TX']->route->airport[WHERE city CONTAINS 'Chicago']))`,
    async (em) =>
      sorted(
        await em
          .traverse<Airport>('airport:BOS')
          .out(Route, { flights: { $gt: 2000 } })
          .to(Airport, { state: 'GA' })
          .out(Route, { flights: { $lt: 3000 } })
          .to(Airport, { state: 'TX' })
          .out(Route)
          .to(Airport, { city: { $contains: 'Chicago' } })
          .ids(),
      ),
  ],
  'whatever is reached in one to three hops': [
    `array::sort(array::distinct(airport:ABE.{1..3+collect}->route->airport))`,
    async (em) => sorted(await em.traverse<Airport>('airport:ABE').out(Route).to(Airport).repeat(1, 3).ids()),
  ],
  'how long the shortest path is': [
    `{ hops: array::len(airport:ABE.{..+shortest=airport:ADQ}->route->airport), real: true }`,
    async (em) => {
      const target = em.getReference(Airport, 'ADQ');
      const path = await em.traverse<Airport>('airport:ABE').out(Route).to(Airport).shortestPathTo(target);
      return hopsOf(path, (from, to) => em.exists(Route, { in: from, out: to }));
    },
  ],
  'the busiest states': [
    `SELECT * FROM (SELECT in.state AS state, count() AS routes, math::sum(flights) AS flights, math::max(flights) AS most FROM route GROUP BY state) WHERE routes > 100 ORDER BY flights DESC LIMIT 5`,
    (em) =>
      em
        .aggregate(Route, {
          groupBy: ['in.state'],
          select: { routes: count(), flights: sum('flights'), most: max('flights') },
          having: { routes: { $gt: 100 } },
          orderBy: { flights: 'desc' },
          limit: 5,
        })
        .then((rows) => rows.map(({ 'in.state': state, ...row }) => ({ ...row, state }))),
  ],
  'all routes at once, and those of a state': [
    `RETURN [(SELECT count() AS n, math::mean(flights) AS mean FROM route GROUP ALL)[0], (SELECT count() AS n, math::mean(flights) AS mean FROM route WHERE in.state = 'HI' GROUP ALL)[0]]`,
    (em) => {
      const select = { n: count(), mean: avg('flights') } as const;
      return Promise.all([
        em.aggregate(Route, { select }),
        em.aggregate(Route, { where: { in: { state: 'HI' } }, select }),
      ]);
    },
  ],
  'airports without a route away': [
    `RETURN (SELECT VALUE id FROM airport WHERE state = 'AK' AND array::len(->route) = 0 ORDER BY id)`,
    async (em) =>
      (await em.find(Airport, { state: 'AK', destinations: { $size: 0 } }, { orderBy: { id: 'asc' } })).map(idText),
  ],
  'the shown records’ own destinations': [
    `SELECT id, array::sort(->(route WHERE flights > 0)->airport[WHERE state = 'CA']) AS there FROM airport WHERE state = 'HI' AND ->route->airport CONTAINS airport:LAX ORDER BY id`,
    async (em) => {
      const fetch = { destinations: { where: { state: 'CA' } } } as const;
      const from = await em.find(
        Airport,
        { state: 'HI', destinations: { $contains: 'airport:LAX' } },
        { fetch, orderBy: { id: 'asc' } },
      );
      return from.map((airport) => ({
        id: idText(airport),
        there: sorted(airport.destinations.get().map(({ id }) => id)),
      }));
    },
  ],
  'airports by the words of their names, marked': [
    `SELECT id, search::score(1) AS score, search::highlight('<i>', '</i>', 1) AS marked FROM airport WHERE name @1@ 'international' AND state = 'TX' ORDER BY score DESC, id`,
    async (em) => {
      const highlight = ['<i>', '</i>'] as const;
      const hits = await em.search(Airport, { name: 'international' }, { highlight, where: { state: 'TX' } });
      return hits.map(({ entity, score, highlights }) => ({ id: idText(entity), marked: highlights.name, score }));
    },
  ],
  'airports by the words of name and city': [
    `LET $names = (SELECT id, search::score(0) AS score FROM airport WHERE name @0@ 'san');
     LET $cities = (SELECT id, search::score(0) AS score FROM airport WHERE city @0@ 'san');
     RETURN (SELECT * FROM (SELECT id, math::sum(score) AS score, count() AS n FROM array::concat($names, $cities) GROUP BY id) WHERE n = 2 ORDER BY score DESC, id).id`,
    async (em) => (await em.search(Airport, { name: 'san', city: 'san' })).map(({ entity }) => idText(entity)),
  ],
  'the nearest on the globe': [
    NEAREST,
    async (em) => {
      const hits = await em.nearest(Airport, 'globe', Float64Array.from(GLOBE), { k: 8, ef: 100 });
      return hits.map(({ entity, distance }) => ({ d: distance, id: idText(entity) }));
    },
  ],
  'the nearest of a state, each compared': [
    `SELECT id, vector::distance::knn() AS d FROM airport WHERE state = 'CA' AND globe <|5,COSINE|> ${JSON.stringify(GLOBE)} ORDER BY d`,
    async (em) => {
      const options = { k: 5, metric: 'cosine', where: { state: 'CA' } } as const;
      const hits = await em.nearest(Airport, 'globe', GLOBE, options);
      return hits.map(({ entity, distance }) => ({ d: distance, id: idText(entity) }));
    },
  ],
  'within a distance, by the distance': [
    `RETURN (SELECT * FROM (SELECT id, geo::distance(location, ${POINT}) AS d FROM airport) WHERE d <= 60000 ORDER BY d, id).id`,
    async (em) => {
      const near = await em.find(
        Airport,
        { location: { $within: { center: HERE, meters: 60_000 } } },
        { orderBy: { location: { distanceTo: HERE } } },
      );
      return near.map(idText);
    },
  ],
  'near and called international, by ranks': [
    `LET $near = (${NEAREST});
     LET $text = (SELECT id, search::score(1) AS s FROM airport WHERE name @1@ 'kennedy' ORDER BY s DESC, id LIMIT 8);
     RETURN (SELECT * FROM (SELECT id, rrf_score AS score FROM search::rrf([$near, $text], 16, 60)) ORDER BY score DESC, id LIMIT 8)`,
    async (em) => {
      const hits = await em.hybrid(Airport, { vector: { globe: GLOBE }, text: { name: 'kennedy' }, k: 8 });
      return hits.map(({ entity, score }) => ({ id: idText(entity), score }));
    },
  ],
  'near and called international, by weights': [
    `LET $near = (SELECT id, vector::distance::knn() AS distance FROM airport WHERE globe <|8,100|> ${JSON.stringify(GLOBE)} ORDER BY distance);
     LET $text = (SELECT id, search::score(1) AS score FROM airport WHERE name @1@ 'kennedy' ORDER BY score DESC, id LIMIT 8);
     RETURN (SELECT * FROM (SELECT id, linear_score AS score FROM search::linear([$near, $text], [3, 1], 16, 'minmax')) ORDER BY score DESC, id LIMIT 8)`,
    async (em) => {
      const linear = { vector: 3, text: 1 };
      const hits = await em.hybrid(Airport, { vector: { globe: GLOBE }, text: { name: 'kennedy' }, k: 8, linear });
      return hits.map(({ entity, score }) => ({ id: idText(entity), score }));
    },
  ],
};
