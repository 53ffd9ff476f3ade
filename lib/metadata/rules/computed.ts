import type { Rule } from './rule.js';

/** A computed value is not stored, so no index holds it. */
export const checkComputed: Rule = ({ entity, problems }) => {
  for (const property of entity.properties) {
    if (property.kind !== 'computed' || property.stored) continue;
    const index = entity.indexes.find((each) => each.columns.includes(property.column));
    if (index === undefined) continue;
    problems.add(
      property.path,
      `the index "${index.name}" cannot hold a value that is computed at each read`,
      `@Computed(…, { stored: true }) ${property.property}`,
    );
  }
};
