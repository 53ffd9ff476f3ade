// Made by scripts/functions.mjs from scripts/functions.txt.

import type { Arg, Mode, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `sequence::` https://surrealdb.com/docs/surrealql/functions/database/sequence */
export interface SequenceFunctions<M extends Mode = 'expression'> {
  nextval(sequence: Arg<string>): Out<M, number>;
}

export const sequenceSignatures: Signatures = {
  'sequence::nextval': [1, 1],
};
