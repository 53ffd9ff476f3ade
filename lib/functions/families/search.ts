// Made by scripts/functions.mjs from scripts/functions.txt.

import type { Arg, Int, List, Mode, Numeric, Out, Row } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `search::` https://surrealdb.com/docs/surrealql/functions/database/search */
export interface SearchFunctions<M extends Mode = 'expression'> {
  analyze(analyzer: Arg<string>, text: Arg<string>): Out<M, string[]>;
  highlight(
    before: Arg<string>,
    after: Arg<string>,
    reference: Arg<Int>,
    whole?: Arg<boolean>,
  ): Out<M, string | string[]>;
  linear(lists: List<unknown>, weights: List<Numeric>, limit: Arg<Int>, norm: Arg<'minmax' | 'zscore'>): Out<M, Row[]>;
  offsets(reference: Arg<Int>, whole?: Arg<boolean>): Out<M, Row>;
  rrf(lists: List<unknown>, limit: Arg<Int>, k?: Arg<Int>): Out<M, Row[]>;
  score(reference: Arg<Int>): Out<M, number>;
}

export const searchSignatures: Signatures = {
  'search::analyze': [2, 2],
  'search::highlight': [3, 4],
  'search::linear': [4, 4],
  'search::offsets': [1, 2],
  'search::rrf': [2, 3],
  'search::score': [1, 1],
};
