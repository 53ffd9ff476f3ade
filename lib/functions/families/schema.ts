// Made by scripts/functions.mjs from scripts/functions.txt.

import type { Arg, Mode, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `schema::` */
export interface SchemaFunctions<M extends Mode = 'expression'> {
  readonly table: {
    exists(table: Arg<string>): Out<M, boolean>;
  };
}

export const schemaSignatures: Signatures = {
  'schema::table::exists': [1, 1],
};
