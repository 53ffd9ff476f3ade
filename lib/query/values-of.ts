import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { and, binary, select, subquery, value, type Expression, type SelectNode } from '../surrealql/nodes/index.js';
import { isFragment } from '../surrealql/surql.js';
import { NONE } from '../values/index.js';
import { noPath } from './aggregate-columns.js';
import { selectParts } from './computed-source.js';
import { countable } from './count.js';
import { buildFind } from './find.js';
import { refuseFurther } from './past.js';
import { pathTarget, type PathTarget } from './path-target.js';
import type { QueryContext } from './query-context.js';
import type { FindRequest } from './read-plan.js';
import { allOf } from './terms.js';

/** A select of one value of each record that matches. */
export interface ValuesPlan {
  /** A value for each record, NONE where it has none. */
  readonly statement: SelectNode;
  /** The same without NONE and NULL, which as members of a list would match records that lack a value. */
  readonly present: SelectNode;
  readonly field: PathTarget['field'];
}

/** @throws ValidationError for whatever is wrong in where, path and options */
export function buildValues(
  meta: EntityMetadata,
  where: unknown,
  of: unknown,
  request: FindRequest,
  query: QueryContext,
): ValuesPlan {
  const { by, field } = valueOf(meta, of, query);
  if (request.version !== undefined) refuseFurther(meta, [by]);
  const parts = sourceParts(meta, where, by, request, query);
  const has = and([binary(by, '!=', value(NONE)), binary(by, '!=', value(null))]);
  const condition = allOf([...(parts.where === undefined ? [] : [parts.where]), has]);
  return {
    statement: select({ ...parts, value: by }),
    present: select({ ...parts, value: by, ...(condition !== undefined && { where: condition }) }),
    field,
  };
}

function valueOf(
  meta: EntityMetadata,
  of: unknown,
  query: QueryContext,
): { readonly by: Expression; readonly field?: PathTarget['field'] } {
  if (isFragment(of)) return { by: of };
  if (typeof of !== 'string') throw noPath(`${meta.className} in value`, of, "a path such as 'name', or an expression");
  const { target, field } = pathTarget(meta, of, query);
  return { by: target.expression, field };
}

/** Sorted and cut rows have been chosen before their values are taken. */
function sourceParts(
  meta: EntityMetadata,
  where: unknown,
  by: Expression,
  request: FindRequest,
  query: QueryContext,
): ReturnType<typeof selectParts> {
  const { orderBy, limit, offset } = request;
  if (orderBy === undefined && limit === undefined && offset === undefined)
    return selectParts(countable(meta, where, query, request, [by]));
  return { from: [subquery(buildFind(meta, where, request, query).statement)] };
}
