import type { EntityMetadata, FieldMetadata, LinkMetadata, PropertyMetadata } from '../metadata/entity-metadata.js';
import { and, binary, not, or, path, value, type Expression } from '../surrealql/nodes/index.js';
import { isFragment } from '../surrealql/surql.js';
import { valueMembers } from '../types/admits.js';
import type { SurrealType } from '../types/surreal-type.js';
import { toRecordId } from '../values/index.js';
import { isConditions, splitConditions, type Conditions } from './conditions.js';
import { buildCondition, buildOperators, emptyNot, emptyObject, OPERATOR_NAMES } from './operators/index.js';
import { requireList } from './operators/operator.js';
import type { QueryContext } from './query-context.js';
import { placeWithin, type Target } from './target.js';
import { describe, refused, undefinedValue, unknownField, unknownOperator } from './query-errors.js';
import { toId } from './record-ids.js';
import { elementsCondition, relationCondition, type BuildConditions } from './where-relations.js';
import { ofEach, visibleLink } from './visible.js';
import { columnPath, embeddedScope, entityScope, linkedScope, type WhereScope } from './where-scope.js';
import { fieldTarget, linkTarget, rowIdTarget, typedTarget } from './where-targets.js';

/**
 * The condition that a user's where means: an object of conditions, `surql`, or anything that names one record.
 * Undefined for no where at all.
 *
 * ```ts
 * buildWhere(registry.get(User), { age: { $gte: 18 }, team: { name: 'A' } }, { registry });
 * // age >= $p1 AND team.name = $p2
 * ```
 * @throws ValidationError for undefined values, unknown fields and operators, values of a wrong type, foreign ids.
 */
export function buildWhere(meta: EntityMetadata, where: unknown, query: QueryContext): Expression | undefined {
  if (where === undefined) return undefined;
  if (where === null) {
    throw refused({
      path: meta.className,
      what: `A where for ${meta.className} is null`,
      fix: ['check where the value comes from', 'leave it out to read everything: em.find(…)'],
      rule: 'type',
    });
  }
  if (isFragment(where)) return where;
  if (isConditions(where)) return buildConditions(entityScope(meta, query), where);
  return binary(path('id'), '=', value(toId(meta, where, query)));
}

export const buildConditions: BuildConditions = (scope, where) => {
  const terms = Object.entries(where).map(([key, condition]) => buildEntry(scope, key, condition));
  return terms.length === 1 && terms[0] !== undefined ? terms[0] : and(terms);
};

function buildEntry(scope: WhereScope, key: string, condition: unknown): Expression {
  if (condition === undefined) throw undefinedValue(`${scope.label}.${key}`);
  const term = (given: unknown) => buildTerm(given, `${scope.label}.${key}`, (inner) => buildConditions(scope, inner));
  if (key === '$and' || key === '$or') {
    const terms = requireList(condition, `${scope.label}.${key}`).map(term);
    return key === '$and' ? and(terms) : or(terms);
  }
  if (key === '$not') return buildNot(scope.label, condition, term);
  if (key.startsWith('$')) throw unknownOperator(scope.label, key, [...LOGIC, ...OPERATOR_NAMES]);
  const property = scope.byProperty.get(key);
  if (property !== undefined) return buildProperty(scope, property, condition);
  if (key === 'id' && scope.meta !== undefined) return buildCondition(rowIdTarget(scope, scope.meta), condition);
  throw unknownField(scope.label, key, [...(scope.meta === undefined ? [] : ['id']), ...scope.byProperty.keys()]);
}

const LOGIC = ['$and', '$or', '$not'];

/** One term of `$and`, `$or` or `$not`. */
function buildTerm(term: unknown, label: string, build: (conditions: Conditions) => Expression): Expression {
  if (term === undefined) throw undefinedValue(label);
  if (isFragment(term)) return term;
  if (isConditions(term)) return build(term);
  throw refused({
    path: label,
    what: `${label} holds ${describe(term)}`,
    why: 'it takes objects of conditions and surql',
    rule: 'type',
  });
}

function buildNot(label: string, condition: unknown, build: (term: unknown) => Expression): Expression {
  if (isConditions(condition) && Object.keys(condition).length === 0) throw emptyNot(`${label}.$not`);
  return not(build(condition));
}

