import type { EntityMetadata, FieldMetadata } from '../metadata/entity-metadata.js';
import { value, type Expression } from '../surrealql/nodes/index.js';
import { isFragment } from '../surrealql/surql.js';

/** What the server puts where a new record has no value, as an expression. */
export function defaultOf(field: FieldMetadata): Expression | undefined {
  if (field.default === undefined) return undefined;
  return isFragment(field.default) ? field.default : value(field.default);
}

/** The defaults of a class, by column. */
export function defaultsOf({ properties }: EntityMetadata): (readonly [string, Expression])[] {
  return properties.flatMap((property) => {
    if (property.kind !== 'field') return [];
    const preset = defaultOf(property);
    return preset === undefined ? [] : [[property.column, preset] as const];
  });
}
