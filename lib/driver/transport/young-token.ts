import { AuthenticationError } from '../../errors/index.js';
import { claimsOf } from '../token-claims.js';
import { pause } from '../timers.js';

/** Milliseconds between attempts with a token that was made a moment ago. */
const PAUSES: readonly number[] = [100, 250, 500, 1_000];
/** Milliseconds for which a token counts as made a moment ago. */
const YOUNG = 5_000;

/**
 * Tries again for a while with a token that has just been made: to a server whose clock is a little behind the one that made it the
 * token is not valid yet. A request that was refused for its token did not run.
 */
export async function whileYoung<T>(token: () => string | undefined, attempt: () => Promise<T>): Promise<T> {
  for (const wait of PAUSES) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof AuthenticationError) || !isYoung(token())) throw error;
    }
    await pause(wait);
  }
  return attempt();
}

function isYoung(token: string | undefined): boolean {
  const { nbf, exp } = token === undefined ? {} : claimsOf(token);
  const now = Date.now();
  const hasRunOut = typeof exp === 'number' && exp * 1_000 <= now;
  return typeof nbf === 'number' && Math.abs(now - nbf * 1_000) < YOUNG && !hasRunOut;
}
