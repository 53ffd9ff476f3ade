import { ValidationError } from '../errors/index.js';

export type ServerKind = 'embedded' | 'websocket' | 'http';

export interface ServerAddress {
  readonly kind: ServerKind;
  /** For servers the endpoint's full url, ending in `/rpc`; for embedded engines the url as it was given. */
  readonly url: string;
}

const KINDS: Readonly<Record<string, ServerKind>> = { ws: 'websocket', wss: 'websocket', http: 'http', https: 'http' };

/** Tells by the scheme how to reach a database; `/rpc` is added to a server's path where it is missing. */
export function parseServerUrl(url: unknown): ServerAddress {
  if (typeof url !== 'string' || url.trim() === '') throw refused(String(url), 'it is empty');
  const text = url.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  const kind = scheme === undefined ? undefined : KINDS[scheme];
  if (kind === undefined) return { kind: 'embedded', url: text };
  return { kind, url: endpoint(text) };
}

function endpoint(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refused(text, 'it is not a valid url');
  }
  if (url.username !== '' || url.password !== '') throw refused(hidden(url), 'credentials in a url end up in logs');
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith('/rpc') ? path : `${path}/rpc`;
  url.hash = '';
  return url.href;
}

function hidden(url: URL): string {
  return `${url.protocol}//…@${url.host}${url.pathname}`;
}

function refused(url: string, why: string): ValidationError {
  return new ValidationError({
    what: `The url ${JSON.stringify(url)} leads to no database`,
    why,
    fix: ['ws://localhost:8000 with the option auth: { username, password }', 'mem:// for an embedded store'],
    errors: [{ path: 'url', message: why, rule: 'type' }],
  });
}
