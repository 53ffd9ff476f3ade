import { ValidationError } from '../../errors/index.js';
import type { ChangesOptions } from './feed-options.js';

/** Version stamps are milliseconds since 1970, and below them a counter of so many bits. */
const COUNTER_BITS = 16n;

/** The version stamp after which a feed begins. @throws ValidationError for what is neither a cursor nor a date */
export function positionOf(since: ChangesOptions['since']): bigint {
  if (since === undefined) return 0n;
  if (typeof since === 'bigint' && since >= 0n) return since;
  if (typeof since === 'string' && /^\d+$/.test(since)) return BigInt(since);
  if (typeof since === 'object' && Object.prototype.toString.call(since) === '[object Date]') {
    const time = since.getTime();
    // Before 1970 nothing was committed.
    if (!Number.isNaN(time)) return time <= 0 ? 0n : (BigInt(time) << COUNTER_BITS) - 1n;
  }
  const why = `${String(since)} is neither a cursor (a bigint from 0, or its text) nor a date`;
  throw new ValidationError({
    what: 'em.changes() does not know where to begin',
    why,
    fix: ['{ since: feed.cursor }', '{ since: new Date(…) }', 'leave it out to begin with all that is kept'],
    errors: [{ path: 'since', message: why, rule: 'type' }],
  });
}

/** When a transaction was committed. */
export function timeOf(versionstamp: bigint): Date {
  return new Date(Number(versionstamp >> COUNTER_BITS));
}
