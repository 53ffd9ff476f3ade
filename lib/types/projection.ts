import type { AnyFragment, ResultOf } from './fragment.js';
import type { ExistingPath, PathValue } from './path-value.js';

/** What to make of each record, by name: paths of fields, and expressions. */
export type Projection = Readonly<Record<string, string | AnyFragment>>;

/** A path that leads nowhere does not compile. */
export type CheckedProjection<T, S extends Projection> = {
  readonly [K in keyof S]: S[K] extends string ? S[K] & ExistingPath<T, S[K]> : S[K];
};

/** A row of it; `null` where a record has no value. */
export type ProjectedRow<T, S extends Projection> = {
  readonly [K in keyof S]: S[K] extends string ? PathValue<T, S[K]> | null : Present<ResultOf<S[K]>>;
};

type Present<V> = unknown extends V ? V : undefined extends V ? Exclude<V, undefined> | null : V;
