import { readBody } from './http-body.js';
import { applyHeaders } from './http-client.js';
import type { HttpExchange } from './http-endpoint.js';
import { answerStatements, runQuery } from './http-query.js';

/** POST /sql: the body is SurrealQL, the parameters of the URL are its text variables. */
export async function runSql(exchange: HttpExchange): Promise<void> {
  const body = await readBody(exchange.request, exchange.limits.sqlBodyBytes);
  await runStatements(exchange, body.toString('utf8'), Object.fromEntries(exchange.url.searchParams));
}

/** Runs SurrealQL under the session the headers describe and answers with one result a statement. */
export async function runStatements(
  exchange: HttpExchange,
  text: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const connection = exchange.client();
  await applyHeaders(connection, exchange.request.headers);
  answerStatements(exchange, await runQuery(connection, text, variables));
}
