import { isFragment } from '../../surrealql/surql.js';
import { acceptsValue } from '../../types/accepts-value.js';
import { printType } from '../../types/print-type.js';
import { isNone } from '../../values/index.js';
import { everyField } from '../every-field.js';
import type { Rule } from './rule.js';

/** A default is a value that the field takes, or `surql`. */
export const checkDefaults: Rule = ({ entity, problems }) => {
  for (const field of everyField(entity.properties)) {
    const given = field.default;
    if (given === undefined || isFragment(given) || field.codec !== undefined || field.embedded !== undefined) continue;
    const fits = given === null ? field.nullable : isNone(given) ? field.optional : acceptsValue(field.type, given);
    if (fits) continue;
    const reason =
      typeof given === 'function'
        ? 'a function cannot be stored as a default'
        : `the default ${text(given)} is not a value of ${printType(field.type)}`;
    problems.add(field.path, reason, `{ default: surql\`…\` } or a value of ${printType(field.type)}`);
  }
};

function text(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'string'
    ? `'${value}'`
    : typeof value === 'object' && value !== null && !Array.isArray(value)
      ? String(value)
      : JSON.stringify(value);
}
