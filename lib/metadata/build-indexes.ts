import type { CollectedClass } from './collect.js';
import { columnPath } from './column-path.js';
import type { Problems } from './problems.js';
import type { IndexMetadata, PropertyMetadata } from './entity-metadata.js';
import type { IndexOptions } from './options.js';

/** The indexes of `@Index`, `@Unique`, `unique: true` and `@VectorField`. */
export function buildIndexes(
  collected: CollectedClass,
  properties: readonly PropertyMetadata[],
  problems: Problems,
): readonly IndexMetadata[] {
  const declared = collected.indexes.map((options) =>
    declaredIndex(collected.className, options, properties, problems),
  );
  const unique = collected.properties.flatMap(({ property, declaration, unique: staged }) => {
    const said = staged !== undefined || (declaration.kind === 'field' && declaration.options.unique === true);
    return said
      ? [
          declaredIndex(
            collected.className,
            { ...(staged?.name !== undefined && { name: staged.name }), fields: [property], unique: true },
            properties,
            problems,
          ),
        ]
      : [];
  });
  const vectors = properties.flatMap((each) => {
    if (each.kind !== 'field' || each.vector === undefined || each.vector.index === false) return [];
    return [
      Object.freeze({
        name: each.vector.indexName ?? indexName([each.column], each.vector.index === 'diskann' ? 'diskann' : 'hnsw'),
        columns: Object.freeze([each.column]),
        vector: each.vector,
      }),
    ];
  });
  return Object.freeze([...declared, ...unique, ...vectors]);
}

function declaredIndex(
  className: string,
  options: IndexOptions,
  properties: readonly PropertyMetadata[],
  problems: Problems,
): IndexMetadata {
  const { fields = [], name, ...rest } = options;
  const columns = fields.map((field) => columnPath(className, field, properties, problems));
  const kind =
    options.count === true
      ? 'count'
      : options.unique === true
        ? 'unique'
        : options.fulltext === undefined
          ? 'index'
          : 'fulltext';
  return Object.freeze({
    ...rest,
    name: name === undefined ? indexName(columns, kind) : name,
    columns: Object.freeze(columns),
  });
}

/** The name of an index that is given none. */
export function indexName(columns: readonly string[], kind: string): string {
  return [...columns.map((column) => column.replace(/[^A-Za-z0-9_]+/g, '_').replace(/_$/, '')), kind].join('_');
}
