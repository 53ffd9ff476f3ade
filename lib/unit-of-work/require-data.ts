import { ValidationError } from '../errors/index.js';

/**
 * Data of one record is an object with members. What compilers without a type check let through is told before it is read: null
 * would be a raw TypeError, and a promise that nobody awaited a write of nothing.
 *
 * @throws ValidationError
 */
export function requireData(given: unknown, verb: string, className: string): asserts given is object {
  const isObject = typeof given === 'object' && given !== null;
  if (isObject && !isPromise(given) && !OTHERS.some((kind) => given instanceof kind)) return;
  const what = `em.${verb}(${className}, …) takes the data of a record as an object`;
  const why = `it was given ${shown(given)}`;
  const fix =
    isObject && isPromise(given)
      ? 'await it'
      : 'check where it comes from: a body that was not read, a row that is empty';
  throw new ValidationError({
    what,
    why,
    fix,
    errors: [{ path: className, message: `${what}: ${why}`, rule: 'type' }],
  });
}

const OTHERS = [Array, Date, Map, Set] as const;

const isPromise = (given: object): boolean => typeof (given as { readonly then?: unknown }).then === 'function';

function shown(given: unknown): string {
  if (Array.isArray(given)) return `a list of ${given.length}`;
  if (typeof given === 'object' && given !== null) return `a ${given.constructor.name}`;
  if (typeof given === 'function') return 'a function';
  return typeof given === 'string' ? 'a text' : String(given);
}
