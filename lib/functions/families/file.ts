// Made by scripts/functions.mjs from scripts/functions.txt.
import type { FileRef } from '../../values/index.js';
import type { Arg, Mode, Out, Row } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `file::` https://surrealdb.com/docs/surrealql/functions/database/file */
export interface FileFunctions<M extends Mode = 'expression'> {
  bucket(file: Arg<FileRef>): Out<M, string>;
  copy(file: Arg<FileRef>, to: Arg<string | FileRef>): Out<M, undefined>;
  copy_if_not_exists(file: Arg<FileRef>, to: Arg<string | FileRef>): Out<M, undefined>;
  delete(file: Arg<FileRef>): Out<M, undefined>;
  exists(file: Arg<FileRef>): Out<M, boolean>;
  get(file: Arg<FileRef>): Out<M, Uint8Array | undefined>;
  head(file: Arg<FileRef>): Out<M, Row | undefined>;
  key(file: Arg<FileRef>): Out<M, string>;
  list(bucket: Arg<string>, options?: Arg<object>): Out<M, Row[]>;
  put(file: Arg<FileRef>, content: Arg<string | Uint8Array>): Out<M, undefined>;
  put_if_not_exists(file: Arg<FileRef>, content: Arg<string | Uint8Array>): Out<M, undefined>;
  rename(file: Arg<FileRef>, to: Arg<string>): Out<M, undefined>;
  rename_if_not_exists(file: Arg<FileRef>, to: Arg<string>): Out<M, undefined>;
}

export const fileSignatures: Signatures = {
  'file::bucket': [1, 1],
  'file::copy': [2, 2],
  'file::copy_if_not_exists': [2, 2],
  'file::delete': [1, 1],
  'file::exists': [1, 1],
  'file::get': [1, 1],
  'file::head': [1, 1],
  'file::key': [1, 1],
  'file::list': [1, 2],
  'file::put': [2, 2],
  'file::put_if_not_exists': [2, 2],
  'file::rename': [2, 2],
  'file::rename_if_not_exists': [2, 2],
};
