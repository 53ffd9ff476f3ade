import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

const LOCAL_ORIGIN = /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Whether a page of this origin may use the server. Pages of any site may sign in, as on a real server; where nobody
 * has to, a page from elsewhere would be the owner of the data, so only pages of this machine are let in.
 */
export function mayServeOrigin(headers: IncomingHttpHeaders, unauthenticated: boolean): boolean {
  const { origin } = headers;
  return origin === undefined || !unauthenticated || LOCAL_ORIGIN.test(origin);
}

/** The headers that let a page read the answer. */
export function writeCorsHeaders(headers: IncomingHttpHeaders, response: ServerResponse): void {
  if (headers.origin === undefined) return;
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', 'surreal-version');
}

/** Answers the question a browser asks before the request proper. */
export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
    'access-control-allow-headers':
      'accept, authorization, content-type, surreal-id, surreal-ns, surreal-db, surreal-auth-ns, surreal-auth-db',
    'access-control-max-age': '86400',
  });
  response.end();
}
