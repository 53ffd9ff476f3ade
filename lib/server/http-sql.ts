import { answer, HttpRefusal } from './http-answer.js';
import { readBody } from './http-body.js';
import { applyHeaders } from './http-client.js';
import type { HttpExchange } from './http-endpoint.js';
import { answerFormat } from './http-media.js';
import { faultOf, wireFaults } from './wire-fault.js';

/** POST /sql: the body is SurrealQL, the parameters of the URL are its text variables. */
export async function runSql(exchange: HttpExchange): Promise<void> {
  const body = await readBody(exchange.request, exchange.limits.sqlBodyBytes);
  await runStatements(exchange, body.toString('utf8'), Object.fromEntries(exchange.url.searchParams));
}

/** Runs SurrealQL under the session the headers describe and answers with one result a statement. */
export async function runStatements(
  { request, response, client }: HttpExchange,
  text: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const connection = client();
  await applyHeaders(connection, request.headers);
  const results = await connection.call('query', [text, variables]).catch((error: unknown) => {
    const fault = faultOf(error);
    throw new HttpRefusal(fault.code === wireFaults.anonymous.code ? 401 : 400, fault.message);
  });
  const format = answerFormat(request);
  answer(response, 200, format.mediaType, format.encodeAnswer(results));
}
