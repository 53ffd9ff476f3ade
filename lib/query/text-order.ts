import { CapabilityError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { valueMembers } from '../types/admits.js';
import type { TextComparison } from '../types/order-by.js';
import type { SurrealType } from '../types/surreal-type.js';
import { isPlain } from '../values/index.js';
import { describe, refused } from './query-errors.js';

const COMPARISONS = ['collate', 'numeric'] as const;

/**
 * What an order says of a text beside its direction; undefined where it is a direction alone.
 *
 * @throws ValidationError where the field holds no text
 */
export function textOrderOf(
  type: SurrealType,
  order: unknown,
  label: string,
): Readonly<Record<string, unknown>> | undefined {
  if (typeof order !== 'object' || order === null || !isPlain(order)) return undefined;
  const isOne = Object.keys(order).some((key) => key === 'collate' || key === 'numeric' || key === 'direction');
  if (!isOne) return undefined;
  if (valueMembers(type).some(holdsText)) return { ...order };
  throw refused({
    path: label,
    what: `${label} is ordered by its values alone`,
    why: 'collate and numeric are comparisons of texts, and it holds none',
    fix: "'asc' or 'desc'",
    rule: 'operator',
  });
}

function holdsText(type: SurrealType): boolean {
  return type.kind === 'string' || type.kind === 'any' || (type.kind === 'literal' && typeof type.value === 'string');
}

/** Empty where texts are compared by code points. @throws ValidationError for what is no comparison */
export function comparisonOf(given: object, label: string): { readonly comparison?: TextComparison } {
  for (const [key, value] of Object.entries(given)) {
    if (!COMPARISONS.some((name) => name === key) || (value !== undefined && typeof value !== 'boolean'))
      throw noComparison(label, key, value);
  }
  const chosen = COMPARISONS.filter((name) => (given as TextComparison)[name] === true);
  if (chosen.length === 0) return {};
  return { comparison: Object.freeze(Object.fromEntries(chosen.map((name) => [name, true]))) };
}

function noComparison(label: string, key: string, value: unknown): Error {
  return refused({
    path: `${label}.${key}`,
    what: `${label} cannot be ordered by { ${key}: ${describe(value)} }`,
    why: 'texts are compared with collate and numeric, each true or false',
    fix: "{ collate: true, numeric: true, direction: 'desc' }",
    rule: 'operator',
  });
}

/** A place behind a row is stated with `<` and `>`, for which the server has no other comparison of texts. */
export function noPlaceIn(meta: EntityMetadata): CapabilityError {
  return new CapabilityError({
    what: `Pages, streams and live lists of ${meta.className} cannot be ordered with collate or numeric`,
    why: 'they go on from the values of a row, and in a condition SurrealDB compares texts by code points alone',
    fix: [
      'em.find() with limit and offset',
      'order by a stored computed field, such as string::lowercase(…), that has the wanted order by code points',
    ],
  });
}
