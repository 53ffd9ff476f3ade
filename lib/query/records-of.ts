import {
  array,
  binary,
  block,
  call,
  closure,
  iff,
  letStatement,
  object,
  param,
  pathOf,
  returnStatement,
  select,
  subquery,
  value,
  type Expression,
} from '../surrealql/nodes/index.js';
import { NONE } from '../values/index.js';
import type { QueryContext } from './query-context.js';

/** What a select reads the records of a list of ids, or of one id, from. In an interactive transaction it is their rows. */
export function recordsOf(ids: Expression, query: QueryContext): Expression {
  return query.ownWrites === true ? rowsWithId(ids) : ids;
}

/**
 * An interactive transaction reads what it has itself written without its `id` when it goes by the id or an index (3.0.2):
 * the id is put back. Missing records are left out.
 */
export function rowsWithId(ids: Expression): Expression {
  const present = { where: binary(param('this'), '!=', value(NONE)) };
  const list = pathOf(call('array::flatten', array([ids])), present);
  const row = param('row');
  const named = call('object::extend', row, object([['id', param('i')]]));
  const read = block([
    letStatement('row', subquery(select({ only: true, from: [param('i')] }))),
    returnStatement(
      iff(binary(row, '=', value(NONE)), block([returnStatement(value(NONE))]), block([returnStatement(named)])),
    ),
  ]);
  return pathOf(call('array::map', list, closure(['i'], read)), present);
}
