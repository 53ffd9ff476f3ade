// Made by scripts/functions.mjs from scripts/functions.txt.
import type { Duration } from '../../values/index.js';
import type { Arg, Int, Mode, Out } from '../argument-types.js';
import { CONSTANT, type Signatures } from '../signatures.js';

/** `duration::` https://surrealdb.com/docs/surrealql/functions/database/duration */
export interface DurationFunctions<M extends Mode = 'expression'> {
  days(duration: Arg<Duration>): Out<M, number>;
  from_days(days: Arg<Int>): Out<M, Duration>;
  from_hours(hours: Arg<Int>): Out<M, Duration>;
  from_micros(micros: Arg<Int>): Out<M, Duration>;
  from_millis(millis: Arg<Int>): Out<M, Duration>;
  from_mins(minutes: Arg<Int>): Out<M, Duration>;
  from_nanos(nanos: Arg<Int>): Out<M, Duration>;
  from_secs(seconds: Arg<Int>): Out<M, Duration>;
  from_weeks(weeks: Arg<Int>): Out<M, Duration>;
  hours(duration: Arg<Duration>): Out<M, number>;
  readonly max: Out<M, Duration>;
  micros(duration: Arg<Duration>): Out<M, number>;
  millis(duration: Arg<Duration>): Out<M, number>;
  mins(duration: Arg<Duration>): Out<M, number>;
  nanos(duration: Arg<Duration>): Out<M, number>;
  secs(duration: Arg<Duration>): Out<M, number>;
  weeks(duration: Arg<Duration>): Out<M, number>;
  years(duration: Arg<Duration>): Out<M, number>;
}

export const durationSignatures: Signatures = {
  'duration::days': [1, 1],
  'duration::from_days': [1, 1],
  'duration::from_hours': [1, 1],
  'duration::from_micros': [1, 1],
  'duration::from_millis': [1, 1],
  'duration::from_mins': [1, 1],
  'duration::from_nanos': [1, 1],
  'duration::from_secs': [1, 1],
  'duration::from_weeks': [1, 1],
  'duration::hours': [1, 1],
  'duration::max': CONSTANT,
  'duration::micros': [1, 1],
  'duration::millis': [1, 1],
  'duration::mins': [1, 1],
  'duration::nanos': [1, 1],
  'duration::secs': [1, 1],
  'duration::weeks': [1, 1],
  'duration::years': [1, 1],
};
