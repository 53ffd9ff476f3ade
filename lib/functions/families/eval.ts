// Made by scripts/functions.mjs from scripts/functions.txt.

import type { Arg, Mode, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `eval::` https://surrealdb.com/docs/surrealql/functions/database/eval */
export interface EvalFunctions<M extends Mode = 'expression'> {
  /** SurrealDB 3.2.0 and later. */
  gql(query: Arg<string>, bindings?: Arg<object>): Out<M, unknown>;
  /** SurrealDB 3.2.0 and later. */
  surql(query: Arg<string>, bindings?: Arg<object>): Out<M, unknown>;
}

export const evalSignatures: Signatures = {
  'eval::gql': [1, 2, '3.2.0'],
  'eval::surql': [1, 2, '3.2.0'],
};
