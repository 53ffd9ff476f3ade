import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { defineField } from '../surrealql/nodes/definitions.js';
import { optionOf, sameType, unionOf } from '../types/parse-type.js';
import type { SurrealType } from '../types/surreal-type.js';
import { byClass, sameForAll, type ClassField } from './class-fields.js';
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
  return [...groups.values()].map((group) =>
    group.length === 1 ? (group[0] as Part).table : joined(rootFirst(group)),
  );
}

/** The root says what the table is. */
function rootFirst(group: readonly Part[]): readonly Part[] {
  const isRoot = ({ entity }: Part): boolean => entity.hierarchy?.root() === entity;
  return [...group.filter(isRoot), ...group.filter((part) => !isRoot(part))];
}

function joined(group: readonly Part[]): WantedTable {
  const [first] = group as readonly [Part, ...Part[]];
  const discriminator = discriminatorOf(group);
  const fields = joinFields(group);
  const declared =
    discriminator !== undefined && fields.some((each) => pathKey(each.node.path) === pathKey(discriminator.node.path));
  return Object.freeze({
    ...first.table,
    fields: Object.freeze(discriminator === undefined || declared ? fields : [discriminator, ...fields]),
    indexes: byName(group.flatMap((each) => each.table.indexes)),
    events: byName(group.flatMap((each) => each.table.events)),
  });
}

/** A field that not every class has must be absent from the records of the others. */
function joinFields(group: readonly Part[]): readonly WantedField[] {
  const versions = new Map<PathKey, ClassField[]>();
  for (const { table, entity } of group) {
    for (const field of table.fields) {
      const key = pathKey(field.node.path);
      versions.set(key, [...(versions.get(key) ?? []), { field, value: entity.options.value }]);
    }
  }
  const column = columnOf(group);
  return [...versions.values()].map((found) => joinField(found, found.length === group.length, column));
}

function joinField(versions: readonly ClassField[], everywhere: boolean, column: string | undefined): WantedField {
  const [{ field: first }] = versions as readonly [ClassField, ...ClassField[]];
  const types = versions.flatMap(({ field }) => (field.node.type === undefined ? [] : [field.node.type]));
  const same = everywhere && sameForAll(versions);
  const own = same || column === undefined ? first : byClass(versions, column);
  if (types.length === 0) return own;
  const type = unionOf(types);
  const wide = everywhere || first.node.path.length > 1 ? type : optionOf(type);
  if (own === first && first.node.type !== undefined && sameType(wide, first.node.type)) return first;
  return { ...own, node: defineField({ ...own.node, type: wide }) };
}

function columnOf(group: readonly Part[]): string | undefined {
  const named = group.find(({ entity }) => entity.options.discriminator !== undefined)?.entity;
  return named?.hierarchy?.column ?? named?.options.discriminator;
}

function discriminatorOf(group: readonly Part[]): WantedField | undefined {
  const column = columnOf(group);
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
