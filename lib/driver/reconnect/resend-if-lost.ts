import { ReverieError } from '../../errors/index.js';
import type { QueryRequest } from '../driver.js';
import { accessOf } from '../statement-access.js';

/** Statements of one request that lost their connections in a row: it may be this one that brings the server down. */
const MOST = 2;

/**
 * Sends a request, and again where its connection was lost before the answer and to run it twice does no harm. Whatever may write
 * is sent once.
 *
 * @param connection counts the connections that were lost
 */
export async function resendIfLost<T>(
  request: Pick<QueryRequest, 'text' | 'idempotent'>,
  connection: { readonly losses: number },
  send: () => Promise<T>,
): Promise<T> {
  if (request.idempotent !== true) return send();
  for (let resent = 0; ; resent += 1) {
    const { losses } = connection;
    try {
      return await send();
    } catch (error) {
      const isLost = ReverieError.is(error) && error.code === 'CONNECTION' && connection.losses !== losses;
      if (!isLost || resent === MOST || !isHarmless(request.text)) throw error;
    }
  }
}

/** Text of the user's own may stand in a read: functions that write, and calls of other servers. */
function isHarmless(text: string): boolean {
  return accessOf(text) === 'read' && !/\bhttp\s*::/i.test(text);
}
