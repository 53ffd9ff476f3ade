/**
 * A SurrealQL type, parsed. `option<T>` is the union of `none` and T, as the server prints it.
 * Type strings are SurrealQL's own language: https://surrealdb.com/docs/surrealql/datamodel
 */
export type SurrealType =
  | ScalarType
  | { readonly kind: 'record'; readonly tables: readonly string[] }
  | { readonly kind: 'geometry'; readonly shapes: readonly GeometryShape[] }
  | { readonly kind: 'table' | 'file'; readonly names: readonly string[] }
  | { readonly kind: 'array' | 'set'; readonly items: SurrealType; readonly max?: number }
  | { readonly kind: 'tuple'; readonly items: readonly SurrealType[] }
  | { readonly kind: 'shape'; readonly fields: Readonly<Record<string, SurrealType>> }
  | { readonly kind: 'literal'; readonly value: string | number | bigint | boolean }
  | { readonly kind: 'union'; readonly members: readonly SurrealType[] };

export interface ScalarType {
  readonly kind: ScalarKind;
}

export type ScalarKind =
  | 'any'
  | 'none'
  | 'null'
  | 'bool'
  | 'bytes'
  | 'datetime'
  | 'decimal'
  | 'duration'
  | 'float'
  | 'int'
  | 'number'
  | 'object'
  | 'string'
  | 'uuid'
  | 'regex'
  | 'range'
  | 'function';

export type GeometryShape = 'point' | 'line' | 'polygon' | 'multipoint' | 'multiline' | 'multipolygon' | 'collection';
