import { defineField } from '../surrealql/nodes/definitions.js';
import {
  block,
  call,
  param,
  path as pathNode,
  pathOf,
  subquery,
  table as tableNode,
  value,
} from '../surrealql/nodes/expressions.js';
import {
  create,
  evaluate,
  forEach,
  letStatement,
  select,
  update,
  type SelectNode,
  type Statement,
} from '../surrealql/nodes/statements.js';
import { optionOf } from '../types/parse-type.js';
import type { Relink } from './change.js';
import { fieldNode } from './field-path.js';
import type { TableModel } from './model.js';
import { sameKey } from './moved-links.js';

/** Every record of a table, created in another one under the same key. */
export function copiedRows({ name, fields }: TableModel, to: string): Statement {
  const computed = [...fields.values()].filter((field) => field.computed !== undefined);
  const rows = select({
    all: true,
    from: [tableNode(name)],
    ...(computed.length > 0 && { omit: computed.map(({ path }) => fieldNode(path)) }),
  });
  const row = param('row');
  const copy = create({
    target: sameKey(pathOf(row, 'id'), to),
    data: { kind: 'content', data: call('object::remove', row, value('id')) },
    returns: 'none',
  });
  return forEachRow('row', rows, [], copy);
}

/** The server notes a reference when a link is written while its field says REFERENCE: links are taken out and put back. */
export function relinked({ field, records }: Relink): Statement {
  const { table, path, type } = field.node;
  const [column] = path as readonly [string];
  const link = param('link');
  const found = select({
    projections: [{ expression: pathNode('id') }, { expression: pathNode(column), alias: ['link'] }],
    from: [tableNode(table)],
    where: records,
  });
  const taken = update({
    target: tableNode(table),
    data: { kind: 'unset', paths: [pathNode(column)] },
    where: records,
    returns: 'none',
  });
  const noting = defineField({
    exists: 'overwrite',
    table,
    path,
    type: type === undefined ? { kind: 'any' } : optionOf(type),
    reference: { onDelete: 'IGNORE' },
  });
  const put = update({
    target: pathOf(link, 'id'),
    data: { kind: 'set', assignments: [{ target: pathNode(column), operator: '=', value: pathOf(link, 'link') }] },
    returns: 'none',
  });
  return forEachRow('link', found, [taken, noting], put);
}

/**
 * One statement, because each of a file may be a request of its own, which knows no variables of another one. (And a loop over
 * the select itself fails where it finds one record: the rows are read first.)
 */
function forEachRow(name: string, rows: SelectNode, first: readonly Statement[], write: Statement): Statement {
  const read = `${name}s`;
  return evaluate(block([letStatement(read, subquery(rows)), ...first, forEach(name, param(read), [write])]));
}
