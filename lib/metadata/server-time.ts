import { surql, type SurqlFragment } from '../surrealql/surql.js';

/**
 * The server's clock. It counts nanoseconds, a `Date` holds milliseconds: a row's own Date would neither find the row nor
 * guard its update, so timestamps are whole milliseconds unless nanoseconds are asked for.
 */
export function serverTime(precision: 'ms' | 'ns' | undefined): SurqlFragment {
  return precision === 'ns' ? surql`time::now()` : surql`time::floor(time::now(), 1ms)`;
}
