import type { Fetch } from './fetch.js';
import type { FindOptions } from './find-options.js';
import type { DataKey } from './keys.js';
import type { Loaded } from './loaded.js';
import type { Where } from './where.js';
import type { Select } from './select.js';

/** How the records of a search are read. */
interface HitOptions<T, F, S, O> extends Pick<
  FindOptions<T, F, S, O>,
  'fetch' | 'select' | 'omit' | 'limit' | 'offset' | 'filters' | 'refresh' | 'managed' | 'timeout' | 'cache' | 'signal'
> {
  /** Only among these records. */
  readonly where?: Where<T>;
}

type Metric = 'euclidean' | 'cosine' | 'manhattan' | 'chebyshev' | 'hamming' | 'jaccard' | 'pearson';

export interface NearestOptions<T, F = Fetch<T>, S = Select<T>, O = Select<T>> extends HitOptions<T, F, S, O> {
  /** How many neighbours; 10 unless given. */
  readonly k?: number;
  /** How widely the index is searched: more finds better, and costs more. At least `k`; 100 unless given. */
  readonly ef?: number;
  /** Another distance than the index's: every record is compared. */
  readonly metric?: Metric | `minkowski ${number}`;
}

export interface SearchOptions<T, F = Fetch<T>, S = Select<T>, O = Select<T>> extends HitOptions<T, F, S, O> {
  /** Marks the hits: `true` with `<b>` and `</b>`. */
  readonly highlight?: boolean | readonly [open: string, close: string];
  /** Says where in the texts the hits stand. */
  readonly offsets?: boolean;
  /** With several fields: whether a record has to match in all of them (the default), or in one. */
  readonly match?: 'all' | 'any';
}

export interface HybridOptions<T, F = Fetch<T>, S = Select<T>, O = Select<T>> extends HitOptions<T, F, S, O> {
  /** The vector to compare one field with. */
  readonly vector: { readonly [K in VectorKey<T>]?: Vector };
  /** What to search for, in one or more fields. */
  readonly text: SearchText<T>;
  /** How many records each of the two searches contributes, and how many come out; 10 unless given. */
  readonly k?: number;
  readonly ef?: number;
  /** The constant of reciprocal rank fusion; 60 unless given: the greater, the less the first ranks stand out. */
  readonly rrf?: number;
  /** Adds weighted, normalised scores in place of fusing ranks. */
  readonly linear?: { readonly vector: number; readonly text: number };
}

export type Vector =
  readonly number[] | Float32Array | Float64Array | Int16Array | Int32Array | BigInt64Array | Int8Array | Uint8Array;

/** Properties that hold lists of numbers. */
export type VectorKey<T> = {
  [K in DataKey<T>]: NonNullable<T[K]> extends readonly number[] ? K : never;
}[DataKey<T>];

/** What to look for, by property. */
export type SearchText<T> = {
  readonly [K in DataKey<T> as NonNullable<T[K]> extends string | readonly string[] ? K : never]?: string;
};

export interface Neighbour<T, F = {}, S = unknown, O = unknown> {
  readonly entity: Loaded<T, F, S, O>;
  readonly distance: number;
}

export interface SearchHit<T, F = {}, S = unknown, O = unknown> {
  readonly entity: Loaded<T, F, S, O>;
  readonly score: number;
  /** The texts with their hits marked, of the fields that were searched; empty unless `highlight` asked for them. */
  readonly highlights: { readonly [K in keyof SearchText<T>]?: T[K] };
  /** Where the hits stand in the fields that were searched; empty unless `offsets` asked for it. */
  readonly offsets: { readonly [K in keyof SearchText<T>]?: readonly TextPlace[] };
}

/**
 * A hit in a text, from its first character to the one behind its last, as the server counts them: a character of two UTF-16 units
 * is one, `Array.from(text).slice(start, end)`. Of a list of texts, `index` says in which of them.
 */
export interface TextPlace {
  readonly start: number;
  readonly end: number;
  readonly index: number;
}

export interface HybridHit<T, F = {}, S = unknown, O = unknown> {
  readonly entity: Loaded<T, F, S, O>;
  readonly score: number;
}
