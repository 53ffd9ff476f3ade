import { everyField } from '../every-field.js';
import type { FieldMetadata } from '../entity-metadata.js';
import type { Rule } from './rule.js';

/** Options of fields that nothing carries out yet, and the way to do without. */
const FIELD: readonly (readonly [string, (field: FieldMetadata) => boolean, string])[] = [
  ['renamedFrom', (field) => field.renamedFrom !== undefined, "{ name: '…' } with the column's present name"],
];

/** What the options already name but nothing carries out yet is refused, so that it is never silently without effect. */
export const checkUnsupported: Rule = ({ entity, problems }) => {
  for (const field of everyField(entity.properties)) {
    for (const [option, isSet, instead] of FIELD) {
      if (isSet(field)) problems.add(field.path, `the option ${option} is not supported yet`, instead);
    }
  }
  for (const relation of entity.properties) {
    if (relation.kind !== 'field' && 'renamedFrom' in relation && relation.renamedFrom !== undefined) {
      problems.add(
        relation.path,
        'the option renamedFrom is not supported yet',
        "{ name: '…' } with the column's present name",
      );
    }
  }
};
