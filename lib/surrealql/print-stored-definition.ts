import type { ExistsClause } from './nodes/definitions.js';

const KEYS = / WITH JWT ALGORITHM HS512 KEY '\[REDACTED\]' WITH ISSUER KEY '\[REDACTED\]'/;

/** A definition as INFO tells it, to be run where its object may exist already. */
export function redefinition(text: string, exists: ExistsClause): string {
  const clause = exists === 'overwrite' ? 'OVERWRITE' : 'IF NOT EXISTS';
  // Of a config INFO leaves out the first two words.
  const whole = text.startsWith('DEFINE ') ? text : `DEFINE CONFIG ${text}`;
  return whole.replace(/^DEFINE [A-Z]+/, (head) => `${head} ${clause}`);
}

/**
 * The definition of an access without the keys that the server withholds: of a record access it makes new ones. Undefined
 * where an access cannot be without.
 */
export function withoutKeys(access: string): string | undefined {
  const open = /^DEFINE ACCESS (?:`(?:[^`\\]|\\.)*`|\S+) ON DATABASE TYPE RECORD\b/.test(access)
    ? access.replace(KEYS, '')
    : access;
  return open.includes("KEY '[REDACTED]'") ? undefined : open;
}
