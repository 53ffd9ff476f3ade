import type { EntityMetadata, FieldMetadata, LinkMetadata, PropertyMetadata } from '../metadata/entity-metadata.js';
import { and, binary, not, or, path, value, type Expression } from '../surrealql/nodes/index.js';
import { isFragment } from '../surrealql/surql.js';
import { valueMembers } from '../types/admits.js';
import type { SurrealType } from '../types/surreal-type.js';
import { isPlain, toRecordId } from '../values/index.js';
import { buildCondition, emptyNot, isOperators, OPERATOR_NAMES } from './operators/index.js';
import { requireList } from './operators/operator.js';
import type { QueryContext } from './query-context.js';
import { describe, refused, undefinedValue, unknownField, unknownOperator } from './query-errors.js';
import { toId } from './record-ids.js';
import { elementsCondition, relationCondition, type BuildConditions } from './where-relations.js';
import { embeddedScope, entityScope, linkedScope, type WhereScope } from './where-scope.js';
import { fieldTarget, linkTarget, rowIdTarget, typedTarget } from './where-targets.js';

type Conditions = Readonly<Record<string, unknown>>;

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
      fix: 'leave it out to read everything',
      rule: 'type',
    });
  }
  if (isFragment(where)) return where;
  if (isConditions(where)) return buildConditions(entityScope(meta, query), where);
  return binary(path('id'), '=', value(toId(meta, where, query)));
}

/** A plain object that is no object of an entity: conditions by property. */
export function isConditions(where: unknown): where is Conditions {
  return typeof where === 'object' && where !== null && !Array.isArray(where) && !isFragment(where) && isPlain(where);
}

export const buildConditions: BuildConditions = (scope, where) => {
  const terms = Object.entries(where).map(([key, condition]) => buildEntry(scope, key, condition));
  return terms.length === 1 && terms[0] !== undefined ? terms[0] : and(terms);
};

function buildEntry(scope: WhereScope, key: string, condition: unknown): Expression {
  if (condition === undefined) throw undefinedValue(`${scope.label}.${key}`);
  if (key === '$and' || key === '$or') {
    const terms = requireList(condition, `${scope.label}.${key}`).map((term) => nested(scope, term, key));
    return key === '$and' ? and(terms) : or(terms);
  }
  if (key === '$not') return buildNot(scope, condition);
  if (key.startsWith('$')) throw unknownOperator(scope.label, key, [...LOGIC, ...OPERATOR_NAMES]);
  const property = scope.byProperty.get(key);
  if (property !== undefined) return buildProperty(scope, property, condition);
  if (key === 'id' && scope.meta !== undefined) return buildCondition(rowIdTarget(scope, scope.meta), condition);
  throw unknownField(scope.label, key, [...(scope.meta === undefined ? [] : ['id']), ...scope.byProperty.keys()]);
}

const LOGIC = ['$and', '$or', '$not'];

function nested(scope: WhereScope, where: unknown, operator: string): Expression {
  const label = `${scope.label}.${operator}`;
  if (where === undefined) throw undefinedValue(label);
  if (isFragment(where)) return where;
  if (isConditions(where)) return buildConditions(scope, where);
  throw refused({
    path: label,
    what: `${label} holds ${describe(where)}`,
    why: 'it takes objects of conditions and surql',
    rule: 'type',
  });
}

function buildNot(scope: WhereScope, where: unknown): Expression {
  if (isConditions(where) && Object.keys(where).length === 0) throw emptyNot(`${scope.label}.$not`);
  return not(nested(scope, where, '$not'));
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
  if (isOperators(condition) && Object.keys(condition).length > 0) return buildCondition(target, condition);
  if (field.embedded !== undefined) return buildConditions(embeddedScope(scope, field), condition);
  return holdsObjects(field.type)
    ? buildMembers(target.expression, field.type, target.label, condition)
    : buildCondition(target, condition);
}

const holdsObjects = (type: SurrealType): boolean =>
  valueMembers(type).some((member) => member.kind === 'object' || member.kind === 'shape' || member.kind === 'any');

/** Members of an object without a class are reached by name; their types are known only where the type spells them out. */
function buildMembers(base: Expression, type: SurrealType, label: string, conditions: Conditions): Expression {
  const shape = valueMembers(type).find((member) => member.kind === 'shape');
  const terms = Object.entries(conditions).map(([name, condition]) => {
    const memberLabel = `${label}.${name}`;
    if (condition === undefined) throw undefinedValue(memberLabel);
    const memberType = shape === undefined ? ANY : shape.fields[name];
    if (memberType === undefined) throw unknownField(label, name, Object.keys(shape?.fields ?? {}));
    const expression = base.kind === 'Path' ? path(...base.parts, name) : base;
    const isNested = isConditions(condition) && !isOperators(condition) && holdsObjects(memberType);
    if (isNested) return buildMembers(expression, memberType, memberLabel, condition);
    return buildCondition(typedTarget(expression, memberType, memberLabel, true), condition);
  });
  return and(terms);
}

const ANY: SurrealType = Object.freeze({ kind: 'any' });

/** A link is compared with what names a record; an object of conditions goes on to the linked record. */
function buildLink(scope: WhereScope, link: LinkMetadata, condition: unknown): Expression {
  const isPath = isConditions(condition) && !isOperators(condition) && !isReference(condition);
  if (!isPath) return buildCondition(linkTarget(scope, link), condition);
  return buildConditions(linkedScope(scope, link), condition);
}

/** `{ id: RecordId }` alone, as a serialized entity has it, is a reference and not a condition. */
function isReference(condition: Conditions): boolean {
  return Object.keys(condition).length === 1 && toRecordId(condition) !== undefined;
}
