import { isFragment } from '../../surrealql/surql.js';
import type { Rule } from './rule.js';

/** Events have a name of their own and something to do. */
export const checkEvents: Rule = ({ entity, problems }) => {
  const names = new Set<string>();
  for (const { name, when, then } of entity.events) {
    const write = `@Event({ name: '${name}', then: surql\`…\` })`;
    if (names.has(name)) problems.add(entity.className, `two events are called "${name}"`, "@Event({ name: '…', … })");
    names.add(name);
    const actions: readonly unknown[] = Array.isArray(then) ? then : [then];
    if (actions.length === 0 || !actions.every(isFragment))
      problems.add(entity.className, `what the event "${name}" does has to be written with surql`, write);
    if (when !== undefined && !isFragment(when))
      problems.add(entity.className, `the condition of the event "${name}" has to be written with surql`, write);
  }
};
