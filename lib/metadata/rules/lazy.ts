import { everyField } from '../every-field.js';
import type { FieldMetadata } from '../entity-metadata.js';
import type { Rule } from './rule.js';

/** What is compared or told apart by at every write has to be read with the rest. */
const NEEDED: ReadonlySet<FieldMetadata['role']> = new Set(['version', 'softDelete', 'discriminator']);

/** Lazy are whole columns that a unit of work can do without. */
export const checkLazy: Rule = ({ entity, problems }) => {
  for (const field of everyField(entity.properties)) {
    if (!field.lazy) continue;
    if (!entity.properties.includes(field))
      problems.add(
        field.path,
        'a member of an embedded class is read with its object',
        'lazy on the field that holds it',
      );
    else if (field.concurrencyCheck || NEEDED.has(field.role))
      problems.add(field.path, 'it is lazy, but every write needs the value that was read', 'leave lazy out');
  }
};
