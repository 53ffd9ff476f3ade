import type { FieldMetadata } from '../metadata/entity-metadata.js';
import { and, array, binary, call, or, param, value, type Expression } from '../surrealql/nodes/expressions.js';
import type { SurrealType } from '../types/surreal-type.js';
import { mentions } from './element-type.js';

const VALUE = param('value');

/** What ASSERT says: the user's own, the values of an enum that its type does not say, the digits of a decimal. */
export function fieldAssertion(field: FieldMetadata): Expression | undefined {
  const conditions = [
    ...(field.assert === undefined ? [] : [field.assert]),
    ...orNull(field, [...enumCondition(field), ...digitConditions(field)]),
  ];
  if (conditions.length === 0) return undefined;
  return conditions.length === 1 ? conditions[0] : and(conditions);
}

function enumCondition(field: FieldMetadata): readonly Expression[] {
  if (field.enumValues === undefined || isLiteral(field.type)) return [];
  return [binary(VALUE, 'INSIDE', array(field.enumValues.map(value)))];
}

function isLiteral(type: SurrealType): boolean {
  const members = type.kind === 'union' ? type.members : [type];
  return members.some((member) => member.kind === 'literal');
}

function digitConditions({ type, precision, scale }: FieldMetadata): readonly Expression[] {
  if (!mentions(type, 'decimal') && !mentions(type, 'number') && !mentions(type, 'float')) return [];
  const digits = scale === undefined ? 0 : scale;
  return [
    ...(scale === undefined ? [] : [binary(call('math::fixed', VALUE, value(scale)), '=', VALUE)]),
    ...(precision === undefined ? [] : [binary(call('math::abs', VALUE), '<', value(10 ** (precision - digits)))]),
  ];
}

/** NONE is not asserted by the server where the type admits it; NULL is. */
function orNull(field: FieldMetadata, conditions: readonly Expression[]): readonly Expression[] {
  if (!field.nullable) return conditions;
  return conditions.map((condition) => or([call('type::is_null', VALUE), condition]));
}
