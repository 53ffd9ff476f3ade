// Made by scripts/functions.mjs from scripts/functions.txt.

import type { Arg, Mode, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `bytes::` https://surrealdb.com/docs/surrealql/functions/database/bytes */
export interface BytesFunctions<M extends Mode = 'expression'> {
  len(bytes: Arg<Uint8Array>): Out<M, number>;
}

export const bytesSignatures: Signatures = {
  'bytes::len': [1, 1],
};
