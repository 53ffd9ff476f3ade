// Made by scripts/functions.mjs from scripts/functions.txt.
import type { Duration, Uuid } from '../../values/index.js';
import type { Arg, Int, Mode, Moment, Numeric, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `rand::` https://surrealdb.com/docs/surrealql/functions/database/rand */
export interface RandFunctions<M extends Mode = 'expression'> {
  (): Out<M, number>;
  bool(): Out<M, boolean>;
  duration(from: Arg<Duration>, to: Arg<Duration>): Out<M, Duration>;
  enum<T>(...values: readonly Arg<T>[]): Out<M, T>;
  float(): Out<M, number>;
  float(from: Arg<Numeric>, to: Arg<Numeric>): Out<M, number>;
  id(): Out<M, string>;
  id(length: Arg<Int>, longest?: Arg<Int>): Out<M, string>;
  int(): Out<M, number>;
  int(from: Arg<Int>, to: Arg<Int>): Out<M, number>;
  string(): Out<M, string>;
  string(length: Arg<Int>, longest?: Arg<Int>): Out<M, string>;
  time(): Out<M, Date>;
  time(from: Arg<Moment | Int>, to: Arg<Moment | Int>): Out<M, Date>;
  ulid(at?: Arg<Moment>): Out<M, string>;
  readonly uuid: {
    (at?: Arg<Moment>): Out<M, Uuid>;
    v4(): Out<M, Uuid>;
    v7(at?: Arg<Moment>): Out<M, Uuid>;
  };
}

export const randSignatures: Signatures = {
  rand: [0, 0],
  'rand::bool': [0, 0],
  'rand::duration': [2, 2],
  'rand::enum': [0, Infinity],
  'rand::float': [0, 2],
  'rand::id': [0, 2],
  'rand::int': [0, 2],
  'rand::string': [0, 2],
  'rand::time': [0, 2],
  'rand::ulid': [0, 1],
  'rand::uuid': [0, 1],
  'rand::uuid::v4': [0, 0],
  'rand::uuid::v7': [0, 1],
};
