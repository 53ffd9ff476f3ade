import { and, array, binary, or, value, type Expression, type Projection } from '../surrealql/nodes/index.js';
import type { SortKey } from './order-by.js';

/** The member of a row that holds the values of its sort keys, as they were compared: nanoseconds, NONE and NULL told apart. */
const KEYSET_ALIAS = '__keyset';

/** What each row has to bring along for the place after it to be named. */
export function keysetProjection(keys: readonly SortKey[]): Projection {
  return { expression: array(keys.map(({ by }) => by)), alias: [KEYSET_ALIAS] };
}

/** The place of a row in its result; the entity is made from what is left. */
export function takeKeyset(row: Record<string, unknown>): readonly unknown[] {
  const values = row[KEYSET_ALIAS] as readonly unknown[];
  delete row[KEYSET_ALIAS];
  return values;
}

/**
 * The rows that come after the one whose sort keys have these values. The server compares in the order by which it sorts:
 * NONE before NULL before all other values, kind by kind. The last key is unique, so no row is met twice or left out.
 *
 * Compared with true, so that no index serves it: an index on a key does not hold the records that lack it, which are less than
 * every value here.
 */
export function comesAfter(keys: readonly SortKey[], values: readonly unknown[]): Expression {
  const after = or(
    keys.map(({ by, direction }, at) =>
      and([
        ...keys.slice(0, at).map((before, index) => binary(before.by, '=', value(values[index]))),
        binary(by, direction === 'ASC' ? '>' : '<', value(values[at])),
      ]),
    ),
  );
  return binary(after, '=', value(true));
}

/** The same order, read from its end. */
export function backwards(keys: readonly SortKey[]): readonly SortKey[] {
  return keys.map((key) => ({ ...key, direction: key.direction === 'ASC' ? 'DESC' : 'ASC' }));
}
