import {
  AuthenticationError,
  CapabilityError,
  ConnectionError,
  PermissionError,
  type ReverieError,
} from '../../errors/index.js';
import type { Flight } from '../flight.js';
import { thrownCode, thrownText } from '../thrown.js';
import { RequestTooLarge } from '../request-too-large.js';

/** Failures before a byte of the request has left: nothing can have happened. */
const NEVER_CONNECTED = new Set<string>([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What `fetch` threw, typed. */
export function fetchFailure(url: string, flight: Flight, error: unknown): ReverieError {
  const wrapped =
    typeof error === 'object' && error !== null ? (error as { readonly cause?: unknown }).cause : undefined;
  const cause = wrapped === undefined ? error : wrapped;
  const code = thrownCode(cause);
  const why = thrownText(cause);
  if (code === undefined ? why !== 'bad port' : !NEVER_CONNECTED.has(code))
    return flight.lost(`The connection to ${url} was lost (${why})`, error);
  return new ConnectionError({
    what: `${url} cannot be reached`,
    why: why === '' && code !== undefined ? code : why,
    fix: ['start the server: reverie serve', 'check host, port and firewall'],
    outcome: 'not-sent',
    cause: error,
  });
}

/** An answer that is no RPC answer: the server, or something before it, has refused the request as a whole. */
export function statusFailure(url: string, status: number, text: string, bytes: number, limit: number): Error {
  const why = text.trim() === '' ? `status ${status}` : `status ${status}: ${text.trim().slice(0, 500)}`;
  if (status === 413) return new RequestTooLarge(bytes, limit);
  if (status === 401 && why.includes('access method cannot be used')) return tokenOfKey(why);
  if (status === 401) {
    return new AuthenticationError({
      what: 'The server refused the sign-in of a request',
      why,
      fix: [
        'sign in again: the token may have expired',
        'give `auth` as a function or as username and password, so that it can be renewed',
      ],
    });
  }
  if (status === 403) return new PermissionError({ what: 'The server forbids the request', why });
  const isRefusal = status < 500 || status === 503;
  return new ConnectionError({
    what: `${url} gave no RPC answer`,
    why,
    fix:
      status === 404
        ? 'check the path of the url: SurrealDB answers at /rpc'
        : 'look at the log of the server, or of the proxy before it',
    outcome: isRefusal ? 'not-sent' : 'unknown',
  });
}

/** Over http every request is signed in by a token. */
function tokenOfKey(why: string): CapabilityError {
  return new CapabilityError({
    what: 'A bearer key cannot be used over http',
    why: `the server takes the token that a key gives for no request (${why})`,
    fix: 'connect by ws:// or wss://, where the session itself stays signed in',
  });
}
