import type { Rule } from './rule.js';

/** What the options already name but nothing carries out yet: refused, so that it is never silently without effect. */
export const checkUnsupported: Rule = ({ entity, problems }) => {
  const { className, options } = entity;
  if (options.discriminator !== undefined || options.value !== undefined) {
    problems.add(
      className,
      'several classes in one table (discriminator, value) are not supported yet',
      'one table for each class, their common part in an abstract base class',
    );
  }
  if (options.connection !== undefined)
    problems.add(
      className,
      'several connections of one ORM are not supported yet',
      'an ORM of its own for each database',
    );
};
