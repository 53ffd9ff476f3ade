// Made by scripts/functions.mjs from scripts/functions.txt.

import type { Arg, Mode, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `http::` https://surrealdb.com/docs/surrealql/functions/database/http */
export interface HttpFunctions<M extends Mode = 'expression'> {
  delete(url: Arg<string>, headers?: Arg<object>): Out<M, unknown>;
  get(url: Arg<string>, headers?: Arg<object>): Out<M, unknown>;
  head(url: Arg<string>, headers?: Arg<object>): Out<M, unknown>;
  patch(url: Arg<string>, body: Arg<unknown>, headers?: Arg<object>): Out<M, unknown>;
  post(url: Arg<string>, body: Arg<unknown>, headers?: Arg<object>): Out<M, unknown>;
  put(url: Arg<string>, body: Arg<unknown>, headers?: Arg<object>): Out<M, unknown>;
}

export const httpSignatures: Signatures = {
  'http::delete': [1, 2],
  'http::get': [1, 2],
  'http::head': [1, 2],
  'http::patch': [2, 3],
  'http::post': [2, 3],
  'http::put': [2, 3],
};
