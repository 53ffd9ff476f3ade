import type { FieldMetadata } from '../metadata/entity-metadata.js';
import {
  and,
  array,
  binary,
  call,
  graph,
  not,
  path,
  pathOf,
  value,
  type Expression,
} from '../surrealql/nodes/index.js';
import type { ToMany } from './fetch-node.js';
import { buildOperators, emptyNot, isOperators, sizeCondition } from './operators/index.js';
import { requireBoolean } from './operators/operator.js';
import { listFrom, referrers } from './referrers.js';
import type { QueryContext } from './query-context.js';
import { describe, refused, undefinedValue, unknownOperator } from './query-errors.js';
import { scopeOf, visibleEdges } from './visible.js';
import { columnPath, embeddedScope, entityScope, filtered, rowOf, type WhereScope } from './where-scope.js';
import { fieldTarget, memberTarget } from './where-targets.js';
import { isConditions, type Conditions } from './conditions.js';
import type { Target } from './target.js';

export type BuildConditions = (scope: WhereScope, where: Conditions) => Expression;

const QUANTIFIERS = [
  '$some',
  '$every',
  '$none',
  '$size',
  '$exists',
  '$contains',
  '$notContains',
  '$containsAll',
  '$containsAny',
  '$containsNone',
];

/** The records at the other end of a to-many relation, as a list of ids. */
export function relatedList(property: ToMany, query: QueryContext, row?: Expression): Expression {
  if (property.kind === 'links') return binary(memberPath(property.column, row), '??', array([]));
  if (property.kind === 'inverse') return referrers(property, row);
  const target = [property.target().table];
  const ends = (arrow: '->' | '<-'): Expression => {
    const edges = visibleEdges(property, arrow, query, row);
    const hop = { arrow, tables: target };
    return listFrom(row, edges.kind === 'Graph' ? graph([...edges.hops, hop], row) : graph([hop], edges));
  };
  // Parallel edges lead to one record.
  if (property.direction !== 'both') return call('array::distinct', ends(property.direction === 'out' ? '->' : '<-'));
  return call('array::distinct', call('array::concat', ends('->'), ends('<-')));
}

function memberPath(column: string, row: Expression | undefined): Expression {
  if (row === undefined) return path(column);
  return row.kind === 'Path' && row.base === undefined ? path(...row.parts, column) : pathOf(row, column);
}

/** Conditions on the many side: an object of conditions means that some record meets them. */
export function relationCondition(
  scope: WhereScope,
  property: ToMany,
  condition: unknown,
  build: BuildConditions,
): Expression {
  const label = `${scope.label}.${property.property}`;
  if (!isConditions(condition)) throw notDirect(label, condition);
  const list = relatedList(property, scope.query, rowOf(scope));
  const meta = property.target();
  const targets = property.kind === 'links' ? property.targets() : [meta];
  const visible = scopeOf(targets, scope.query);
  const quantified: Quantified = {
    label,
    list,
    build: (where) => build({ ...entityScope(meta, scope.query), label }, where),
    ...(visible !== undefined && { visible }),
  };
  const column = property.kind === 'links' ? columnPath(scope, property.column) : list;
  // What is not shown is no member.
  const members = visible === undefined ? column : visibleOf(quantified);
  return quantify(quantified, condition, memberTarget(members, targets, scope.query, label));
}

/** Arrays of embedded objects: the same words, about elements. */
export function elementsCondition(
  scope: WhereScope,
  field: FieldMetadata,
  conditions: Conditions,
  build: BuildConditions,
): Expression {
  const label = `${scope.label}.${field.property}`;
  const target = fieldTarget(scope, field);
  const list = binary(target.expression, '??', array([]));
  const quantified: Quantified = { label, list, build: (where) => build(embeddedScope(scope, field, []), where) };
  return quantify(quantified, conditions, target);
}

interface Quantified {
  readonly label: string;
  readonly list: Expression;
  readonly build: (where: Conditions) => Expression;
  /** Only members that a read of their entity would show. */
  readonly visible?: Expression;
}

/** Operators on the list as a whole; conditions beside them must all be met by one and the same member. */
function quantify(on: Quantified, conditions: Conditions, target: Target): Expression {
  const entries = Object.entries(conditions);
  const hasMembers = entries.some(([key]) => isOfMembers(key));
  // Alone `$not` is the complement of the whole; among conditions on a member it is one of them.
  const isInner = ([key]: readonly [string, unknown]): boolean => isOfMembers(key) || (key === '$not' && hasMembers);
  const whole = entries.filter((entry) => !isInner(entry));
  if (!hasMembers) return operators(on, conditions, target);
  const one = some(on, on.build(Object.fromEntries(entries.filter(isInner))));
  return whole.length === 0 ? one : and([operators(on, Object.fromEntries(whole), target), one]);
}

const isOfMembers = (key: string): boolean => !key.startsWith('$') || key === '$and' || key === '$or';

function operators(on: Quantified, conditions: Conditions, target: Target): Expression {
  const terms = Object.entries(conditions).map(([name, argument]) => {
    if (argument === undefined) throw undefinedValue(`${on.label}.${name}`);
    return quantifier(on, name, argument, target);
  });
  if (terms.length === 0) return anyOf(visibleOf(on));
  return terms.length === 1 && terms[0] !== undefined ? terms[0] : and(terms);
}

function quantifier(on: Quantified, name: string, argument: unknown, target: Target): Expression {
  const path = `${on.label}.${name}`;
  switch (name) {
    case '$some':
      return some(on, on.build(requireWhere(argument, path)));
    case '$none':
      return not(some(on, on.build(requireWhere(argument, path))));
    case '$every':
      return not(some(on, not(on.build(requireWhere(argument, path)))));
    case '$size':
      return sizeCondition(call('array::len', visibleOf(on)), argument, path);
    case '$not':
      if (isOperators(argument) && Object.keys(argument).length === 0) throw emptyNot(path);
      return not(quantify(on, requireWhere(argument, path), target));
    case '$exists':
      return requireBoolean(argument, path) ? anyOf(visibleOf(on)) : not(anyOf(visibleOf(on)));
    default:
      if (
        !QUANTIFIERS.includes(name) &&
        target.element !== undefined &&
        target.type.kind === 'array' &&
        target.element.type.kind === 'record'
      ) {
        throw unknownOperator(on.label, name, QUANTIFIERS);
      }
      return buildOperators(target, { [name]: argument }, on.label);
  }
}

function some(on: Quantified, condition: Expression): Expression {
  return anyOf(filtered(on.list, on.visible === undefined ? condition : and([on.visible, condition])));
}

function visibleOf(on: Quantified): Expression {
  return on.visible === undefined ? on.list : filtered(on.list, on.visible);
}

const anyOf = (list: Expression): Expression => binary(call('array::len', list), '>', value(0));

function requireWhere(argument: unknown, path: string): Conditions {
  if (isConditions(argument)) return argument;
  throw refused({
    path,
    what: `${path} needs an object of conditions`,
    why: `it was given ${describe(argument)}`,
    rule: 'type',
  });
}

function notDirect(label: string, condition: unknown): Error {
  return refused({
    path: label,
    what: `${label} cannot be compared with ${describe(condition)}`,
    why: 'it leads to many records',
    fix: [`{ $contains: … } asks whether a record is among them`, `{ $some: { … } } sets conditions for one of them`],
    rule: 'operator',
  });
}
