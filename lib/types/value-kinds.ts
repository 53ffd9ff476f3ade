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
