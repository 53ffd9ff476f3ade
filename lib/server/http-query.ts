import type { ClientConnection } from './client-connection.js';
import { answer, HttpRefusal } from './http-answer.js';
import type { HttpExchange } from './http-endpoint.js';
import { answerFormat } from './http-media.js';
import { faultOf, wireFaults } from './wire-fault.js';

/** What one statement answered. */
export interface StatementEntry {
  readonly status: string;
  readonly result: unknown;
}

/** Runs SurrealQL and answers with one entry a statement, in CBOR. Throws an HttpRefusal for a text that cannot be run at all. */
export function runQuery(
  connection: ClientConnection,
  text: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<Uint8Array> {
  return connection.call('query', [text, variables]).catch((error: unknown) => {
    const fault = faultOf(error);
    throw new HttpRefusal(fault.code === wireFaults.anonymous.code ? 401 : 400, fault.message);
  });
}

/** Answers with the entries in the format the client asked for. */
export function answerStatements({ request, response }: HttpExchange, entries: Uint8Array): void {
  const format = answerFormat(request);
  answer(response, 200, format.mediaType, format.encodeAnswer(entries));
}
