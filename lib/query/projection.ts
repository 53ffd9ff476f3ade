import type { ComputedMetadata, EntityMetadata, FieldMetadata } from '../metadata/entity-metadata.js';
import { select, subquery, type Expression, type SelectNode } from '../surrealql/nodes/index.js';
import { isFragment } from '../surrealql/surql.js';
import { isPlain } from '../values/index.js';
import { noPath } from './aggregate-columns.js';
import { buildFind } from './find.js';
import { refuseFurther } from './past.js';
import { pathTarget } from './path-target.js';
import type { QueryContext } from './query-context.js';
import type { FindRequest } from './read-plan.js';

/** One column of a projection: its name, where it stands in the answer, and the field that its values are read with. */
export interface ProjectedColumn {
  readonly name: string;
  readonly column: string;
  readonly field: FieldMetadata | ComputedMetadata | undefined;
}

export interface ProjectionPlan {
  readonly statement: SelectNode;
  readonly columns: readonly ProjectedColumn[];
}

/**
 * A select of fields and expressions of each record that matches. Rows are found, sorted and cut first: an index that finds them
 * would lose computed fields, and the order needs columns that nobody asks for.
 *
 * @throws ValidationError for paths that there are not, and for whatever is wrong in where and options
 */
export function buildProjection(
  meta: EntityMetadata,
  where: unknown,
  selection: Readonly<Record<string, unknown>>,
  request: FindRequest,
  query: QueryContext,
): ProjectionPlan {
  const label = `${meta.className} in fields`;
  if (!isPlain(selection) || Object.keys(selection).length === 0)
    throw noPath(label, selection, "{ name: 'name', length: fn.string.len(field(User, 'name')) }");
  const columns = Object.entries(selection).map(([name, given], at) => ({
    ...expressionOf(meta, `${label}.${name}`, given, query),
    name,
    column: `__field_${at}`,
  }));
  if (request.version !== undefined)
    refuseFurther(
      meta,
      columns.map(({ expression }) => expression),
    );
  return {
    statement: select({
      all: false,
      projections: columns.map(({ expression, column }) => ({ expression, alias: [column] })),
      from: [subquery(buildFind(meta, where, request, query).statement)],
    }),
    columns,
  };
}

interface Projected {
  readonly expression: Expression;
  readonly field: ProjectedColumn['field'];
}

function expressionOf(meta: EntityMetadata, label: string, given: unknown, query: QueryContext): Projected {
  if (isFragment(given)) return { expression: given, field: undefined };
  if (typeof given !== 'string') throw noPath(label, given, "a path such as 'name', or an expression");
  const { target, field } = pathTarget(meta, given, query);
  return { expression: target.expression, field };
}
