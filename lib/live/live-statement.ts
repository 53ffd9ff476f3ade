import type { ComputedMetadata, EntityMetadata } from '../metadata/entity-metadata.js';
import {
  EACH,
  and,
  binary,
  call,
  closure,
  live,
  not,
  object,
  or,
  param,
  path,
  pathOf,
  select,
  subquery,
  table,
  value,
  type Expression,
  type FragmentNode,
  type LiveNode,
  type Projection,
} from '../surrealql/nodes/index.js';

/** Columns that the statement adds to each row; taken off before an entity is made of it. */
export const LEFT = '__reverie_left';
export const CHANGED = '__reverie_changed';
export const AT = '__reverie_at';

export interface LiveStatementOptions {
  /** Over the row, as in a find. */
  readonly condition?: Expression | undefined;
  /** Names the columns that each write changed. */
  readonly diff?: boolean | undefined;
}

/**
 * `LIVE SELECT *, time::micros(time::now()) AS at FROM user`; with a condition
 * `LIVE SELECT *, …, !(condition) AS left FROM user WHERE (condition) OR ($event = 'UPDATE' AND (SELECT VALUE condition FROM ONLY $before))`.
 *
 * The time, in whole microseconds, tells the order of writes, which that of arrival does not.
 *
 * The server tests WHERE on the new row alone, and so says nothing of a row that stops matching; with the second half it
 * does. The condition is asked of the old row as a row of its own and not by prefixing its paths with `$before`: so
 * subqueries, graph paths and `$parent` mean the same, and on a create, where `$before` is NONE, `age < 18` does not match
 * by that. `$event` spares creates and deletes the question.
 * https://surrealdb.com/docs/surrealql/statements/live
 */
export function liveStatement(metadata: EntityMetadata, { condition, diff }: LiveStatementOptions): LiveNode {
  const added: Projection[] = [{ expression: call('time::micros', call('time::now')), alias: [AT] }];
  if (condition !== undefined) added.push({ expression: not(condition), alias: [LEFT] });
  if (diff === true) added.push({ expression: changedColumns(), alias: [CHANGED] });
  return live({
    projections: [{ expression: path(EACH) }, ...added],
    from: table(metadata.table),
    ...(condition !== undefined && { where: or([condition, matchedBefore(metadata, condition)]) }),
  });
}

function matchedBefore(metadata: EntityMetadata, condition: Expression): Expression {
  const before = select({ value: condition, only: true, from: [rowBefore(metadata, condition)] });
  return and([binary(param('event'), '=', value('UPDATE')), subquery(before)]);
}

/** `$before` holds what is stored: COMPUTED columns that the condition looks at are computed again, dependencies first. */
function rowBefore(metadata: EntityMetadata, condition: Expression): Expression {
  return computedLevels(metadata, condition).reduce<Expression>((row, columns) => {
    const projections = columns.map(({ expression, column }) => ({ expression, alias: [column] }));
    return subquery(select({ all: true, projections, only: true, from: [row] }));
  }, param('before'));
}

/** The COMPUTED columns behind an expression, each level reading only stored columns and the levels before it. */
function computedLevels(metadata: EntityMetadata, expression: Expression): readonly (readonly ComputedMetadata[])[] {
  const computed = metadata.properties.filter((each) => each.kind === 'computed').filter((each) => !each.stored);
  const levels: ComputedMetadata[][] = [];
  const depths = new Map<ComputedMetadata, number>();
  const depthOf = (column: ComputedMetadata): number => {
    const known = depths.get(column);
    if (known !== undefined) return known;
    depths.set(column, 0);
    const depth = deepest(column.expression);
    depths.set(column, depth);
    (levels[depth] ??= []).push(column);
    return depth;
  };
  const deepest = (node: Expression): number =>
    Math.max(0, ...computed.filter((each) => mentions(node, each.column)).map((each) => depthOf(each) + 1));
  deepest(expression);
  return levels;
}

/**
 * The names of the stored columns that differ. COMPUTED ones are left out on purpose: computing them for the old row
 * could fail, and an error in a live query fails the write that set it off.
 */
function changedColumns(): Expression {
  const entries = (row: string) => call('object::entries', binary(param(row), '??', object([])));
  const differing = call('array::difference', entries('before'), entries('after'));
  return call('array::distinct', call('array::map', differing, closure(['entry'], pathOf(param('entry'), 0))));
}

/** True when an expression may read a column: a part of a path is its name, or a user's text has the name in it. */
function mentions(node: unknown, column: string): boolean {
  if (typeof node === 'string') return node === column;
  if (Array.isArray(node)) return node.some((each) => mentions(each, column));
  if (typeof node !== 'object' || node === null) return false;
  const { kind } = node as { readonly kind?: unknown };
  // A bound value is data.
  if (kind === 'Value') return false;
  // Named as the class names it; which column that is the printer will know.
  if (kind === 'Property') return true;
  if (kind === 'Fragment' && (node as FragmentNode).strings.some((text) => text.includes(column))) return true;
  return Object.values(node).some((each) => mentions(each, column));
}
