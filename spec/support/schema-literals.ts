import type { EntityMetadata, FieldMetadata } from '../../lib/metadata/entity-metadata.js';
import { parseType } from '../../lib/types/parse-type.js';

/** Metadata written down instead of discovered: for specs that need a table with given columns. */
export function entityOf(
  table: string,
  fields: readonly FieldMetadata[],
  more: Partial<EntityMetadata> = {},
): EntityMetadata {
  class Target {}
  return {
    target: Target,
    className: table,
    table,
    type: 'normal',
    schema: 'full',
    options: {},
    id: { property: 'id', key: 'string', generate: 'random' },
    properties: fields,
    byProperty: new Map(fields.map((field) => [field.property, field])),
    byColumn: new Map(fields.map((field) => [field.column, field])),
    indexes: [],
    events: [],
    analyzers: [],
    accesses: [],
    filters: [],
    hooks: new Map(),
    readOnly: false,
    ...more,
  };
}

export function fieldOf(column: string, type: string, more: Partial<FieldMetadata> = {}): FieldMetadata {
  const parsed = parseType(type);
  return {
    kind: 'field',
    property: column,
    path: `Entity.${column}`,
    column,
    type: parsed,
    hidden: false,
    role: 'plain',
    immutable: false,
    serverProduced: false,
    optional: /^option|none|any/.test(type),
    nullable: /null/.test(type),
    defaultAlways: false,
    flexible: false,
    embeddedMany: false,
    lazy: false,
    concurrencyCheck: false,
    ...more,
  };
}
