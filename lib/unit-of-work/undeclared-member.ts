import { QueryError } from '../errors/index.js';
import type { EntityMetadata, FieldMetadata } from '../metadata/entity-metadata.js';

/** What the server says of a key inside an object of which nobody declared any, in terms of the entity; undefined for other errors. */
export function undeclaredMember(error: QueryError, metas: readonly EntityMetadata[]): QueryError | undefined {
  const [, column, table] =
    /Found field '([^']+)', but no such field exists for table '([^']+)'/.exec(error.message) ?? [];
  const root = column?.split(/[.[]/, 1)[0];
  if (column === undefined || root === undefined || root === column) return undefined;
  const meta = metas.find((each) => each.table === table && each.byColumn.has(root));
  const field = meta?.byColumn.get(root);
  if (meta === undefined || field?.kind !== 'field') return undefined;
  return new QueryError({
    what: `${field.path}${column.slice(root.length)} is refused by the database`,
    why: `the table ${meta.table} is SCHEMAFULL, so an object takes the keys that were declared and no others`,
    fix: [...waysOut(field), 'or leave the key out; nothing was written'],
    entities: [meta.className],
    bindings: error.bindings,
    cause: error,
    ...(error.statement !== undefined && { statement: error.statement }),
    ...(error.index !== undefined && { index: error.index }),
    ...(error.kind !== undefined && { kind: error.kind }),
  });
}

function waysOut({ property, embedded, flexible }: FieldMetadata): readonly string[] {
  const sync = 'bring the schema in line: orm.schema.sync()';
  if (flexible) return [sync];
  if (embedded !== undefined) return [`declare it in ${embedded.className}`, sync];
  return [
    `@Field('object', { flexible: true }) ${property} takes any key`,
    `a class with a @Field for each: @Field(() => Details) ${property}`,
  ];
}
