import { printType } from '../../types/print-type.js';
import { admitsNone, valueMembers } from '../../types/admits.js';
import type { Rule } from './rule.js';

/** One moment of deletion an entity, which is NONE while the record lives. */
export const checkSoftDelete: Rule = ({ collected, entity, problems }) => {
  const [first, ...more] = collected.properties.filter((each) => each.softDelete !== undefined);
  for (const each of more) problems.add(each.path, 'an entity has one @SoftDelete; this is another');
  if (first === undefined) return;
  const write = `@SoftDelete() @Field('option<datetime>') ${first.property}?: Date`;
  const { softDelete } = entity;
  if (softDelete === undefined) return problems.add(first.path, '@SoftDelete stands on a plain field', write);
  const { type } = softDelete;
  if (!admitsNone(type) || !valueMembers(type).every(({ kind }) => kind === 'datetime'))
    problems.add(first.path, `@SoftDelete needs option<datetime>, the field is ${printType(type)}`, write);
  if (softDelete.immutable)
    problems.add(first.path, 'what is deleted softly can be restored, so the field cannot be READONLY', write);
  if (entity.readOnly) problems.add(first.path, 'nothing is deleted from a view', write);
};
