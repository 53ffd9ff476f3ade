import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { defineField } from '../surrealql/nodes/definitions.js';
import { optionOf, sameType, unionOf } from '../types/parse-type.js';
import type { SurrealType } from '../types/surreal-type.js';
import { pathKey, type PathKey } from './field-path.js';
import type { WantedField, WantedTable } from './wanted.js';

interface Part {
  readonly entity: EntityMetadata;
  readonly table: WantedTable;
}

/** One table for each name: classes that share one (`discriminator`) are joined into a table that holds records of each. */
export function inheritedTables(parts: readonly Part[]): readonly WantedTable[] {
  const groups = new Map<string, Part[]>();
  for (const part of parts) groups.set(part.table.name, [...(groups.get(part.table.name) ?? []), part]);
  return [...groups.values()].map((group) => (group.length === 1 ? (group[0] as Part).table : joined(group)));
}

function joined(group: readonly Part[]): WantedTable {
  const [first] = group as readonly [Part, ...Part[]];
  const discriminator = discriminatorOf(group);
  const fields = joinFields(group);
  const declared =
    discriminator !== undefined && fields.some((each) => pathKey(each.node.path) === pathKey(discriminator.node.path));
  return Object.freeze({
    name: first.table.name,
    table: first.table.table,
    fields: Object.freeze(discriminator === undefined || declared ? fields : [discriminator, ...fields]),
    indexes: byName(group.flatMap((each) => each.table.indexes)),
    events: byName(group.flatMap((each) => each.table.events)),
  });
}

/** A field that not every class has must be absent from the records of the others. */
function joinFields(group: readonly Part[]): readonly WantedField[] {
  const versions = new Map<PathKey, WantedField[]>();
  for (const { table } of group) {
    for (const field of table.fields) {
      const key = pathKey(field.node.path);
      versions.set(key, [...(versions.get(key) ?? []), field]);
    }
  }
  return [...versions.values()].map((found) => joinField(found, found.length === group.length));
}

function joinField(versions: readonly WantedField[], everywhere: boolean): WantedField {
  const [first] = versions as readonly [WantedField, ...WantedField[]];
  const types = versions.flatMap((each) => (each.node.type === undefined ? [] : [each.node.type]));
  if (types.length === 0) return first;
  const type = unionOf(types);
  const wide = everywhere || first.node.path.length > 1 || first.node.computed !== undefined ? type : optionOf(type);
  if (first.node.type !== undefined && sameType(wide, first.node.type)) return first;
  const { backfill: _backfill, ...rest } = first;
  return { ...rest, node: defineField({ ...first.node, type: wide }) };
}

function discriminatorOf(group: readonly Part[]): WantedField | undefined {
  const column = group.map((each) => each.entity.options.discriminator).find((each) => each !== undefined);
  if (column === undefined) return undefined;
  const values = group.flatMap(({ entity }) => (entity.options.value === undefined ? [] : [entity.options.value]));
  const literals = values.map((each) => Object.freeze({ kind: 'literal' as const, value: each }));
  const type: SurrealType = literals.length === 0 ? Object.freeze({ kind: 'string' }) : unionOf(literals);
  const [first] = group as readonly [Part, ...Part[]];
  return { node: defineField({ table: first.table.name, path: [column], type }), implied: false };
}

function byName<T extends { readonly name: string }>(nodes: readonly T[]): readonly T[] {
  return Object.freeze([...new Map(nodes.map((each) => [each.name, each])).values()]);
}
