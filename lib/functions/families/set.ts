// Made by scripts/functions.mjs from scripts/functions.txt.
import type { Range } from '../../values/index.js';
import type { Arg, Check, Int, Make, Mode, Out, Step } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `set::` https://surrealdb.com/docs/surrealql/functions/database/set */
export interface SetFunctions<M extends Mode = 'expression'> {
  add<T>(set: Arg<ReadonlySet<T>>, value: Arg<T>): Out<M, Set<T>>;
  /** SurrealDB 3.0.5 and later. */
  all<T>(set: Arg<ReadonlySet<T>>, check?: Check<T>): Out<M, boolean>;
  /** SurrealDB 3.0.5 and later. */
  any<T>(set: Arg<ReadonlySet<T>>, check?: Check<T>): Out<M, boolean>;
  at<T>(set: Arg<ReadonlySet<T>>, index: Arg<Int>): Out<M, T | undefined>;
  complement<T>(set: Arg<ReadonlySet<T>>, without: Arg<ReadonlySet<unknown>>): Out<M, Set<T>>;
  contains<T>(set: Arg<ReadonlySet<T>>, value: Arg<T>): Out<M, boolean>;
  difference<T>(left: Arg<ReadonlySet<T>>, right: Arg<ReadonlySet<T>>): Out<M, Set<T>>;
  filter<T>(set: Arg<ReadonlySet<T>>, check: Check<T>): Out<M, Set<T>>;
  find<T>(set: Arg<ReadonlySet<T>>, check: Check<T>): Out<M, T | undefined>;
  first<T>(set: Arg<ReadonlySet<T>>): Out<M, T | undefined>;
  flatten<T>(set: Arg<ReadonlySet<T>>): Out<M, Set<unknown>>;
  fold<T, U>(set: Arg<ReadonlySet<T>>, initial: Arg<U>, step: Step<U, T>): Out<M, U>;
  intersect<T>(left: Arg<ReadonlySet<T>>, right: Arg<ReadonlySet<T>>): Out<M, Set<T>>;
  is_empty(set: Arg<ReadonlySet<unknown>>): Out<M, boolean>;
  join(set: Arg<ReadonlySet<unknown>>, separator: Arg<string>): Out<M, string>;
  last<T>(set: Arg<ReadonlySet<T>>): Out<M, T | undefined>;
  len(set: Arg<ReadonlySet<unknown>>): Out<M, number>;
  map<T, U>(set: Arg<ReadonlySet<T>>, make: Make<T, U>): Out<M, Set<U>>;
  max<T>(set: Arg<ReadonlySet<T>>): Out<M, T | undefined>;
  min<T>(set: Arg<ReadonlySet<T>>): Out<M, T | undefined>;
  reduce<T>(set: Arg<ReadonlySet<T>>, step: Step<T, T>): Out<M, T | undefined>;
  remove<T>(set: Arg<ReadonlySet<T>>, value: Arg<T>): Out<M, Set<T>>;
  slice<T>(set: Arg<ReadonlySet<T>>, range: Arg<Range>): Out<M, Set<T>>;
  slice<T>(set: Arg<ReadonlySet<T>>, start?: Arg<Int>, end?: Arg<Int>): Out<M, Set<T>>;
  union<T>(left: Arg<ReadonlySet<T>>, right: Arg<ReadonlySet<T>>): Out<M, Set<T>>;
}

export const setSignatures: Signatures = {
  'set::add': [2, 2],
  'set::all': [1, 2, '3.0.5'],
  'set::any': [1, 2, '3.0.5'],
  'set::at': [2, 2],
  'set::complement': [2, 2],
  'set::contains': [2, 2],
  'set::difference': [2, 2],
  'set::filter': [2, 2],
  'set::find': [2, 2],
  'set::first': [1, 1],
  'set::flatten': [1, 1],
  'set::fold': [3, 3],
  'set::intersect': [2, 2],
  'set::is_empty': [1, 1],
  'set::join': [2, 2],
  'set::last': [1, 1],
  'set::len': [1, 1],
  'set::map': [2, 2],
  'set::max': [1, 1],
  'set::min': [1, 1],
  'set::reduce': [2, 2],
  'set::remove': [2, 2],
  'set::slice': [1, 3],
  'set::union': [2, 2],
};
