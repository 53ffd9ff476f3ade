// Made by scripts/functions.mjs from scripts/functions.txt.

import type { Arg, Mode, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `parse::` https://surrealdb.com/docs/surrealql/functions/database/parse */
export interface ParseFunctions<M extends Mode = 'expression'> {
  readonly email: {
    host(email: Arg<string>): Out<M, string | undefined>;
    user(email: Arg<string>): Out<M, string | undefined>;
  };
  readonly url: {
    domain(url: Arg<string>): Out<M, string | undefined>;
    fragment(url: Arg<string>): Out<M, string | undefined>;
    host(url: Arg<string>): Out<M, string | undefined>;
    path(url: Arg<string>): Out<M, string | undefined>;
    port(url: Arg<string>): Out<M, number | undefined>;
    query(url: Arg<string>): Out<M, string | undefined>;
    scheme(url: Arg<string>): Out<M, string | undefined>;
  };
}

export const parseSignatures: Signatures = {
  'parse::email::host': [1, 1],
  'parse::email::user': [1, 1],
  'parse::url::domain': [1, 1],
  'parse::url::fragment': [1, 1],
  'parse::url::host': [1, 1],
  'parse::url::path': [1, 1],
  'parse::url::port': [1, 1],
  'parse::url::query': [1, 1],
  'parse::url::scheme': [1, 1],
};
