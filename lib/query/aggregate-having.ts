import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { and, not, or, type Expression, type Ordering } from '../surrealql/nodes/index.js';
import { noPath, type AggregateColumn } from './aggregate-columns.js';
import { isConditions } from './conditions.js';
import { buildCondition } from './operators/index.js';
import { requireList } from './operators/operator.js';
import { unknownField } from './query-errors.js';
import { comparisonOf, textOrderOf } from './text-order.js';

export type ByName = ReadonlyMap<string, AggregateColumn>;

/** The order that is asked for, of results and keys. @throws ValidationError for names that there are not */
export function orderOf(meta: EntityMetadata, orderBy: unknown, byName: ByName): readonly Ordering[] {
  if (orderBy === undefined) return [];
  const list: readonly unknown[] = Array.isArray(orderBy) ? orderBy : [orderBy];
  return list.flatMap((keys) => {
    if (!isConditions(keys)) throw noPath(`${meta.className} in orderBy`, keys, "{ n: 'desc' }");
    return Object.entries(keys).map(([name, direction]) => {
      const { target } = columnOf(meta, name, byName);
      const label = `${target.label} in orderBy`;
      const { direction: way = 'asc', ...comparison } = textOrderOf(target.type, direction, label) ?? { direction };
      if (way !== 'asc' && way !== 'desc') throw noPath(label, way, "'asc' or 'desc'");
      const by = target.expression;
      return { by, direction: way === 'asc' ? 'ASC' : 'DESC', ...comparisonOf(comparison, label).comparison };
    });
  });
}

/** Conditions on results and keys. @throws ValidationError for names that there are not, and as `where` */
export function havingOf(meta: EntityMetadata, having: unknown, byName: ByName): Expression {
  if (!isConditions(having)) throw noPath(`${meta.className} in having`, having, '{ n: { $gt: 1 } }');
  const inner = (given: unknown) => havingOf(meta, given, byName);
  return and(
    Object.entries(having).map(([name, condition]) => {
      if (name === '$and') return and(requireList(condition, '$and').map(inner));
      if (name === '$or') return or(requireList(condition, '$or').map(inner));
      if (name === '$not') return not(inner(condition));
      return buildCondition(columnOf(meta, name, byName).target, condition);
    }),
  );
}

function columnOf(meta: EntityMetadata, name: string, byName: ByName): AggregateColumn {
  const column = byName.get(name);
  if (column === undefined) throw unknownField(`The aggregate of ${meta.className}`, name, byName.keys());
  return column;
}
