import { isFragment } from '../surrealql/surql.js';
import { isPlain } from '../values/index.js';

/**
 * The same conditions without the keys whose value is undefined, nested ones too: for filters that a caller may leave out.
 *
 * ```ts
 * await em.find(User, where({ name: query.name, team: { id: query.team } }));
 * ```
 */
export function where<T>(conditions: T): T {
  return clean(conditions) as T;
}

function clean(given: unknown): unknown {
  if (Array.isArray(given)) return given.filter((item) => item !== undefined).map(clean);
  if (typeof given !== 'object' || given === null || isFragment(given) || !isPlain(given)) return given;
  const kept: [string, unknown][] = [];
  for (const [key, condition] of Object.entries(given)) {
    const cleaned = key === '$and' || key === '$or' ? withoutEmptied(condition) : clean(condition);
    if (cleaned !== undefined && !isEmptied(condition, cleaned)) kept.push([key, cleaned]);
  }
  return Object.fromEntries(kept);
}

/** A term that is left out is none of a list's; a list of nothing else is left out as a whole: `$or: []` would match nothing. */
function withoutEmptied(terms: unknown): unknown {
  if (!Array.isArray(terms)) return clean(terms);
  const kept = terms.flatMap((term: unknown) => {
    const cleaned = clean(term);
    return cleaned === undefined || isEmptied(term, cleaned) ? [] : [cleaned];
  });
  return kept.length === 0 && terms.length > 0 ? undefined : kept;
}

/** What had only undefined members is no condition any more. */
function isEmptied(before: unknown, after: unknown): boolean {
  if (typeof before !== 'object' || before === null || Array.isArray(before) || !isPlain(before) || isFragment(before))
    return false;
  return Object.keys(before).length > 0 && Object.keys(after as object).length === 0;
}
