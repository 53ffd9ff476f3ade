import { answerFault } from './answer-envelope.js';
import { answer, HttpRefusal } from './http-answer.js';
import { readBody } from './http-body.js';
import { applyHeaders } from './http-client.js';
import type { HttpExchange } from './http-endpoint.js';
import { accepts, bodyFormat } from './http-media.js';
import { wireFaults } from './wire-fault.js';

/** POST /rpc: one request, under the session that the headers describe; a failed call is still a 200. */
export async function answerRpc({ request, response, limits, client }: HttpExchange): Promise<void> {
  const format = bodyFormat(request);
  if (!accepts(request, format.mediaType)) {
    throw new HttpRefusal(415, `The answer comes in the format of the request, ${format.mediaType}`);
  }
  const body = await readBody(request, limits.rpcBodyBytes);
  const connection = client();
  await applyHeaders(connection, request.headers);
  const send = (bytes: Uint8Array): void => answer(response, 200, format.mediaType, format.encodeAnswer(bytes));
  let frame: Uint8Array;
  try {
    frame = format.decodeRequest(body);
  } catch {
    send(answerFault({ id: undefined, sessionItem: undefined }, wireFaults.parse));
    return;
  }
  await connection.handle(frame, send);
}
