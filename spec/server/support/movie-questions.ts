import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Analyzer,
  avg,
  collect,
  count,
  distinct,
  Field,
  FullText,
  Id,
  In,
  max,
  median,
  min,
  Out,
  Relation,
  stddev,
  sum,
  Table,
  VectorField,
  type EntityManager,
  type Link,
  type Links,
  type RecordId,
} from '../../../lib/index.js';
import { hopsOf, idText, sorted, type Questions } from './questions.js';

@Table({ name: 'movie' })
@Analyzer({ name: 'title_words', tokenizers: ['class'], filters: ['lowercase', 'ascii'] })
@FullText({ fields: ['title'], analyzer: 'title_words', bm25: [1.2, 0.75], highlights: true })
class Movie {
  @Id('int') id!: RecordId<'movie', number>;
  @Field('string') title!: string;
  @Field('string') genre!: string;
  @Field('float') rating!: number;
  @Field('int') gross!: number;
  @VectorField({ dimension: 4, distance: 'euclidean', type: 'F32' }) taste!: number[];
  @Relation(() => Movie, { edge: () => Followed, direction: 'out' }) next!: Links<Movie, Followed>;
}
/** From a movie to the next of the same director, and to the next of the same distributor and genre. */
@Table({ name: 'followed', type: 'relation', in: () => Movie, out: () => Movie, enforced: true })
class Followed {
  @Id() id!: RecordId<'followed', string>;
  @In() in!: Link<Movie>;
  @Out() out!: Link<Movie>;
  @Field('string') by!: string;
}

interface MovieRow {
  readonly Title: string | number | null;
  readonly Director: string | null;
  readonly Distributor: string | null;
  readonly 'Major Genre': string | null;
  readonly 'IMDB Rating': number | null;
  readonly 'Rotten Tomatoes Rating': number | null;
  readonly 'US Gross': number | null;
  readonly 'Running Time min': number | null;
}

/** Those of which everything is known. */
function readMovies() {
  const file = join(__dirname, '../../../node_modules/vega-datasets/data/movies.json');
  const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly MovieRow[];
  return rows.flatMap((row, id) => {
    const { Title: title, 'Major Genre': genre, 'IMDB Rating': rating, 'US Gross': gross } = row;
    const [tomatoes, minutes] = [row['Rotten Tomatoes Rating'], row['Running Time min']];
    if (typeof title !== 'string' || genre === null || rating === null || gross === null) return [];
    if (tomatoes === null || minutes === null) return [];
    const taste = [rating, tomatoes / 10, Math.log10(gross + 1), minutes / 30];
    return [{ row, movie: { id, title, genre, rating, gross, taste } }];
  });
}

function readFollowed(movies: ReturnType<typeof readMovies>) {
  const last = new Map<string, number>();
  return movies.flatMap(({ row, movie }) => {
    const keys = [
      { by: 'director', key: row.Director },
      { by: 'distributor', key: row.Distributor === null ? null : `${row.Distributor}, ${movie.genre}` },
    ];
    return keys.flatMap(({ by, key }) => {
      if (key === null) return [];
      const before = last.get(`${by}: ${key}`);
      last.set(`${by}: ${key}`, movie.id);
      return before === undefined ? [] : [{ in: before, out: movie.id, by }];
    });
  });
}

export const movieEntities = [Movie, Followed];

export async function insertMovies(em: EntityManager): Promise<void> {
  const movies = readMovies();
  await em.insert(
    Movie,
    movies.map(({ movie }) => movie),
  );
  await em.insert(Followed, readFollowed(movies));
}

const TASTE = [8, 9, 8, 4];
const VECTOR = JSON.stringify(TASTE);
const NEAREST = `SELECT id, vector::distance::knn() AS d FROM movie WHERE taste <|10,100|> ${VECTOR} ORDER BY d`;
/** Aliens, from which much follows, and what is some steps away. */
const FIRST = 'movie:533';
const LAST = 1586;

