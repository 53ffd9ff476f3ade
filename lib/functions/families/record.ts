// Made by scripts/functions.mjs from scripts/functions.txt.
import type { RecordId, RecordKey } from '../../values/index.js';
import type { Arg, Mode, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `record::` https://surrealdb.com/docs/surrealql/functions/database/record */
export interface RecordFunctions<M extends Mode = 'expression'> {
  exists(record: Arg<RecordId>): Out<M, boolean>;
  id(record: Arg<RecordId>): Out<M, RecordKey>;
  is_edge(record: Arg<RecordId | string>): Out<M, boolean>;
  tb(record: Arg<RecordId>): Out<M, string>;
}

export const recordSignatures: Signatures = {
  'record::exists': [1, 1],
  'record::id': [1, 1],
  'record::is_edge': [1, 1],
  'record::tb': [1, 1],
};
