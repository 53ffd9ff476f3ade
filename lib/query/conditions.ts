import { isFragment } from '../surrealql/surql.js';
import { isPlain } from '../values/index.js';

/** An object of a where: conditions by property, operators, or both. */
export type Conditions = Readonly<Record<string, unknown>>;

/** A plain object that is no object of an entity: conditions by property. */
export function isConditions(where: unknown): where is Conditions {
  return typeof where === 'object' && where !== null && !Array.isArray(where) && !isFragment(where) && isPlain(where);
}

/** Conditions on an object or a record: operators on it as a whole, and what is asked of its members. */
export interface SplitConditions {
  readonly operators: Conditions;
  readonly members: Conditions;
}

/** `$and`, `$or` and a `$not` over conditions speak of the members, as they do at the top of a where. */
export function splitConditions(conditions: Conditions): SplitConditions {
  const entries = Object.entries(conditions);
  return {
    operators: Object.fromEntries(entries.filter(([key, argument]) => asksWhole(key, argument))),
    members: Object.fromEntries(entries.filter(([key, argument]) => !asksWhole(key, argument))),
  };
}

function asksWhole(key: string, argument: unknown): boolean {
  if (key !== '$not') return key.startsWith('$') && key !== '$and' && key !== '$or';
  return !isConditions(argument) || Object.entries(argument).every(([name, inner]) => asksWhole(name, inner));
}