export const movieQuestions: Questions = {
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
  'every aggregate at once': [
    `RETURN (SELECT count() AS n, math::sum(gross) AS sum, math::min(rating) AS min, math::max(rating) AS max, math::mean(gross) AS mean, math::median(rating) AS median, math::stddev(rating) AS stddev, array::sort(array::distinct(genre)) AS genres FROM movie WHERE rating >= 8.5 GROUP ALL)[0]`,
    async (em) => {
      const found = await em.aggregate(Movie, {
        where: { rating: { $gte: 8.5 } },
        select: {
          n: count(),
          sum: sum('gross'),
          min: min('rating'),
          max: max('rating'),
          mean: avg('gross'),
          median: median('rating'),
          stddev: stddev('rating'),
          genres: distinct('genre'),
        },
      });
      return { ...found, genres: [...found.genres].sort() };
    },
  ],
  'what of a group is collected': [
    `SELECT genre, array::sort(array::group(title)) AS titles FROM movie WHERE rating >= 8.5 GROUP BY genre ORDER BY genre`,
    async (em) => {
      const rows = await em.aggregate(Movie, {
        where: { rating: { $gte: 8.5 } },
        groupBy: ['genre'],
        select: { titles: collect('title') },
        orderBy: { genre: 'asc' },
      });
      return rows.map(({ genre, titles }) => ({ genre, titles: [...titles].sort() }));
    },
  ],
  'two hops, by the director and then by the distributor': [
    `array::sort(array::distinct(${FIRST}->(followed WHERE by = 'director')->movie->(followed WHERE by = 'distributor')->movie))`,
    async (em) =>
      sorted(
        await em
          .traverse<Movie>(FIRST)
          .out(Followed, { by: 'director' })
          .to(Movie)
          .out(Followed, { by: 'distributor' })
          .to(Movie)
          .ids(),
      ),
  ],
  'there and back again': [
    `array::sort(array::distinct(${FIRST}->followed->movie<-followed<-movie[WHERE rating > 7]))`,
    async (em) =>
      sorted(
        await em
          .traverse<Movie>(FIRST)
          .out(Followed)
          .to(Movie)
          .in(Followed)
          .to(Movie, { rating: { $gt: 7 } })
          .ids(),
      ),
  ],
  'three hops': [
    `array::sort(array::distinct(${FIRST}->followed->movie->followed->movie->followed->movie))`,
    async (em) => sorted(await em.traverse<Movie>(FIRST).out(Followed).to(Movie).repeat(3, 3).ids()),
  ],
  'how long the shortest path is': [
    `{ hops: array::len(${FIRST}.{..+shortest=movie:${LAST}}->followed->movie), real: true }`,
    async (em) => {
      const target = em.getReference(Movie, LAST);
      const path = await em.traverse<Movie>(FIRST).out(Followed).to(Movie).shortestPathTo(target);
      return hopsOf(path, (from, to) => em.exists(Followed, { in: from, out: to }));
    },
  ],
  'titles by their words': [
    `SELECT id, search::score(1) AS score FROM movie WHERE title @1@ 'the king' ORDER BY score DESC, id`,
    async (em) => {
      const hits = await em.search(Movie, { title: 'the king' }, { limit: 100 });
      return hits.map(({ entity, score }) => ({ id: idText(entity), score }));
    },
  ],
  'titles by their words, of what is good, with the places': [
    `SELECT id, search::highlight('<b>', '</b>', 1) AS marked, search::offsets(1) AS places FROM movie WHERE title @1@ 'man' AND rating > 7.5 ORDER BY id`,
    async (em) => {
      const where = { rating: { $gt: 7.5 } };
      const hits = await em.search(Movie, { title: 'man' }, { highlight: true, offsets: true, where });
      const shown = hits.map(({ entity, highlights, offsets }) => ({
        id: idText(entity),
        marked: highlights.title,
        places: { 0: offsets.title?.map(({ start, end }) => ({ e: end, s: start })) },
      }));
      return shown.sort((a, b) => Number(a.id.slice(6)) - Number(b.id.slice(6)));
    },
  ],
  'the nearest by a vector': [
    NEAREST,
    async (em) => {
      const hits = await em.nearest(Movie, 'taste', TASTE, { k: 10, ef: 100 });
      return hits.map(({ entity, distance }) => ({ d: distance, id: idText(entity) }));
    },
  ],
  'the nearest of a genre, by another distance': [
    `SELECT id, vector::distance::knn() AS d FROM movie WHERE genre = 'Drama' AND taste <|7,MANHATTAN|> ${VECTOR} ORDER BY d`,
    async (em) => {
      const options = { k: 7, metric: 'manhattan', where: { genre: 'Drama' } } as const;
      const hits = await em.nearest(Movie, 'taste', Float32Array.from(TASTE), options);
      return hits.map(({ entity, distance }) => ({ d: distance, id: idText(entity) }));
    },
  ],
  'by words and by vector together': [
    `LET $near = (${NEAREST});
     LET $text = (SELECT id, search::score(1) AS s FROM movie WHERE title @1@ 'the' ORDER BY s DESC, id LIMIT 10);
     RETURN (SELECT * FROM (SELECT id, rrf_score AS score FROM search::rrf([$near, $text], 20, 60)) ORDER BY score DESC, id LIMIT 10)`,
    async (em) => {
      const hits = await em.hybrid(Movie, { vector: { taste: TASTE }, text: { title: 'the' }, k: 10, rrf: 60 });
      return hits.map(({ entity, score }) => ({ id: idText(entity), score }));
    },
  ],
  'by words and by vector, weighted': [
    `LET $near = (SELECT id, vector::distance::knn() AS distance FROM movie WHERE taste <|10,100|> ${VECTOR} ORDER BY distance);
     LET $text = (SELECT id, search::score(1) AS score FROM movie WHERE title @1@ 'the' ORDER BY score DESC, id LIMIT 10);
     RETURN (SELECT * FROM (SELECT id, linear_score AS score FROM search::linear([$near, $text], [1, 2], 20, 'minmax')) ORDER BY score DESC, id LIMIT 10)`,
    async (em) => {
      const linear = { vector: 1, text: 2 };
      const hits = await em.hybrid(Movie, { vector: { taste: TASTE }, text: { title: 'the' }, k: 10, linear });
      return hits.map(({ entity, score }) => ({ id: idText(entity), score }));
    },
  ],
  'what follows on what is shown, the best of it': [
    `SELECT id, array::sort(array::distinct(->followed->movie[WHERE rating > 6])) AS next FROM movie WHERE rating >= 8.7 ORDER BY id`,
    async (em) => {
      const fetch = { next: { where: { rating: { $gt: 6 } }, orderBy: { id: 'asc' } } } as const;
      const best = await em.find(Movie, { rating: { $gte: 8.7 } }, { fetch, orderBy: { id: 'asc' } });
      return best.map((movie) => ({ id: idText(movie), next: movie.next.get().map(idText) }));
    },
  ],
};
