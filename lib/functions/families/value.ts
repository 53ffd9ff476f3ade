// Made by scripts/functions.mjs from scripts/functions.txt.

import type { Arg, List, Mode, Out, Row } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `value::` https://surrealdb.com/docs/surrealql/functions/database/value */
export interface ValueFunctions<M extends Mode = 'expression'> {
  diff(from: Arg<unknown>, to: Arg<unknown>): Out<M, Row[]>;
  patch<T>(value: Arg<T>, operations: List<object>): Out<M, T>;
}

export const valueSignatures: Signatures = {
  'value::diff': [2, 2],
  'value::patch': [2, 2],
};
