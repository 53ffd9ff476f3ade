import { errorOf } from './error-classifier.js';
import type { Send } from './transport/transport.js';

const SIGN_INS: ReadonlySet<string> = new Set(['signin', 'authenticate']);

/** Sign-ins and the like while a connection or a session is made fail with typed errors too. */
export function reporting(send: Send): Send {
  return async (method, params, access) => {
    try {
      return await send(method, params, access);
    } catch (error) {
      throw errorOf(error, SIGN_INS.has(method) ? { purpose: 'auth' } : {});
    }
  };
}
