import type { Rule } from './rule.js';

/** One lock an entity, of a kind that can grow; and checks stand on values. */
export const checkVersion: Rule = ({ collected, entity, problems }) => {
  const [first, ...more] = collected.properties.filter((each) => each.declaration.kind === 'version');
  for (const each of more)
    problems.add(each.path, 'an entity has one @Version; this is another', `@Field('int') ${each.property}`);
  if (first?.declaration.kind === 'version') {
    const { type } = first.declaration.options;
    if (type !== undefined && type !== 'int' && type !== 'datetime')
      problems.add(
        first.path,
        `a version is int or datetime, it was given ${JSON.stringify(type)}`,
        `@Version() ${first.property}`,
      );
  }
  for (const { property, path, concurrencyCheck } of collected.properties)
    if (concurrencyCheck && entity.byProperty.get(property)?.kind !== 'field')
      problems.add(
        path,
        '@ConcurrencyCheck compares a stored value, this is none',
        `@ConcurrencyCheck() @Field('string') ${property}`,
      );
};
