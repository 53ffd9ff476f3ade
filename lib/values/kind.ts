import { Decimal } from 'decimal.js';

/** The brand of every Reverie value: a kind string on the prototype, readable across two copies of the package. */
export const VALUE_KIND: unique symbol = Symbol.for('reverie.value') as never;

/** The method that Node's console and `util.inspect` ask for an object's text. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;

/** The kinds of values that SurrealDB has and plain JavaScript lacks. */
export type ValueKind =
  | 'RecordId'
  | 'RecordIdRange'
  | 'Range'
  | 'BoundIncluded'
  | 'BoundExcluded'
  | 'Uuid'
  | 'Decimal'
  | 'Duration'
  | 'DateTime'
  | 'Point'
  | 'Line'
  | 'Polygon'
  | 'MultiPoint'
  | 'MultiLine'
  | 'MultiPolygon'
  | 'GeometryCollection'
  | 'FileRef'
  | 'Float'
  | 'Table'
  | 'NONE';

/** True when `value` carries the brand `kind`. */
export function hasKind(value: unknown, kind: ValueKind): boolean {
  return typeof value === 'object' && value !== null && (value as { [VALUE_KIND]?: unknown })[VALUE_KIND] === kind;
}

/**
 * The kind of a Reverie value, `undefined` for anything else (plain data, a native `Date`, bytes).
 *
 * ```ts
 * kindOf(new RecordId('user', 1)); // 'RecordId'
 * kindOf({ id: 1 });               // undefined
 * ```
 */
export function kindOf(value: unknown): ValueKind | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const kind = (value as { [VALUE_KIND]?: ValueKind })[VALUE_KIND];
  if (kind !== undefined) return kind;
  return Decimal.isDecimal(value) ? 'Decimal' : undefined;
}
