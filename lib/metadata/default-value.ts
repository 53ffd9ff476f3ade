import { isFragment } from '../surrealql/surql.js';
import { valueMembers } from '../types/admits.js';
import type { SurrealType } from '../types/surreal-type.js';
import { Decimal, Duration, Uuid } from '../values/index.js';

/** What reads the forms that stand for a value of these types; the server takes none of them for a text. */
const READ: Readonly<Partial<Record<SurrealType['kind'], (form: string | number) => unknown>>> = {
  decimal: (form) => new Decimal(form),
  duration: (form) => Duration.parse(String(form)),
  uuid: (form) => Uuid.parse(String(form)),
};

/**
 * A default as the field holds it: `'1.50'` and `0` of a decimal, `'1h'` of a duration, the text of a uuid are read into
 * values, as they are in `create`. What cannot be read stays what it is, for the rules to judge.
 */
export function defaultValue(type: SurrealType, given: unknown): unknown {
  const [only, ...others] = valueMembers(type);
  if (only === undefined || others.length > 0 || isFragment(given)) return given;
  if ((only.kind === 'array' || only.kind === 'set') && Array.isArray(given)) {
    const items = given.map((item) => defaultValue(only.items, item));
    return only.kind === 'set' ? new Set(items) : items;
  }
  const read = READ[only.kind];
  const isForm = typeof given === 'string' || (typeof given === 'number' && only.kind === 'decimal');
  if (read === undefined || !isForm) return given;
  try {
    return read(given);
  } catch {
    return given;
  }
}
