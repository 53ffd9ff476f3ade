import type { FieldMetadata, IndexMetadata } from '../metadata/entity-metadata.js';
import type { Expression } from '../surrealql/nodes/index.js';
import type { SurrealType } from '../types/surreal-type.js';

/** What the operators of one condition act on. */
export interface Target {
  readonly expression: Expression;
  readonly type: SurrealType;
  /** `User.address.city`, for messages. */
  readonly label: string;
  /** NONE or NULL may stand there, whatever the type says of the value itself. */
  readonly mayLack: boolean;
  /** Turns what a user gives into what the database holds; throws a ValidationError for what can never match. */
  readonly encode: (value: unknown) => unknown;
  /** A datetime that never has digits below the millisecond. */
  readonly wholeMilliseconds: boolean;
  /** Elements of a list, for `$contains` and its like. */
  readonly element?: Target;
  /** Undefined for what is no stored column. */
  readonly place?: ColumnPlace;
}

/** Where a column stands among those of its entity, by which an index over it is found. */
export interface ColumnPlace {
  readonly indexes: readonly IndexMetadata[];
  /** `address.city`, `parts.*.sku`; nothing for the row itself. */
  readonly column: string;
}

export function placeWithin({ indexes, column }: ColumnPlace, name: string): ColumnPlace {
  return { indexes, column: column === '' ? name : `${column}.${name}` };
}

/** `@CreatedAt` and `@UpdatedAt` are cut to milliseconds by the server unless nanoseconds were asked for. */
export function isWholeMilliseconds(field: FieldMetadata): boolean {
  if (field.role !== 'createdAt' && field.role !== 'updatedAt') return false;
  const source = field.value === undefined ? field.default : field.value;
  const strings = (source as { readonly strings?: readonly string[] } | undefined)?.strings;
  return strings !== undefined && strings.join('').includes('time::floor');
}
