// Made by scripts/functions.mjs from scripts/functions.txt.

import type { Mode, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `session::` https://surrealdb.com/docs/surrealql/functions/database/session */
export interface SessionFunctions<M extends Mode = 'expression'> {
  ac(): Out<M, string | undefined>;
  db(): Out<M, string | undefined>;
  id(): Out<M, string | undefined>;
  ip(): Out<M, string | undefined>;
  ns(): Out<M, string | undefined>;
  origin(): Out<M, string | undefined>;
  rd(): Out<M, unknown>;
  token(): Out<M, unknown>;
}

export const sessionSignatures: Signatures = {
  'session::ac': [0, 0],
  'session::db': [0, 0],
  'session::id': [0, 0],
  'session::ip': [0, 0],
  'session::ns': [0, 0],
  'session::origin': [0, 0],
  'session::rd': [0, 0],
  'session::token': [0, 0],
};
