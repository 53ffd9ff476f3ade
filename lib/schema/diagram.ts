import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { printType } from '../types/print-type.js';

/** A table of a diagram. */
export interface DiagramTable {
  readonly name: string;
  readonly kind: EntityMetadata['type'];
  readonly columns: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[];
}

/** A line of a diagram: a link, or an end of an edge table. */
export interface DiagramLine {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Several records at its end. */
  readonly many: boolean;
  readonly optional: boolean;
  /** Part of an edge: `in` leads into the edge table, `out` leads out of it. */
  readonly edge: boolean;
}

export interface Diagram {
  readonly tables: readonly DiagramTable[];
  readonly lines: readonly DiagramLine[];
}

/** What there is to draw of some entities; classes that share a table are one. */
export function diagramOf(entities: readonly EntityMetadata[]): Diagram {
  const tables = new Map<string, DiagramTable>();
  const lines = new Map<string, DiagramLine>();
  for (const entity of entities) {
    const known = tables.get(entity.table);
    const columns = new Map([...(known?.columns ?? []), ...columnsOf(entity)].map((each) => [each.name, each]));
    tables.set(entity.table, { name: entity.table, kind: entity.type, columns: [...columns.values()] });
    for (const line of linesOf(entity)) lines.set(`${line.from}\n${line.label}\n${line.to}`, line);
  }
  return Object.freeze({ tables: [...tables.values()], lines: [...lines.values()] });
}

function columnsOf(entity: EntityMetadata): DiagramTable['columns'] {
  const own = entity.properties.flatMap((property) => {
    if (!('column' in property)) return [];
    const members = property.type.kind === 'union' ? property.type.members : [property.type];
    const given = members.filter(({ kind }) => kind !== 'none');
    const type = given.map(printType).join(' | ');
    return [{ name: property.column, type, optional: given.length < members.length }];
  });
  return [{ name: 'id', type: keyText(entity.id.key), optional: false }, ...own];
}

function keyText(key: EntityMetadata['id']['key']): string {
  return typeof key === 'string' ? key : `[${key.map(keyText).join(', ')}]`;
}

function linesOf(entity: EntityMetadata): readonly DiagramLine[] {
  return entity.properties.flatMap((property): readonly DiagramLine[] => {
    if (property.kind !== 'link' && property.kind !== 'links') return [];
    const end = property.kind === 'link' ? property.end : undefined;
    return property.targets().map(({ table }) => ({
      from: end === 'in' ? table : entity.table,
      to: end === 'in' ? entity.table : table,
      label: property.column,
      many: property.kind === 'links',
      optional: property.optional,
      edge: end !== undefined,
    }));
  });
}
