// Made by scripts/functions.mjs from scripts/functions.txt.
import type { Duration, Uuid } from '../../values/index.js';
import type { Arg, Int, List, Mode, Moment, Out } from '../argument-types.js';
import { CONSTANT, type Signatures } from '../signatures.js';

/** `time::` https://surrealdb.com/docs/surrealql/functions/database/time */
export interface TimeFunctions<M extends Mode = 'expression'> {
  ceil(at: Arg<Moment>, step: Arg<Duration>): Out<M, Date>;
  day(at?: Arg<Moment>): Out<M, number>;
  readonly epoch: Out<M, Date>;
  floor(at: Arg<Moment>, step: Arg<Duration>): Out<M, Date>;
  format(at: Arg<Moment>, format: Arg<string>): Out<M, string>;
  from_micros(micros: Arg<Int>): Out<M, Date>;
  from_millis(millis: Arg<Int>): Out<M, Date>;
  from_nanos(nanos: Arg<Int>): Out<M, Date>;
  from_secs(seconds: Arg<Int>): Out<M, Date>;
  from_ulid(ulid: Arg<string>): Out<M, Date>;
  from_unix(seconds: Arg<Int>): Out<M, Date>;
  from_uuid(uuid: Arg<Uuid>): Out<M, Date>;
  group(at: Arg<Moment>, unit: Arg<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'>): Out<M, Date>;
  hour(at?: Arg<Moment>): Out<M, number>;
  is_leap_year(at?: Arg<Moment>): Out<M, boolean>;
  max(times: List<Moment>): Out<M, Date>;
  readonly maximum: Out<M, Date>;
  micros(at?: Arg<Moment>): Out<M, number>;
  millis(at?: Arg<Moment>): Out<M, number>;
  min(times: List<Moment>): Out<M, Date>;
  readonly minimum: Out<M, Date>;
  minute(at?: Arg<Moment>): Out<M, number>;
  month(at?: Arg<Moment>): Out<M, number>;
  nano(at?: Arg<Moment>): Out<M, number | bigint>;
  now(): Out<M, Date>;
  round(at: Arg<Moment>, step: Arg<Duration>): Out<M, Date>;
  second(at?: Arg<Moment>): Out<M, number>;
  /** SurrealDB 3.0.2 and later. */
  set_day(at: Arg<Moment>, day: Arg<Int>): Out<M, Date>;
  /** SurrealDB 3.0.2 and later. */
  set_hour(at: Arg<Moment>, hour: Arg<Int>): Out<M, Date>;
  /** SurrealDB 3.0.2 and later. */
  set_minute(at: Arg<Moment>, minute: Arg<Int>): Out<M, Date>;
  /** SurrealDB 3.0.2 and later. */
  set_month(at: Arg<Moment>, month: Arg<Int>): Out<M, Date>;
  /** SurrealDB 3.0.2 and later. */
  set_nanosecond(at: Arg<Moment>, nanosecond: Arg<Int>): Out<M, Date>;
  /** SurrealDB 3.0.2 and later. */
  set_second(at: Arg<Moment>, second: Arg<Int>): Out<M, Date>;
  /** SurrealDB 3.0.2 and later. */
  set_year(at: Arg<Moment>, year: Arg<Int>): Out<M, Date>;
  timezone(): Out<M, string>;
  unix(at?: Arg<Moment>): Out<M, number>;
  wday(at?: Arg<Moment>): Out<M, number>;
  week(at?: Arg<Moment>): Out<M, number>;
  yday(at?: Arg<Moment>): Out<M, number>;
  year(at?: Arg<Moment>): Out<M, number>;
}

export const timeSignatures: Signatures = {
  'time::ceil': [2, 2],
  'time::day': [0, 1],
  'time::epoch': CONSTANT,
  'time::floor': [2, 2],
  'time::format': [2, 2],
  'time::from_micros': [1, 1],
  'time::from_millis': [1, 1],
  'time::from_nanos': [1, 1],
  'time::from_secs': [1, 1],
  'time::from_ulid': [1, 1],
  'time::from_unix': [1, 1],
  'time::from_uuid': [1, 1],
  'time::group': [2, 2],
  'time::hour': [0, 1],
  'time::is_leap_year': [0, 1],
  'time::max': [1, 1],
  'time::maximum': CONSTANT,
  'time::micros': [0, 1],
  'time::millis': [0, 1],
  'time::min': [1, 1],
  'time::minimum': CONSTANT,
  'time::minute': [0, 1],
  'time::month': [0, 1],
  'time::nano': [0, 1],
  'time::now': [0, 0],
  'time::round': [2, 2],
  'time::second': [0, 1],
  'time::set_day': [2, 2, '3.0.2'],
  'time::set_hour': [2, 2, '3.0.2'],
  'time::set_minute': [2, 2, '3.0.2'],
  'time::set_month': [2, 2, '3.0.2'],
  'time::set_nanosecond': [2, 2, '3.0.2'],
  'time::set_second': [2, 2, '3.0.2'],
  'time::set_year': [2, 2, '3.0.2'],
  'time::timezone': [0, 0],
  'time::unix': [0, 1],
  'time::wday': [0, 1],
  'time::week': [0, 1],
  'time::yday': [0, 1],
  'time::year': [0, 1],
};
