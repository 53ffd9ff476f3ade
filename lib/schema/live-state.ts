import {
  array,
  binary,
  call,
  closure,
  object,
  or,
  param,
  pathOf,
  subquery,
  value,
  type Expression,
} from '../surrealql/nodes/expressions.js';
import { OBJECT_LISTS, type ObjectLists } from './database-objects.js';
import { info, letStatement, type Statement } from '../surrealql/nodes/statements.js';

/** What the server answers for `liveState`: plain data of INFO. */
export interface LiveState extends ObjectLists {
  /** By the order of the names asked for; an unknown table gives an empty one. */
  readonly tables: readonly unknown[];
  readonly definitions: readonly unknown[];
  readonly analyzers: readonly unknown[];
  readonly accesses: readonly unknown[];
}

/**
 * Statements that put the state of some tables into `$state`. It can be compared on the server with what was read before,
 * so live queries, which come and go, are no part of it.
 */
export function liveState(names: readonly string[]): readonly Statement[] {
  const database = param('db');
  return [
    letStatement('db', subquery(info('database', true))),
    letStatement(
      'state',
      object([
        ['tables', tablesState(names)],
        ['definitions', call('array::filter', pathOf(database, 'tables'), closure(['t'], concerns(names)))],
        ['analyzers', pathOf(database, 'analyzers')],
        ...OBJECT_LISTS.map((name) => [name, pathOf(database, name)] as const),
        ['accesses', pathOf(database, 'accesses')],
      ]),
    ),
  ];
}

/** One of the tables, or a table of edges that may begin or end there. */
function concerns(names: readonly string[]): Expression {
  const listed = array(names.map(value));
  const kind = (end: string): Expression => pathOf(param('t'), 'kind', end);
  return or([
    binary(pathOf(param('t'), 'name'), 'IN', listed),
    ...['in', 'out'].map((end) => binary(kind(end), 'CONTAINSANY', listed)),
  ]);
}

/** Fields, indexes and events of tables, without what changes by itself. */
export function tablesState(names: readonly string[]): Expression {
  const passing = array([value('lives'), value('tables')]);
  return array(names.map((table) => call('object::remove', subquery(info({ table }, true)), passing)));
}
