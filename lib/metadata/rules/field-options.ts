import { valueMembers } from '../../types/admits.js';
import type { SurrealType } from '../../types/surreal-type.js';
import { everyField } from '../every-field.js';
import type { FieldMetadata } from '../entity-metadata.js';
import type { Problems } from '../problems.js';
import type { Rule } from './rule.js';

/** Options of a field belong to its type. */
export const checkFieldOptions: Rule = ({ entity, problems }) => {
  for (const each of entity.properties)
    if (each.kind === 'field' && each.embedded !== undefined)
      refuseGenerators(everyField(each.embedded.fields), problems);
  for (const field of everyField(entity.properties)) {
    checkFlexible(field, problems);
    checkGenerator(field, problems);
    checkDecimal(field, problems);
    if (field.enumValues?.length === 0)
      problems.add(field.path, 'the enum has no values', `@Field({ enum: Role }) ${field.property}`);
    if (field.embedded !== undefined && !holds(field.type, ['object', 'array', 'set'])) {
      problems.add(
        field.path,
        'an embedded class is stored in an object',
        `@Field(() => ${field.embedded.className}) ${field.property}`,
      );
    }
  }
};

function checkFlexible({ flexible, type, path, property }: FieldMetadata, problems: Problems): void {
  if (flexible && !containsObject(type))
    problems.add(
      path,
      'only a type that holds an object can be flexible',
      `@Field('object', { flexible: true }) ${property}`,
    );
}

function checkGenerator({ generate, type, path, property }: FieldMetadata, problems: Problems): void {
  const made = generate === 'uuid' ? ['uuid'] : generate === 'ulid' ? ['string'] : undefined;
  if (generate !== undefined && typeof generate !== 'function' && made === undefined) {
    problems.add(path, `unknown generator "${String(generate)}"`, `@Field('uuid', { generate: 'uuid' }) ${property}`);
  }
  if (made !== undefined && !holds(type, made)) {
    problems.add(
      path,
      `generate: '${String(generate)}' makes a ${made[0]}, which is not its type`,
      `@Field('${made[0]}', { generate: '${String(generate)}' }) ${property}`,
    );
  }
}

/** Nobody can tell a new embedded object from one that was there. */
function refuseGenerators(fields: readonly FieldMetadata[], problems: Problems): void {
  for (const { generate, path, property } of fields)
    if (generate !== undefined)
      problems.add(
        path,
        'generate belongs to a field of an entity, not of an embedded class',
        `@Field('uuid', { default: surql\`rand::uuid::v7()\` }) ${property}`,
      );
}

function checkDecimal({ precision, scale, type, path, property }: FieldMetadata, problems: Problems): void {
  if (precision === undefined && scale === undefined) return;
  if (!holds(type, ['decimal', 'number'])) {
    problems.add(
      path,
      'precision and scale belong to a decimal',
      `@Field('decimal', { precision: 10, scale: 2 }) ${property}`,
    );
  } else if (!isDigits(precision, 1) || !isDigits(scale, 0) || (precision ?? 28) < (scale ?? 0)) {
    problems.add(
      path,
      'precision counts all digits, scale those after the point, so it is the smaller one',
      `@Field('decimal', { precision: 10, scale: 2 }) ${property}`,
    );
  }
}

function isDigits(count: number | undefined, least: number): boolean {
  return count === undefined || (Number.isInteger(count) && count >= least);
}

function holds(type: SurrealType, kinds: readonly string[]): boolean {
  return valueMembers(type).some((member) => member.kind === 'any' || kinds.includes(member.kind));
}

function containsObject(type: SurrealType): boolean {
  return valueMembers(type).some((member) => {
    if (member.kind === 'array' || member.kind === 'set') return containsObject(member.items);
    return member.kind === 'object' || member.kind === 'shape' || member.kind === 'any';
  });
}
