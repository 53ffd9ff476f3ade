// Made by scripts/functions.mjs from scripts/functions.txt.

import type { Arg, Mode, Out, Row } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `object::` https://surrealdb.com/docs/surrealql/functions/database/object */
export interface ObjectFunctions<M extends Mode = 'expression'> {
  entries(object: Arg<object>): Out<M, [string, unknown][]>;
  extend<O extends object, P extends object>(object: Arg<O>, other: Arg<P>): Out<M, O & P>;
  from_entries(entries: Arg<readonly (readonly [string, unknown])[]>): Out<M, Row>;
  is_empty(object: Arg<object>): Out<M, boolean>;
  keys(object: Arg<object>): Out<M, string[]>;
  len(object: Arg<object>): Out<M, number>;
  remove(object: Arg<object>, keys: Arg<string | readonly string[]>): Out<M, Row>;
  values(object: Arg<object>): Out<M, unknown[]>;
}

export const objectSignatures: Signatures = {
  'object::entries': [1, 1],
  'object::extend': [2, 2],
  'object::from_entries': [1, 1],
  'object::is_empty': [1, 1],
  'object::keys': [1, 1],
  'object::len': [1, 1],
  'object::remove': [2, 2],
  'object::values': [1, 1],
};
