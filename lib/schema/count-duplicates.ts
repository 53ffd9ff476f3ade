import type { DefineIndexNode } from '../surrealql/nodes/definitions.js';
import {
  and,
  binary,
  block,
  call,
  iff,
  not,
  path as pathNode,
  subquery,
  table,
  value,
  type Expression,
} from '../surrealql/nodes/expressions.js';
import { evaluate, select, type SelectNode } from '../surrealql/nodes/statements.js';
import { admitsNone } from '../types/admits.js';
import { kindIs } from './conforms.js';
import { elementType } from './element-type.js';
import { fieldNode, pathKey, type FieldPath } from './field-path.js';
import type { WantedField, WantedTable } from './wanted.js';

/** Counts the records that share their values under a unique index with another one; NONE and NULL are no values to it. */
export function countDuplicates(wanted: WantedTable, index: DefineIndexNode): SelectNode {
  const keys = index.columns.map((column, at) => keyOf(wanted, column, `k${at}`));
  const values = select({
    projections: keys.map(({ expression, name }) => ({ expression, alias: [name] })),
    from: [table(wanted.name)],
    ...splitting(keys),
  });
  const groups = select({
    projections: [
      { expression: call('count'), alias: ['n'] },
      ...keys.map(({ name }) => ({ expression: pathNode(name) })),
    ],
    from: [subquery(values)],
    where: and(keys.map(({ name }) => not(kindIs(pathNode(name), ['none', 'null'])))),
    groupBy: keys.map(({ name }) => pathNode(name)),
  });
  return select({
    projections: [{ expression: call('math::sum', pathNode('n')), alias: ['n'] }],
    from: [subquery(groups)],
    where: binary(pathNode('n'), '>', value(1)),
    groupBy: 'all',
  });
}

interface Key {
  readonly name: string;
  readonly expression: Expression;
  /** Each element is a value of its own to the index. */
  readonly list: boolean;
}

function keyOf(wanted: WantedTable, column: FieldPath, name: string): Key {
  const field = wanted.fields.find((each) => pathKey(each.node.path) === pathKey(column));
  return { name, expression: valueOf(column, field), list: isList(column, field) };
}

/** What the records will hold once the plan has computed the field or filled its default in. */
function valueOf(column: FieldPath, field: WantedField | undefined): Expression {
  const stored = fieldNode(column);
  if (field?.backfill === undefined) return stored;
  if (field.recompute === true) return field.backfill;
  if (field.node.type === undefined || admitsNone(field.node.type) || column.length > 1) return stored;
  return iff(kindIs(stored, ['none']), block([evaluate(field.backfill)]), block([evaluate(stored)]));
}

function isList(column: FieldPath, field: WantedField | undefined): boolean {
  if (column.some((part) => typeof part === 'symbol')) return true;
  return field?.node.type !== undefined && elementType(field.node.type) !== undefined;
}

function splitting(keys: readonly Key[]): Partial<SelectNode> {
  const lists = keys.filter((key) => key.list);
  return lists.length === 0 ? {} : { split: lists.map(({ name }) => pathNode(name)) };
}
