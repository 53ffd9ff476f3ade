import {
  binary,
  block,
  call,
  evaluate,
  iff,
  path,
  value,
  type Expression,
  type Ordering,
} from '../surrealql/nodes/index.js';
import { isFragment } from '../surrealql/surql.js';
import { admitsNone } from '../types/admits.js';
import type { TextComparison } from '../types/order-by.js';
import { directionOfOrdered, isOrdered } from '../types/ordered.js';
import { equals, isPlain, NONE } from '../values/index.js';
import { comparisonOf, textOrderOf } from './text-order.js';
import { describe, refused, undefinedValue, unknownField, unreadable } from './query-errors.js';
import { embeddedScope, entityScope, linkedScope, type WhereScope } from './where-scope.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { isSecret } from '../metadata/is-secret.js';
import type { QueryContext } from './query-context.js';

/** One sort key. What is no stored column of the row itself has to be computed before it can be sorted by. */
export interface SortKey {
  readonly by: Expression;
  readonly direction: 'ASC' | 'DESC';
  /** A column of the row, sorted as it is. Anything else: a linked record's field, a distance, a computed field. */
  readonly plain: boolean;
  /** The server computes the field, and not where it reads through an index. */
  readonly computed: boolean;
  /** How texts are compared, where it is not by code points. */
  readonly comparison?: TextComparison;
}

/**
 * The sort keys of `orderBy`, without the id that breaks ties.
 *
 * ```ts
 * buildOrder(registry.get(Post), { author: { name: 'asc' }, at: 'desc' }, { registry });
 * ```
 * @throws ValidationError for unknown fields and directions
 */
export function buildOrder(meta: EntityMetadata, orderBy: unknown, query: QueryContext): readonly SortKey[] {
  if (orderBy === undefined) return [];
  const list = Array.isArray(orderBy) ? (orderBy as readonly unknown[]) : [orderBy];
  const scope = entityScope(meta, query);
  return decisive(list.flatMap((entry) => expressionKey(scope, entry) ?? keysOf(scope, entry)));
}

/** A key that comes again decides nothing more, and a page could not go on from it. */
function decisive(keys: readonly SortKey[]): readonly SortKey[] {
  return keys.filter(({ by }, at) => keys.findIndex((other) => equals(other.by, by)) === at);
}

/** The id last, so that equal keys have an order; unless it is a key already. */
export function withTieBreak(keys: readonly SortKey[]): readonly SortKey[] {
  const hasId = keys.some(({ by }) => by.kind === 'Path' && by.parts.length === 1 && by.parts[0] === 'id');
  return hasId ? keys : [...keys, { by: path('id'), direction: 'ASC', plain: true, computed: false }];
}

export function toOrdering({ by, direction, comparison }: SortKey): Ordering {
  return { by, direction, ...comparison };
}

/** An expression may name any field, computed ones too. */
function expressionKey(scope: WhereScope, entry: unknown): SortKey | undefined {
  if (isFragment(entry)) return { by: entry, direction: 'ASC', plain: false, computed: true };
  if (!isOrdered(entry)) return undefined;
  const { by } = entry;
  if (!isFragment(by))
    throw noOrder(`${scope.label} in orderBy`, `it was given ${describe(by)}, which is no expression`);
  const direction = directionOf(directionOfOrdered(entry), scope.label);
  return { by, direction, plain: false, computed: true, ...comparisonOf(entry.comparison ?? {}, scope.label) };
}

function keysOf(scope: WhereScope, keys: unknown): readonly SortKey[] {
  if (typeof keys !== 'object' || keys === null || !isPlain(keys) || isFragment(keys)) throw notKeys(scope.label, keys);
  return Object.entries(keys).flatMap(([name, direction]) => keyOf(scope, name, direction));
}

function keyOf(scope: WhereScope, name: string, direction: unknown): readonly SortKey[] {
  const label = `${scope.label}.${name}`;
  if (direction === undefined) throw undefinedValue(`${label} in orderBy`);
  const property = scope.byProperty.get(name);
  if (property === undefined) {
    if (name === 'id' && scope.meta !== undefined) {
      const by = scope.linked ? path(...scope.prefix) : path('id');
      return [{ by, direction: directionOf(direction, label), plain: true, computed: false }];
    }
    throw unknownField(scope.label, name, [...(scope.meta === undefined ? [] : ['id']), ...scope.byProperty.keys()]);
  }
  if (property.kind === 'link' && typeof direction === 'object') return keysOf(linkedScope(scope, property), direction);
  if (property.kind === 'field' && property.embedded !== undefined && typeof direction === 'object') {
    return keysOf(embeddedScope(scope, property), direction);
  }
  if (isSecret(property)) throw unreadable(property);
  if (!('column' in property)) throw noOrder(label, 'it leads to many records');
  const by = path(...scope.prefix, property.column);
  const mayLack = scope.mayLack || admitsNone(property.type);
  const distance = distanceOf({ by, mayLack }, direction, label);
  if (distance !== undefined) return [distance];
  const rest = { by, plain: !scope.linked, computed: property.kind === 'computed' };
  const text = textOrderOf(property.type, direction, label);
  if (text === undefined) return [{ ...rest, direction: directionOf(direction, label) }];
  const { direction: way, ...comparison } = text;
  return [
    { ...rest, direction: way === undefined ? 'ASC' : directionOf(way, label), ...comparisonOf(comparison, label) },
  ];
}

interface Place {
  readonly by: Expression;
  readonly mayLack: boolean;
}

/** Of a record that is nowhere the server knows no distance, and would fail. */
function distanceOf({ by, mayLack }: Place, direction: unknown, label: string): SortKey | undefined {
  if (typeof direction !== 'object' || direction === null || !('distanceTo' in direction)) return undefined;
  const { distanceTo, direction: way } = direction as { readonly distanceTo: unknown; readonly direction?: unknown };
  if (distanceTo === undefined) throw undefinedValue(`${label}.distanceTo`);
  const distance = call('geo::distance', by, value(distanceTo));
  const isThere = binary(by, '!=', value(NONE));
  return {
    by: mayLack ? iff(isThere, block([evaluate(distance)]), block([evaluate(value(NONE))])) : distance,
    direction: way === undefined ? 'ASC' : directionOf(way, label),
    plain: false,
    computed: false,
  };
}

function directionOf(direction: unknown, label: string): 'ASC' | 'DESC' {
  if (direction === 'asc') return 'ASC';
  if (direction === 'desc') return 'DESC';
  throw noOrder(label, `it was given ${describe(direction)}, not 'asc' or 'desc'`);
}

function noOrder(label: string, why: string): Error {
  return refused({ path: label, what: `Nothing can be ordered by ${label}`, why, rule: 'operator' });
}

function notKeys(label: string, keys: unknown): Error {
  return refused({
    path: label,
    what: `An order of ${label} needs fields`,
    why: `it was given ${describe(keys)}`,
    fix: "{ name: 'asc' }",
    rule: 'type',
  });
}
