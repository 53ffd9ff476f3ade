import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateData } from 'reverie-orm';
import type { Director, Movie } from './entities';

const file = join(__dirname, '../../node_modules/vega-datasets/data/movies.json');

interface Row {
  readonly Title: string | number | null;
  readonly 'Release Date': string;
  readonly 'US Gross': number | null;
  readonly 'Production Budget': number | null;
  readonly 'MPAA Rating': string | null;
  readonly 'Major Genre': string | null;
  readonly Director: string | null;
  readonly 'IMDB Rating': number | null;
}

/** 3,200 movies and their directors; one has no title. */
export function readMovies(): { readonly movies: CreateData<Movie>[]; readonly directors: CreateData<Director>[] } {
  const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly Row[];
  const titled = rows.filter((row) => row.Title !== null);
  const directors = new Set(titled.flatMap((row) => row.Director ?? []));
  return {
    movies: titled.map((row, id) => movieOf(row, id)),
    directors: [...directors].map((name) => ({ name })),
  };
}

function movieOf(row: Row, id: number): CreateData<Movie> {
  return {
    id,
    title: String(row.Title),
    year: new Date(row['Release Date']).getUTCFullYear(),
    genre: row['Major Genre'],
    rating: row['IMDB Rating'],
    gross: row['US Gross'],
    director: row.Director,
    taste: tasteOf(row),
  };
}

const GENRES = [
  'Drama',
  'Comedy',
  'Musical',
  'Thriller/Suspense',
  'Adventure',
  'Action',
  'Romantic Comedy',
  'Horror',
  'Western',
  'Documentary',
];
const AUDIENCES = ['G', 'PG', 'PG-13', 'R'];

/** Its genre, its audience, its rating and its size. A model of language would know more; these figures need none. */
export function tasteOf(row: Row): number[] {
  return [
    ...GENRES.map((genre) => (row['Major Genre'] === genre ? 1 : 0)),
    ...AUDIENCES.map((audience) => (row['MPAA Rating'] === audience ? 0.7 : 0)),
    (row['IMDB Rating'] ?? 6) / 10,
    Math.log10((row['Production Budget'] ?? 1_000_000) + 1) / 10,
  ];
}
