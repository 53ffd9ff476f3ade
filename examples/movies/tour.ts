import { avg, count, type EntityManager, Reverie } from 'reverie-orm';
import { type Finding, type Measure, notebook } from '../shared/findings';
import type { Progress } from '../shared/progress';
import { readMovies } from './data';
import { Director, Movie } from './entities';

/** Loads 3,200 movies into an embedded SurrealDB and searches them by words, by likeness and by figures. */
export async function tour(showProgress: (label: string) => Progress): Promise<readonly Finding[]> {
  const { findings, measure } = notebook();
  const orm = await Reverie.init({ url: 'mem://', namespace: 'movies', database: 'demo', entities: [Movie, Director] });
  try {
    await measure('Movies and directors loaded', () => load(orm.em.fork(), showProgress));
    // A manager for each question, as an application has one for each request.
    await searchByWords(orm.em.fork(), measure);
    await searchByLikeness(orm.em.fork(), measure);
    await askForFigures(orm.em.fork(), measure);
    await readPages(orm.em.fork(), measure);
  } finally {
    await orm.close();
  }
  return findings;
}

async function load(em: EntityManager, showProgress: (label: string) => Progress): Promise<string> {
  const { movies, directors } = readMovies();
  const bar = showProgress('Movies');
  try {
    const made = await em.insert(Director, directors);
    const { inserted } = await em.insert(Movie, movies, { onProgress: bar.update });
    return `${inserted.toLocaleString('en')} and ${made.inserted.toLocaleString('en')}`;
  } finally {
    bar.stop();
  }
}

async function searchByWords(em: EntityManager, measure: Measure): Promise<void> {
  await measure('Titles with "loving" in any form', async () => {
    const hits = await em.search(Movie, { title: 'loving' }, { highlight: ['[', ']'], limit: 4 });
    return hits.map(({ highlights }) => highlights.title).join('\n');
  });
  await measure('… of the best rated of them', async () => {
    const hits = await em.search(
      Movie,
      { title: 'loving' },
      { where: { rating: { $gte: 7.5 } }, fetch: { director: true } },
    );
    return hits
      .map(({ entity }) => `${entity.title}, ${entity.year} (${entity.director?.get().name ?? 'unknown'})`)
      .sort()
      .join('\n');
  });
}

async function searchByLikeness(em: EntityManager, measure: Measure): Promise<void> {
  const [toys] = await em.find(Movie, { title: 'Toy Story' }, { limit: 1 });
  if (toys === undefined) throw new Error('Toy Story is missing');
  await measure('Like "Toy Story", of this century', async () => {
    const near = await em.nearest(Movie, 'taste', toys.taste, { k: 3, where: { year: { $gte: 2000 } } });
    return near.map(({ entity, distance }) => `${entity.title}  ${distance.toFixed(4)}`).join('\n');
  });
  await measure('… and with "story" in its title', async () => {
    const best = await em.hybrid(Movie, { vector: { taste: toys.taste }, text: { title: 'story' }, k: 40, limit: 3 });
    return best.map(({ entity }) => entity.title).join('\n');
  });
}

async function askForFigures(em: EntityManager, measure: Measure): Promise<void> {
  await measure('Genres by rating', async () => {
    const genres = await em.aggregate(Movie, {
      where: { genre: { $isNone: false } },
      groupBy: ['genre'],
      having: { movies: { $gte: 40 } },
      orderBy: { rating: 'desc' },
      limit: 3,
      select: { movies: count(), rating: avg('rating') },
    });
    return genres.map(({ genre, movies, rating }) => `${genre}: ${rating?.toFixed(2)} (${movies})`).join('\n');
  });
  await measure('Who made fifteen and more, and the best of them', async () => {
    const busy = await em.find(
      Director,
      { movies: { $size: { $gte: 15 } } },
      { orderBy: { name: 'asc' }, fetch: { movies: { orderBy: { rating: 'desc' }, limit: 1 } } },
    );
    return busy.map(({ name, movies }) => `${name}: ${movies.get()[0]?.title}`).join('\n');
  });
}

async function readPages(em: EntityManager, measure: Measure): Promise<void> {
  await measure('The nineties by gross, second page', async () => {
    const nineties = { year: { $between: [1990, 1999] as [number, number] } };
    const orderBy = { gross: 'desc' } as const;
    const first = await em.findPage(Movie, nineties, { first: 3, orderBy });
    const second = await em.findPage(Movie, nineties, { first: 3, orderBy, after: first.endCursor, total: true });
    return [...second.items.map(({ title }) => title), `of ${second.total} in all`].join('\n');
  });
  await measure('All of them, 500 at a time', async () => {
    let [seen, longest] = [0, ''];
    for await (const { title } of em.stream(Movie, {}, { batch: 500 })) {
      seen += 1;
      if (title.length > longest.length) longest = title;
    }
    return `${seen.toLocaleString('en')}, the longest title has ${longest.length} letters`;
  });
}