function buildProperty(scope: WhereScope, property: PropertyMetadata, condition: unknown): Expression {
  switch (property.kind) {
    case 'field':
      return buildField(scope, property, condition);
    case 'computed':
      return buildCondition(fieldTarget(scope, property), condition);
    case 'link':
      return buildLink(scope, property, condition);
    default:
      return relationCondition(scope, property, condition, buildConditions);
  }
}

function buildField(scope: WhereScope, field: FieldMetadata, condition: unknown): Expression {
  const target = fieldTarget(scope, field);
  if (!isConditions(condition)) return buildCondition(target, condition);
  if (field.embedded !== undefined && field.embeddedMany)
    return elementsCondition(scope, field, condition, buildConditions);
  if (Object.keys(condition).length === 0) throw emptyObject(target.label);
  if (field.embedded !== undefined)
    return buildSplit(target, condition, (members) => buildConditions(embeddedScope(scope, field), members));
  return holdsObjects(field.type) ? buildMembers(target, condition) : buildCondition(target, condition);
}

/** Operators on the whole, and conditions on what is in it; both must hold. */
function buildSplit(target: Target, condition: Conditions, inner: (members: Conditions) => Expression): Expression {
  const { operators, members } = splitConditions(condition);
  if (Object.keys(operators).length === 0) return inner(members);
  const whole = buildOperators(target, operators, target.label);
  return Object.keys(members).length === 0 ? whole : and([whole, inner(members)]);
}

const holdsObjects = (type: SurrealType): boolean =>
  valueMembers(type).some((member) => member.kind === 'object' || member.kind === 'shape' || member.kind === 'any');

/** Members of an object without a class are reached by name; their types are known only where the type spells them out. */
function buildMembers(target: Target, conditions: Conditions): Expression {
  return buildSplit(target, conditions, (members) =>
    and(Object.entries(members).map(([name, condition]) => buildMember(target, name, condition))),
  );
}

function buildMember(target: Target, name: string, condition: unknown): Expression {
  const label = `${target.label}.${name}`;
  if (condition === undefined) throw undefinedValue(label);
  if (name === '$not') return buildNot(target.label, condition, (term) => memberTerm(target, term, label));
  if (name === '$and' || name === '$or') {
    const terms = requireList(condition, label).map((term) => memberTerm(target, term, label));
    return name === '$and' ? and(terms) : or(terms);
  }
  const shape = valueMembers(target.type).find((member) => member.kind === 'shape');
  const type = shape === undefined ? ANY : shape.fields[name];
  if (type === undefined) throw unknownField(target.label, name, Object.keys(shape?.fields ?? {}));
  const { expression } = target;
  const member = memberOf(
    target,
    typedTarget(expression.kind === 'Path' ? path(...expression.parts, name) : expression, type, label, true),
    name,
  );
  if (!isConditions(condition) || !holdsObjects(type)) return buildCondition(member, condition);
  if (Object.keys(condition).length === 0) throw emptyObject(label);
  return buildMembers(member, condition);
}

function memberOf({ place }: Target, member: Target, name: string): Target {
  return place === undefined ? member : { ...member, place: placeWithin(place, name) };
}

function memberTerm(target: Target, term: unknown, label: string): Expression {
  return buildTerm(term, label, (conditions) => buildMembers(target, conditions));
}

const ANY: SurrealType = Object.freeze({ kind: 'any' });

/** A link is compared with what names a record; an object of conditions goes on to the linked record. */
function buildLink(scope: WhereScope, link: LinkMetadata, condition: unknown): Expression {
  const target = linkTarget(scope, link);
  if (!isConditions(condition) || isReference(condition) || Object.keys(condition).length === 0)
    return buildCondition(target, condition);
  return buildSplit(target, condition, (members) => {
    const inner = ofEach(
      link.targets(),
      (meta) => buildConditions(linkedScope(scope, link, meta), members),
      columnPath(scope, link.column),
    ) as Expression;
    const visible = visibleLink(scope, link);
    return visible === undefined ? inner : and([visible, inner]);
  });
}

/** `{ id: RecordId }` alone, as a serialized entity has it, is a reference and not a condition. */
function isReference(condition: Conditions): boolean {
  return Object.keys(condition).length === 1 && toRecordId(condition) !== undefined;
}
