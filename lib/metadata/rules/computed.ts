import { isPlainName } from '../../values/index.js';
import type { Rule } from './rule.js';

/**
 * A computed value is not stored, so no index holds it. And the server (3.0.2) computes it under the name as it prints it: where
 * that has backticks, no statement finds the value again.
 */
export const checkComputed: Rule = ({ entity, problems }) => {
  for (const property of entity.properties) {
    if (property.kind !== 'computed' || property.stored) continue;
    if (!isPlainName(property.column)) {
      problems.add(
        property.path,
        `the server cannot read a value that is computed under the name ${JSON.stringify(property.column)}`,
        `a name of letters, digits and _: @Computed(…, { name: 'label' }) ${property.property}`,
      );
    }
    const index = entity.indexes.find((each) => each.columns.includes(property.column));
    if (index === undefined) continue;
    problems.add(
      property.path,
      `the index "${index.name}" cannot hold a value that is computed at each read`,
      `@Computed(…, { stored: true }) ${property.property}`,
    );
  }
};
