// Made by scripts/functions.mjs from scripts/functions.txt.
import type { Decimal, Duration, FileRef, Geometry, Point, Range, RecordId, Table, Uuid } from '../../values/index.js';
import type { Arg, List, Mode, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `type::` https://surrealdb.com/docs/surrealql/functions/database/type */
export interface TypeFunctions<M extends Mode = 'expression'> {
  array(value: Arg<unknown>): Out<M, unknown[]>;
  bool(value: Arg<unknown>): Out<M, boolean>;
  bytes(value: Arg<unknown>): Out<M, Uint8Array>;
  datetime(value: Arg<unknown>): Out<M, Date>;
  decimal(value: Arg<unknown>): Out<M, Decimal>;
  duration(value: Arg<unknown>): Out<M, Duration>;
  field(path: Arg<string>): Out<M, unknown>;
  fields(paths: List<string>): Out<M, unknown>;
  file(bucket: Arg<string>, key: Arg<string>): Out<M, FileRef>;
  float(value: Arg<unknown>): Out<M, number>;
  geometry(value: Arg<unknown>): Out<M, Geometry>;
  int(value: Arg<unknown>): Out<M, number>;
  is_array(value: Arg<unknown>): Out<M, boolean>;
  is_bool(value: Arg<unknown>): Out<M, boolean>;
  is_bytes(value: Arg<unknown>): Out<M, boolean>;
  is_collection(value: Arg<unknown>): Out<M, boolean>;
  is_datetime(value: Arg<unknown>): Out<M, boolean>;
  is_decimal(value: Arg<unknown>): Out<M, boolean>;
  is_duration(value: Arg<unknown>): Out<M, boolean>;
  is_float(value: Arg<unknown>): Out<M, boolean>;
  is_geometry(value: Arg<unknown>): Out<M, boolean>;
  is_int(value: Arg<unknown>): Out<M, boolean>;
  is_line(value: Arg<unknown>): Out<M, boolean>;
  is_multiline(value: Arg<unknown>): Out<M, boolean>;
  is_multipoint(value: Arg<unknown>): Out<M, boolean>;
  is_multipolygon(value: Arg<unknown>): Out<M, boolean>;
  is_none(value: Arg<unknown>): Out<M, boolean>;
  is_null(value: Arg<unknown>): Out<M, boolean>;
  is_number(value: Arg<unknown>): Out<M, boolean>;
  is_object(value: Arg<unknown>): Out<M, boolean>;
  is_point(value: Arg<unknown>): Out<M, boolean>;
  is_polygon(value: Arg<unknown>): Out<M, boolean>;
  is_range(value: Arg<unknown>): Out<M, boolean>;
  is_record(value: Arg<unknown>, table?: Arg<string>): Out<M, boolean>;
  is_set(value: Arg<unknown>): Out<M, boolean>;
  is_string(value: Arg<unknown>): Out<M, boolean>;
  is_uuid(value: Arg<unknown>): Out<M, boolean>;
  number(value: Arg<unknown>): Out<M, number>;
  of(value: Arg<unknown>): Out<M, string>;
  point(value: Arg<unknown>): Out<M, Point>;
  range(value: Arg<unknown>): Out<M, Range>;
  record(table: Arg<string>, key?: Arg<unknown>): Out<M, RecordId>;
  set(value: Arg<unknown>): Out<M, Set<unknown>>;
  string(value: Arg<unknown>): Out<M, string>;
  string_lossy(value: Arg<unknown>): Out<M, string>;
  table(value: Arg<string | RecordId>): Out<M, Table>;
  uuid(value: Arg<unknown>): Out<M, Uuid>;
}

export const typeSignatures: Signatures = {
  'type::array': [1, 1],
  'type::bool': [1, 1],
  'type::bytes': [1, 1],
  'type::datetime': [1, 1],
  'type::decimal': [1, 1],
  'type::duration': [1, 1],
  'type::field': [1, 1],
  'type::fields': [1, 1],
  'type::file': [2, 2],
  'type::float': [1, 1],
  'type::geometry': [1, 1],
  'type::int': [1, 1],
  'type::is_array': [1, 1],
  'type::is_bool': [1, 1],
  'type::is_bytes': [1, 1],
  'type::is_collection': [1, 1],
  'type::is_datetime': [1, 1],
  'type::is_decimal': [1, 1],
  'type::is_duration': [1, 1],
  'type::is_float': [1, 1],
  'type::is_geometry': [1, 1],
  'type::is_int': [1, 1],
  'type::is_line': [1, 1],
  'type::is_multiline': [1, 1],
  'type::is_multipoint': [1, 1],
  'type::is_multipolygon': [1, 1],
  'type::is_none': [1, 1],
  'type::is_null': [1, 1],
  'type::is_number': [1, 1],
  'type::is_object': [1, 1],
  'type::is_point': [1, 1],
  'type::is_polygon': [1, 1],
  'type::is_range': [1, 1],
  'type::is_record': [1, 2],
  'type::is_set': [1, 1],
  'type::is_string': [1, 1],
  'type::is_uuid': [1, 1],
  'type::number': [1, 1],
  'type::of': [1, 1],
  'type::point': [1, 1],
  'type::range': [1, 1],
  'type::record': [1, 2],
  'type::set': [1, 1],
  'type::string': [1, 1],
  'type::string_lossy': [1, 1],
  'type::table': [1, 1],
  'type::uuid': [1, 1],
};
