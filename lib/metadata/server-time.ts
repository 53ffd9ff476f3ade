import type { SurqlFragment } from '../surrealql/surql.js';

/**
 * The server's clock. It counts nanoseconds, a `Date` holds milliseconds: a row's own Date would neither find the row nor
 * guard its update, so timestamps are whole milliseconds unless nanoseconds are asked for.
 */
export function serverTime(precision: 'ms' | 'ns' | undefined): SurqlFragment {
  const text = precision === 'ns' ? 'time::now()' : 'time::floor(time::now(), 1ms)';
  return Object.freeze({ kind: 'Fragment', strings: Object.freeze([text]), values: Object.freeze([]) });
}
