import { claimsOf, expiryOf } from '../driver/token-claims.js';
import { RecordId } from '../values/index.js';

/** What a token says of itself. */
export interface TokenReading {
  /** The record that it stands for; null for a system user's. */
  readonly id: RecordId | null;
  readonly access: string | undefined;
  readonly namespace: string | undefined;
  readonly database: string | undefined;
  /** When it runs out; undefined where it does not say. */
  readonly expires: Date | undefined;
  /** Everything, as it stands there. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Null for what is no token, and for one that has run out by this machine's clock. */
export function readToken(token: string): TokenReading | null {
  if (typeof token !== 'string') return null;
  const claims = claimsOf(token);
  const expiry = expiryOf(token);
  if (Object.keys(claims).length === 0 || (expiry !== undefined && expiry <= Date.now())) return null;
  return {
    id: recordIn(claims['ID'] ?? claims['id']),
    access: textIn(claims['AC']),
    namespace: textIn(claims['NS']),
    database: textIn(claims['DB']),
    expires: expiry === undefined ? undefined : new Date(expiry),
    claims,
  };
}

/** System users are named there too, without a table. */
function recordIn(claim: unknown): RecordId | null {
  if (typeof claim !== 'string') return null;
  try {
    return RecordId.parse(claim);
  } catch {
    return null;
  }
}

function textIn(claim: unknown): string | undefined {
  return typeof claim === 'string' ? claim : undefined;
}
