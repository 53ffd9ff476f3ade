import type { EntityMetadata, FieldMetadata, IndexMetadata, PropertyMetadata } from '../metadata/entity-metadata.js';
import { defineIndex, type DefineIndexNode } from '../surrealql/nodes/definitions.js';
import { EACH } from '../surrealql/nodes/expressions.js';
import type { FieldPath } from './field-path.js';

type Variant = DefineIndexNode['variant'];

/** `DEFINE INDEX` over the given columns; what it counts or covers besides is decided by its caller. */
export function indexDefinition(table: string, index: IndexMetadata, columns: readonly FieldPath[]): DefineIndexNode {
  return defineIndex({
    name: index.name,
    table,
    columns: index.count === true ? [] : columns,
    variant: variantOf(index),
    ...(index.concurrently === true && { concurrently: true }),
    ...(index.defer === true && { defer: true }),
    ...(index.comment !== undefined && { comment: index.comment }),
  });
}

function variantOf(index: IndexMetadata): Variant {
  const { vector, fulltext } = index;
  if (vector?.index === 'diskann') {
    const { dimension, degree, buildWidth, alpha } = vector;
    return {
      kind: 'diskann',
      dimension,
      distance: distanceText(vector.distance),
      type: vector.type,
      ...(degree !== undefined && { degree }),
      ...(buildWidth !== undefined && { buildWidth }),
      ...(alpha !== undefined && { alpha }),
    };
  }
  if (vector !== undefined) {
    return {
      kind: 'hnsw',
      dimension: vector.dimension,
      distance: distanceText(vector.distance),
      type: vector.type,
      ...(vector.efc !== undefined && { efc: vector.efc }),
      ...(vector.m !== undefined && { m: vector.m }),
    };
  }
  if (fulltext !== undefined) {
    const bm25 = fulltext.bm25 === false ? undefined : fulltext.bm25;
    return {
      kind: 'fulltext',
      analyzer: fulltext.analyzer,
      ...(bm25 !== undefined && { bm25 }),
      highlights: fulltext.highlights === true,
    };
  }
  if (index.count === true) return { kind: 'count' };
  return { kind: index.unique === true ? 'unique' : 'plain' };
}

function distanceText(distance: NonNullable<IndexMetadata['vector']>['distance']): string {
  return typeof distance === 'string' ? distance.toUpperCase() : `MINKOWSKI ${distance.minkowski}`;
}

/** The columns of an index as paths. A column may hold a dot in its name, so the longest known name wins. */
export function indexColumns(entity: EntityMetadata, index: IndexMetadata): readonly FieldPath[] {
  return index.columns.map((text) => columnPath(text, entity.properties));
}

function columnPath(text: string, properties: readonly PropertyMetadata[]): FieldPath {
  const path: (string | symbol)[] = [];
  let scope: readonly PropertyMetadata[] = properties;
  let rest = text;
  while (rest !== '') {
    const known = longestColumn(rest, scope);
    const name = known === undefined ? (/^[^.]*/.exec(rest)?.[0] ?? rest) : known.column;
    path.push(name === '*' && known === undefined ? EACH : name);
    if (known !== undefined)
      scope = known.kind === 'field' && known.embedded !== undefined ? known.embedded.fields : [];
    rest = rest.slice(name.length + 1);
  }
  return Object.freeze(path);
}

type WithColumn = Extract<PropertyMetadata, { readonly column: string }> & (FieldMetadata | { readonly kind: string });

function longestColumn(text: string, scope: readonly PropertyMetadata[]): WithColumn | undefined {
  return scope
    .filter(
      (each): each is WithColumn => 'column' in each && (text === each.column || text.startsWith(`${each.column}.`)),
    )
    .reduce<WithColumn | undefined>(
      (best, each) => (best === undefined || each.column.length > best.column.length ? each : best),
      undefined,
    );
}
