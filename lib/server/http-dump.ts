import { decode, encode } from '../driver/codec/index.js';
import { serverStatements } from '../driver/embedded/server-statements.js';
import type { ClientConnection } from './client-connection.js';
import { answer, HttpRefusal } from './http-answer.js';
import { readBody } from './http-body.js';
import { applyHeaders } from './http-client.js';
import type { HttpExchange } from './http-endpoint.js';
import { saysCbor } from './http-media.js';
import { runQuery, type StatementEntry } from './http-query.js';
import { runStatements } from './http-sql.js';

/** GET or POST /export: the database as SurrealQL; the body of a POST says in JSON or CBOR what to leave out. */
export async function exportDatabase({ request, response, limits, host, client }: HttpExchange): Promise<void> {
  const body = await readBody(request, limits.signBodyBytes);
  const config = body.byteLength === 0 ? undefined : configIn(body, saysCbor(request));
  const connection = client();
  await applyHeaders(connection, request.headers);
  await mustMayView(connection);
  const [namespace, database] = await query(connection, serverStatements.place);
  // The engine exports its own session's database: it is moved there for this one export.
  const text = await host.asOwner(async (engine) => {
    await engine.execute(encode({ method: 'use', params: [namespace?.result, database?.result] }));
    return engine.export(config).catch((error: unknown) => {
      throw new HttpRefusal(config === undefined ? 500 : 400, String(error));
    });
  });
  answer(response, 200, 'text/plain; charset=utf-8', text);
}

/** POST /import: runs the body's statements with the sender's own rights. */
export async function importStatements(exchange: HttpExchange): Promise<void> {
  const body = await readBody(exchange.request, exchange.limits.importBodyBytes);
  await runStatements(exchange, body.toString('utf8'), {});
}

async function mustMayView(connection: ClientConnection): Promise<void> {
  const [info] = await query(connection, serverStatements.viewDatabase);
  if (info?.status !== 'OK') throw new HttpRefusal(403, String(info?.result));
}

async function query(connection: ClientConnection, text: string): Promise<readonly StatementEntry[]> {
  return decode(await runQuery(connection, text, {})) as readonly StatementEntry[];
}

/** The export options as the engine reads them, in CBOR; a client of the binary protocol sends them so. */
function configIn(body: Buffer, isCbor: boolean): Uint8Array {
  try {
    return encode(isCbor ? decode(body) : JSON.parse(body.toString('utf8')));
  } catch {
    throw new HttpRefusal(400, 'The body must be an object of export options, in JSON or CBOR');
  }
}
