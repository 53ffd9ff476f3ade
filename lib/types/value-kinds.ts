import type { Decimal, VALUE_KIND, ValueKind } from '../values/index.js';

/** Values that are one thing: never looked into. */
export type Atom =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Date
  | RegExp
  | ArrayBuffer
  | ArrayBufferView
  | Decimal
  | { readonly [VALUE_KIND]: ValueKind };

/** Collections of JavaScript whose members are values, not properties. */
export type Container = readonly unknown[] | ReadonlySet<unknown> | ReadonlyMap<unknown, unknown>;

/** Arrays of numbers; those of bytes are bytes. */
export type TypedNumbers =
  Float32Array | Float64Array | Int8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array;
