// Made by scripts/functions.mjs from scripts/functions.txt.

import type { Arg, Mode, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `crypto::` https://surrealdb.com/docs/surrealql/functions/database/crypto */
export interface CryptoFunctions<M extends Mode = 'expression'> {
  readonly argon2: {
    compare(hash: Arg<string>, password: Arg<string>): Out<M, boolean>;
    generate(password: Arg<string>): Out<M, string>;
  };
  readonly bcrypt: {
    compare(hash: Arg<string>, password: Arg<string>): Out<M, boolean>;
    generate(password: Arg<string>): Out<M, string>;
  };
  blake3(text: Arg<string>): Out<M, string>;
  joaat(text: Arg<string>): Out<M, number>;
  md5(text: Arg<string>): Out<M, string>;
  readonly pbkdf2: {
    compare(hash: Arg<string>, password: Arg<string>): Out<M, boolean>;
    generate(password: Arg<string>): Out<M, string>;
  };
  readonly scrypt: {
    compare(hash: Arg<string>, password: Arg<string>): Out<M, boolean>;
    generate(password: Arg<string>): Out<M, string>;
  };
  sha1(text: Arg<string>): Out<M, string>;
  sha256(text: Arg<string>): Out<M, string>;
  sha512(text: Arg<string>): Out<M, string>;
}

export const cryptoSignatures: Signatures = {
  'crypto::argon2::compare': [2, 2],
  'crypto::argon2::generate': [1, 1],
  'crypto::bcrypt::compare': [2, 2],
  'crypto::bcrypt::generate': [1, 1],
  'crypto::blake3': [1, 1],
  'crypto::joaat': [1, 1],
  'crypto::md5': [1, 1],
  'crypto::pbkdf2::compare': [2, 2],
  'crypto::pbkdf2::generate': [1, 1],
  'crypto::scrypt::compare': [2, 2],
  'crypto::scrypt::generate': [1, 1],
  'crypto::sha1': [1, 1],
  'crypto::sha256': [1, 1],
  'crypto::sha512': [1, 1],
};
