import type { EdgesMetadata, EntityMetadata, LinkMetadata } from '../metadata/entity-metadata.js';
import { and, array, binary, call, graph, or, path, pathOf, value, type Expression } from '../surrealql/nodes/index.js';
import { equals, NONE } from '../values/index.js';
import type { QueryContext } from './query-context.js';
import { columnPath, filtered, type WhereScope } from './where-scope.js';

/** What a row must meet to be shown, whichever of these entities it is of; undefined where all are. */
export function scopeOf(targets: readonly EntityMetadata[], query: QueryContext): Expression | undefined {
  const { scope } = query;
  if (scope === undefined) return undefined;
  return ofEach(targets, scope);
}

/** What is asked of rows of several entities: the same of all where it comes to that, else of each in its own way. */
export function ofEach(
  targets: readonly EntityMetadata[],
  build: (meta: EntityMetadata) => Expression | undefined,
  id: Expression = path('id'),
): Expression | undefined {
  const [first, ...others] = targets.map((meta) => ({ meta, condition: build(meta) }));
  if (first === undefined || others.every(({ condition }) => equals(condition, first.condition)))
    return first?.condition;
  return or(
    [first, ...others].map(({ meta, condition }) =>
      and([...isOf(meta, id), ...(condition === undefined ? [] : [condition])]),
    ),
  );
}

/** A missing record has no id, of which no table can be asked. */
function isOf(meta: EntityMetadata, id: Expression): readonly Expression[] {
  return [binary(id, '!=', value(NONE)), binary(call('record::tb', id), '=', value(meta.table))];
}

/** What is asked of a linked record is asked of none that a read would not show. A link that is missing hides nothing. */
export function visibleLink(scope: WhereScope, link: LinkMetadata): Expression | undefined {
  const condition = scopeOf(link.targets(), scope.query);
  if (condition === undefined) return undefined;
  const column = columnPath(scope, link.column);
  const shown = binary(call('array::len', filtered(array([column]), condition)), '>', value(0));
  return or([binary(column, '=', value(NONE)), shown]);
}

/** The edges of a record that a read would show. */
export function visibleEdges(
  { edge }: EdgesMetadata,
  arrow: '->' | '<-' | '<->',
  query: QueryContext,
  from?: Expression,
): Expression {
  const meta = edge();
  const edges = graph([{ arrow, tables: [meta.table] }], from);
  const condition = query.scope?.(meta);
  return condition === undefined ? edges : pathOf(edges, { where: condition });
}
