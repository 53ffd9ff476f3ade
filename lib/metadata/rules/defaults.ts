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
    if (fits && isOfEnum(field.enumValues, given)) continue;
    if (fits) {
      const admitted = field.enumValues?.map(text).join(', ');
      problems.add(field.path, `the default ${text(given)} is none of its enum`, `{ default } as one of ${admitted}`);
      continue;
    }
    const reason =
      typeof given === 'function'
        ? 'a function cannot be stored as a default'
        : `the default ${text(given)} is not a value of ${printType(field.type)}`;
    problems.add(field.path, reason, `{ default: surql\`…\` } or a value of ${printType(field.type)}`);
  }
};

/** NONE and NULL go by the type; of a list each member has to be one. */
function isOfEnum(values: readonly unknown[] | undefined, given: unknown): boolean {
  if (values === undefined || given === null || isNone(given)) return true;
  return Array.isArray(given) ? given.every((each) => values.includes(each)) : values.includes(given);
}

function text(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'string'
    ? `'${value}'`
    : typeof value === 'object' && value !== null && !Array.isArray(value)
      ? String(value)
      : JSON.stringify(value);
}
