import type { IncomingHttpHeaders } from 'node:http';
import type { ClientConnection } from './client-connection.js';
import { HttpRefusal } from './http-answer.js';
import { claimsOf, credentialsOf, type HttpCredentials } from './http-credentials.js';
import { faultOf } from './wire-fault.js';

/**
 * Brings a connection into the state its HTTP headers describe: signed in, and in their namespace and database.
 * Throws an HttpRefusal (401) for credentials that fail, (400) for a place that cannot be used.
 */
export async function applyHeaders(client: ClientConnection, headers: IncomingHttpHeaders): Promise<void> {
  const credentials = credentialsOf(headers);
  await signIn(client, credentials);
  const place = placeOf(credentials);
  if (place === undefined) return;
  try {
    await client.call('use', place);
  } catch (error) {
    throw new HttpRefusal(400, faultOf(error).message);
  }
}

async function signIn(client: ClientConnection, { token, basic }: HttpCredentials): Promise<void> {
  try {
    if (token !== undefined) await client.call('authenticate', [token]);
    else if (basic !== undefined) await client.call('signin', [basic]);
  } catch (error) {
    throw new HttpRefusal(401, faultOf(error).message);
  }
}

/** The parameters of `use`; what a token says goes before the headers, and what neither says stays as it is. */
function placeOf({ token, namespace, database }: HttpCredentials): readonly unknown[] | undefined {
  const claims = token === undefined ? {} : claimsOf(token);
  const ns = 'NS' in claims ? undefined : namespace;
  const db = 'DB' in claims ? undefined : database;
  return ns === undefined && db === undefined ? undefined : [ns, db];
}
