// Made by scripts/functions.mjs from scripts/functions.txt.

import type { Arg, Mode, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `api::` https://surrealdb.com/docs/surrealql/functions/database/api */
export interface ApiFunctions<M extends Mode = 'expression'> {
  invoke(path: Arg<string>, request?: Arg<object>): Out<M, unknown>;
}

export const apiSignatures: Signatures = {
  'api::invoke': [1, 2],
};
