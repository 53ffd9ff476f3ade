// Made by scripts/functions.mjs from scripts/functions.txt.

import type { Arg, Mode, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `encoding::` https://surrealdb.com/docs/surrealql/functions/database/encoding */
export interface EncodingFunctions<M extends Mode = 'expression'> {
  readonly base64: {
    decode(text: Arg<string>): Out<M, Uint8Array>;
    encode(bytes: Arg<Uint8Array>, padded?: Arg<boolean>): Out<M, string>;
  };
  readonly cbor: {
    decode(bytes: Arg<Uint8Array>): Out<M, unknown>;
    encode(value: Arg<unknown>): Out<M, Uint8Array>;
  };
  readonly json: {
    /** SurrealDB 3.1.0 and later. */
    decode(text: Arg<string>): Out<M, unknown>;
    /** SurrealDB 3.1.0 and later. */
    encode(value: Arg<unknown>): Out<M, string>;
  };
}

export const encodingSignatures: Signatures = {
  'encoding::base64::decode': [1, 1],
  'encoding::base64::encode': [1, 2],
  'encoding::cbor::decode': [1, 1],
  'encoding::cbor::encode': [1, 1],
  'encoding::json::decode': [1, 1, '3.1.0'],
  'encoding::json::encode': [1, 1, '3.1.0'],
};
