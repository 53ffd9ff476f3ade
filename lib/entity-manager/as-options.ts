import { ValidationError } from '../errors/index.js';
import { describe } from '../query/query-errors.js';
import { isFragment } from '../surrealql/surql.js';
import { kindOf, tagOf } from '../values/index.js';

/** Options as they were given, none for undefined. @throws ValidationError for what is no object of options */
export function asOptions<O extends object>(given: O | undefined, of: string, example: string): O {
  return given === undefined ? ({} as O) : requireOptions(given, of, example);
}

/**
 * What is no object of options is told before it is looked into: a number, a text or a Date has none of them, and a limit that was
 * meant would silently be none.
 *
 * @param of whose options they are: `a read of User`
 * @throws ValidationError
 */
export function requireOptions<O extends object>(given: O, of: string, example: string): O {
  if (isObjectOfOptions(given)) return given;
  const what = `The options of ${of} are an object`;
  const why = `it was given ${describe(given)}`;
  throw new ValidationError({
    what,
    why,
    fix: example,
    errors: [{ path: 'options', message: `${what}: ${why}`, rule: 'option' }],
  });
}

/** Objects of classes may be options too; values, lists, maps, promises and queries are not. */
function isObjectOfOptions(given: unknown): boolean {
  if (typeof given !== 'object' || given === null) return false;
  return tagOf(given) === '[object Object]' && kindOf(given) === undefined && !isFragment(given);
}
