import type { Rule } from './rule.js';

/** One lock an entity. */
export const checkVersion: Rule = ({ collected, problems }) => {
  const [, ...more] = collected.properties.filter((each) => each.declaration.kind === 'version');
  for (const each of more)
    problems.add(each.path, 'an entity has one @Version; this is another', `@Field('int') ${each.property}`);
};
