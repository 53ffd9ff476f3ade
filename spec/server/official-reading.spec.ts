import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Airport, Route } from '../../examples/flights/entities';
import { readAirports, readRoutes } from '../../examples/flights/data';
import {
  Analyzer,
  avg,
  count,
  Field,
  FullText,
  Id,
  max,
  Reverie,
  sum,
  Table,
  VectorField,
  type EntityManager,
  type RecordId,
} from '../../lib/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import { runFixture } from './support/fixture.js';

@Table({ name: 'movie' })
@Analyzer({ name: 'title_words', tokenizers: ['class'], filters: ['lowercase', 'ascii'] })
@FullText({ fields: ['title'], analyzer: 'title_words', bm25: [1.2, 0.75] })
class Movie {
  @Id('int') id!: RecordId<'movie', number>;
  @Field('string') title!: string;
  @Field('string') genre!: string;
  @Field('float') rating!: number;
  @Field('int') gross!: number;
  @VectorField({ dimension: 4, distance: 'euclidean', type: 'F32' }) taste!: number[];
}

interface MovieRow {
  readonly Title: string | number | null;
  readonly 'Major Genre': string | null;
  readonly 'IMDB Rating': number | null;
  readonly 'Rotten Tomatoes Rating': number | null;
  readonly 'US Gross': number | null;
  readonly 'Running Time min': number | null;
}

/** Those of which everything is known. */
function readMovies() {
  const file = join(__dirname, '../../node_modules/vega-datasets/data/movies.json');
  const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly MovieRow[];
  return rows.flatMap((row, id) => {
    const { Title: title, 'Major Genre': genre, 'IMDB Rating': rating, 'US Gross': gross } = row;
    const [tomatoes, minutes] = [row['Rotten Tomatoes Rating'], row['Running Time min']];
    if (typeof title !== 'string' || genre === null || rating === null || gross === null) return [];
    if (tomatoes === null || minutes === null) return [];
    return [{ id, title, genre, rating, gross, taste: [rating, tomatoes / 10, Math.log10(gross + 1), minutes / 30] }];
  });
}

const TASTE = [8, 9, 8, 4];
const VECTOR = JSON.stringify(TASTE);
const NEAREST = `SELECT id, vector::distance::knn() AS d FROM movie WHERE taste <|10,100|> ${VECTOR} ORDER BY d`;

/** What is asked, once by hand and once by Reverie; both answers in the form of JSON. */
const QUESTIONS: Readonly<Record<string, readonly [text: string, ask: (em: EntityManager) => Promise<unknown>]>> = {
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
  'whatever is reached in one to three hops': [
    `array::sort(array::distinct(airport:ABE.{1..3+collect}->route->airport))`,
    async (em) => {
      const ids = await em.traverse<Airport>('airport:ABE').out(Route).to(Airport).repeat(1, 3).ids();
      return sorted(ids);
    },
  ],
  'how long the shortest path is': [
    `array::len(airport:ABE.{..+shortest=airport:ADQ}->route->airport)`,
    async (em) => {
      const path = await em
        .traverse<Airport>('airport:ABE')
        .out(Route)
        .to(Airport)
        .shortestPathTo('airport:ADQ' as never);
      return (path?.length ?? 0) - 1;
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
  'airports without a route away, and their number': [
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
  'genres by their ratings': [
    `SELECT genre, count() AS n, math::mean(rating) AS mean FROM movie GROUP BY genre ORDER BY n DESC, genre LIMIT 6`,
    (em) =>
      em.aggregate(Movie, {
        groupBy: ['genre'],
        select: { n: count(), mean: avg('rating') },
        orderBy: [{ n: 'desc' }, { genre: 'asc' }],
        limit: 6,
      }),
  ],
  'titles by their words': [
    `SELECT id, search::score(1) AS score FROM movie WHERE title @1@ 'the king' ORDER BY score DESC, id`,
    async (em) => {
      const hits = await em.search(Movie, { title: 'the king' }, { limit: 100 });
      const shown = hits.map(({ entity, score }) => ({ id: idText(entity), score }));
      return shown.sort((a, b) => b.score - a.score || Number(a.id.slice(6)) - Number(b.id.slice(6)));
    },
  ],
  'the nearest by a vector': [
    NEAREST,
    async (em) => {
      const hits = await em.nearest(Movie, 'taste', TASTE, { k: 10, ef: 100 });
      return hits.map(({ entity, distance }) => ({ d: distance, id: idText(entity) }));
    },
  ],
  'by words and by vector together': [
    `LET $near = (${NEAREST});
     LET $text = (SELECT id, search::score(1) AS s FROM movie WHERE title @1@ 'the' ORDER BY s DESC LIMIT 10);
     RETURN (search::rrf([$near, $text], 10, 60)).map(|$hit: any| $hit.rrf_score)`,
    async (em) => {
      const hits = await em.hybrid(Movie, {
        vector: { taste: TASTE },
        text: { title: 'the' },
        k: 10,
        rrf: 60,
      } as never);
      return hits.map(({ score }) => score);
    },
  ],
};

const idText = ({ id }: { readonly id: RecordId }): string => String(id);
const sorted = (ids: readonly RecordId[]): string[] => ids.map(String).sort();

describe('what is read of flights and movies, against SurrealQL by hand through the official client', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reverie-official-'));
  let server: RunningServer;
  let orm: Reverie;
  let byHand: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    server = await startServer({ url: 'mem://', user: 'root', pass: 'root' });
    orm = await Reverie.init({
      url: server.wsUrl,
      namespace: 'official',
      database: 'reading',
      auth: { username: 'root', password: 'root' },
      entities: [Airport, Route, Movie],
      sync: 'safe',
    });
    const em = orm.em.fork();
    await em.insert(Airport, readAirports());
    await em.insert(Route, readRoutes());
    await em.insert(Movie, readMovies());
    const file = join(folder, 'queries.json');
    writeFileSync(
      file,
      JSON.stringify(Object.fromEntries(Object.entries(QUESTIONS).map(([name, [text]]) => [name, text]))),
    );
    byHand = await runFixture('official-query.mjs', server.wsUrl, 'official', 'reading', file);
  }, 120_000);
  afterAll(async () => {
    await orm.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it.each(Object.keys(QUESTIONS))('%s', async (name) => {
    const [, ask] = QUESTIONS[name] as (typeof QUESTIONS)[string];
    const expected = byHand[name];
    const answer = await ask(orm.em.fork());
    for (const nothing of [undefined, [], 0]) expect(expected).not.toEqual(nothing);
    expect(answer).toEqual(
      Array.isArray(expected) && typeof expected[0] === 'string' ? [...expected].sort() : expected,
    );
  });
});
