// Made by scripts/functions.mjs from scripts/functions.txt.
import type { Duration } from '../../values/index.js';
import type { Arg, Mode, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** Functions without a family. */
export interface RootFunctions<M extends Mode = 'expression'> {
  count(value?: Arg<unknown>): Out<M, number>;
  not(value: Arg<unknown>): Out<M, boolean>;
  sleep(duration: Arg<Duration>): Out<M, undefined>;
}

export const rootSignatures: Signatures = {
  count: [0, 1],
  not: [1, 1],
  sleep: [1, 1],
};
