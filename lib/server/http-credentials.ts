import type { IncomingHttpHeaders } from 'node:http';
import { HttpRefusal } from './http-answer.js';

/** Who a request says it comes from and which database it is for, as its headers tell. */
export interface HttpCredentials {
  readonly token?: string;
  readonly basic?: { readonly user: string; readonly pass: string; readonly ns?: string; readonly db?: string };
  readonly namespace?: string;
  readonly database?: string;
}

/**
 * Reads `Authorization` (Bearer or Basic), `Surreal-NS`, `Surreal-DB`, `Surreal-Auth-NS` and `Surreal-Auth-DB`.
 * Throws an HttpRefusal (401) for an Authorization header of any other shape.
 */
export function credentialsOf(headers: IncomingHttpHeaders): HttpCredentials {
  const namespace = text(headers['surreal-ns']);
  const database = text(headers['surreal-db']);
  const place = { ...(namespace !== undefined && { namespace }), ...(database !== undefined && { database }) };
  const authorization = headers.authorization;
  if (authorization === undefined) return place;
  const [, scheme, value] = /^\s*(bearer|basic)\s+(\S+)\s*$/i.exec(authorization) ?? [];
  if (scheme === undefined || value === undefined)
    throw new HttpRefusal(401, 'There was a problem with authentication');
  if (scheme.toLowerCase() === 'bearer') return { ...place, token: value };
  return { ...place, basic: basicOf(value, headers) };
}

function basicOf(value: string, headers: IncomingHttpHeaders): NonNullable<HttpCredentials['basic']> {
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 0) throw new HttpRefusal(401, 'There was a problem with authentication');
  const ns = text(headers['surreal-auth-ns']);
  const db = text(headers['surreal-auth-db']);
  return {
    user: decoded.slice(0, colon),
    pass: decoded.slice(colon + 1),
    ...(ns !== undefined && { ns }),
    ...(db !== undefined && { db }),
  };
}

function text(header: string | string[] | undefined): string | undefined {
  const value = Array.isArray(header) ? header[0] : header;
  return value === undefined || value === '' ? undefined : value;
}

/** The claims of a JSON Web Token, unverified (the engine verifies); an empty object when it is none. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
