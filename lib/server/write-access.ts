import { accessOf } from '../driver/statement-access.js';
import { walkMap } from './cbor-walk.js';
import { claimsOf } from './http-credentials.js';
import type { MethodRule } from './method-rules.js';
import { firstText, parametersOf, type RequestEnvelope } from './request-envelope.js';

/** What a request does to the store, judged from its method and at most its first parameter. */
export interface RequestNature {
  /** May write by itself, and so passes the write gate. */
  readonly gated: boolean;
  /** May register a live query: runs alone on its session, and its notifications wait for its answer. */
  readonly live: boolean;
}

/** Judges a request; whatever cannot be told counts as a write. */
export function natureOf(envelope: RequestEnvelope, rule: MethodRule): RequestNature {
  const inTransaction = rule.transactional && envelope.txn !== undefined;
  switch (rule.writes) {
    case 'never':
      return { gated: false, live: false };
    case 'always':
      return { gated: !inTransaction, live: envelope.method === 'live' };
    case 'by-text':
      return natureOfQuery(firstText(envelope), inTransaction);
    case 'by-credentials':
      return { gated: credentialsMayWrite(envelope), live: false };
  }
}

function natureOfQuery(text: string | undefined, inTransaction: boolean): RequestNature {
  if (text === undefined) return { gated: false, live: false };
  const live = mayRegisterLive(text);
  return { gated: !inTransaction && (live || accessOf(text) === 'write'), live };
}

/**
 * Whether a query may register a live query. The keyword can only be written out, so a text without the word is
 * certain not to; one that merely mentions it runs alone on its session, which costs a little and breaks nothing.
 */
function mayRegisterLive(text: string): boolean {
  return /\blive\b/i.test(text);
}

/** Users sign in by reading; an access method runs statements of its own and stores grants. */
function credentialsMayWrite(envelope: RequestEnvelope): boolean {
  const token = firstText(envelope);
  if (token !== undefined) {
    const claims = claimsOf(token);
    return 'AC' in claims || 'ac' in claims;
  }
  const [credentials] = parametersOf(envelope);
  if (credentials === undefined) return false;
  let access = false;
  try {
    walkMap(credentials, 0, (key) => {
      if (key === 'ac' || key === 'AC') access = true;
    });
  } catch {
    // No object: the engine refuses it without running anything.
  }
  return access;
}
