import { decode, encode } from '../driver/codec/index.js';
import { serverStatements } from '../driver/embedded/server-statements.js';
import type { ClientConnection } from './client-connection.js';
import { answer, HttpRefusal } from './http-answer.js';
import { readBody } from './http-body.js';
import { applyHeaders } from './http-client.js';
import type { HttpExchange } from './http-endpoint.js';
import { runStatements } from './http-sql.js';
import { faultOf, wireFaults } from './wire-fault.js';

interface Entry {
  readonly status: string;
  readonly result: unknown;
}

/** GET or POST /export: the database as SurrealQL; the body of a POST says in JSON what to leave out. */
export async function exportDatabase({ request, response, limits, host, client }: HttpExchange): Promise<void> {
  const body = await readBody(request, limits.signBodyBytes);
  const connection = client();
  await applyHeaders(connection, request.headers);
  await mustMayView(connection);
  const [namespace, database] = await query(connection, serverStatements.place);
  // The engine exports its own session's database: it is moved there for this one export.
  const text = await host.asOwner(async (engine) => {
    await engine.execute(encode({ method: 'use', params: [namespace?.result, database?.result] }));
    return engine.export(body.byteLength === 0 ? undefined : encode(configIn(body)));
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

async function query(connection: ClientConnection, text: string): Promise<readonly Entry[]> {
  const answered = await connection.call('query', [text]).catch((error: unknown) => {
    const fault = faultOf(error);
    throw new HttpRefusal(fault.code === wireFaults.anonymous.code ? 401 : 400, fault.message);
  });
  return decode(answered) as readonly Entry[];
}

function configIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new HttpRefusal(400, 'The body must be a JSON object of export options');
  }
}
