// Made by scripts/functions.mjs from scripts/functions.txt.
import type { Range } from '../../values/index.js';
import type { Arg, Check, Flat, Int, List, Make, Mode, Order, Out, Step } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `array::` https://surrealdb.com/docs/surrealql/functions/database/array */
export interface ArrayFunctions<M extends Mode = 'expression'> {
  add<T>(list: List<T>, value: Arg<T>): Out<M, T[]>;
  all<T>(list: List<T>, check?: Check<T>): Out<M, boolean>;
  any<T>(list: List<T>, check?: Check<T>): Out<M, boolean>;
  append<T>(list: List<T>, value: Arg<T>): Out<M, T[]>;
  at<T>(list: List<T>, index: Arg<Int>): Out<M, T | undefined>;
  boolean_and(left: List<unknown>, right: List<unknown>): Out<M, boolean[]>;
  boolean_not(list: List<unknown>): Out<M, boolean[]>;
  boolean_or(left: List<unknown>, right: List<unknown>): Out<M, boolean[]>;
  boolean_xor(left: List<unknown>, right: List<unknown>): Out<M, boolean[]>;
  clump<T>(list: List<T>, size: Arg<Int>): Out<M, T[][]>;
  combine<T, U>(left: List<T>, right: List<U>): Out<M, [T, U][]>;
  complement<T>(list: List<T>, without: List<unknown>): Out<M, T[]>;
  concat<T>(...lists: readonly List<T>[]): Out<M, T[]>;
  difference<T>(left: List<T>, right: List<T>): Out<M, T[]>;
  distinct<T>(list: List<T>): Out<M, T[]>;
  fill<T>(list: List<T>, value: Arg<T>, start?: Arg<Int>, end?: Arg<Int>): Out<M, T[]>;
  filter<T>(list: List<T>, check: Check<T>): Out<M, T[]>;
  filter_index<T>(list: List<T>, check: Check<T>): Out<M, number[]>;
  find<T>(list: List<T>, check: Check<T>): Out<M, T | undefined>;
  find_index<T>(list: List<T>, check: Check<T>): Out<M, number | undefined>;
  first<T>(list: List<T>): Out<M, T | undefined>;
  flatten<T>(list: List<T>): Out<M, Flat<T>[]>;
  fold<T, U>(list: List<T>, initial: Arg<U>, step: Step<U, T>): Out<M, U>;
  group<T>(list: List<T>): Out<M, Flat<T>[]>;
  insert<T>(list: List<T>, value: Arg<T>, index?: Arg<Int>): Out<M, T[]>;
  intersect<T>(left: List<T>, right: List<T>): Out<M, T[]>;
  is_empty(list: List<unknown>): Out<M, boolean>;
  join(list: List<unknown>, separator: Arg<string>): Out<M, string>;
  last<T>(list: List<T>): Out<M, T | undefined>;
  len(list: List<unknown>): Out<M, number>;
  logical_and(left: List<unknown>, right: List<unknown>): Out<M, unknown[]>;
  logical_or(left: List<unknown>, right: List<unknown>): Out<M, unknown[]>;
  logical_xor(left: List<unknown>, right: List<unknown>): Out<M, unknown[]>;
  map<T, U>(list: List<T>, make: Make<T, U>): Out<M, U[]>;
  matches(list: List<unknown>, value: Arg<unknown>): Out<M, boolean[]>;
  max<T>(list: List<T>): Out<M, T | undefined>;
  min<T>(list: List<T>): Out<M, T | undefined>;
  pop<T>(list: List<T>): Out<M, T | undefined>;
  prepend<T>(list: List<T>, value: Arg<T>): Out<M, T[]>;
  push<T>(list: List<T>, value: Arg<T>): Out<M, T[]>;
  range(range: Arg<Range>): Out<M, number[]>;
  range(start: Arg<Int>, end: Arg<Int>): Out<M, number[]>;
  reduce<T>(list: List<T>, step: Step<T, T>): Out<M, T | undefined>;
  remove<T>(list: List<T>, index: Arg<Int>): Out<M, T[]>;
  repeat<T>(value: Arg<T>, count: Arg<Int>): Out<M, T[]>;
  reverse<T>(list: List<T>): Out<M, T[]>;
  sequence(length: Arg<Int>): Out<M, number[]>;
  sequence(start: Arg<Int>, length: Arg<Int>): Out<M, number[]>;
  shuffle<T>(list: List<T>): Out<M, T[]>;
  slice<T>(list: List<T>, range: Arg<Range>): Out<M, T[]>;
  slice<T>(list: List<T>, start?: Arg<Int>, end?: Arg<Int>): Out<M, T[]>;
  readonly sort: {
    <T>(list: List<T>, order?: Order): Out<M, T[]>;
    asc<T>(list: List<T>): Out<M, T[]>;
    desc<T>(list: List<T>): Out<M, T[]>;
  };
  sort_lexical<T>(list: List<T>, order?: Order): Out<M, T[]>;
  sort_natural<T>(list: List<T>, order?: Order): Out<M, T[]>;
  sort_natural_lexical<T>(list: List<T>, order?: Order): Out<M, T[]>;
  swap<T>(list: List<T>, from: Arg<Int>, to: Arg<Int>): Out<M, T[]>;
  transpose<T>(list: List<T[]>): Out<M, T[][]>;
  union<T>(left: List<T>, right: List<T>): Out<M, T[]>;
  windows<T>(list: List<T>, size: Arg<Int>): Out<M, T[][]>;
}

export const arraySignatures: Signatures = {
  'array::add': [2, 2],
  'array::all': [1, 2],
  'array::any': [1, 2],
  'array::append': [2, 2],
  'array::at': [2, 2],
  'array::boolean_and': [2, 2],
  'array::boolean_not': [1, 1],
  'array::boolean_or': [2, 2],
  'array::boolean_xor': [2, 2],
  'array::clump': [2, 2],
  'array::combine': [2, 2],
  'array::complement': [2, 2],
  'array::concat': [0, Infinity],
  'array::difference': [2, 2],
  'array::distinct': [1, 1],
  'array::fill': [2, 4],
  'array::filter': [2, 2],
  'array::filter_index': [2, 2],
  'array::find': [2, 2],
  'array::find_index': [2, 2],
  'array::first': [1, 1],
  'array::flatten': [1, 1],
  'array::fold': [3, 3],
  'array::group': [1, 1],
  'array::insert': [2, 3],
  'array::intersect': [2, 2],
  'array::is_empty': [1, 1],
  'array::join': [2, 2],
  'array::last': [1, 1],
  'array::len': [1, 1],
  'array::logical_and': [2, 2],
  'array::logical_or': [2, 2],
  'array::logical_xor': [2, 2],
  'array::map': [2, 2],
  'array::matches': [2, 2],
  'array::max': [1, 1],
  'array::min': [1, 1],
  'array::pop': [1, 1],
  'array::prepend': [2, 2],
  'array::push': [2, 2],
  'array::range': [1, 2],
  'array::reduce': [2, 2],
  'array::remove': [2, 2],
  'array::repeat': [2, 2],
  'array::reverse': [1, 1],
  'array::sequence': [1, 2],
  'array::shuffle': [1, 1],
  'array::slice': [1, 3],
  'array::sort': [1, 2],
  'array::sort::asc': [1, 1],
  'array::sort::desc': [1, 1],
  'array::sort_lexical': [1, 2],
  'array::sort_natural': [1, 2],
  'array::sort_natural_lexical': [1, 2],
  'array::swap': [3, 3],
  'array::transpose': [1, 1],
  'array::union': [2, 2],
  'array::windows': [2, 2],
};
