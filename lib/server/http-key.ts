import { decode } from '../driver/codec/index.js';
import { recordStatements, tableStatements } from '../driver/embedded/record-statements.js';
import { serverStatements } from '../driver/embedded/server-statements.js';
import { HttpRefusal } from './http-answer.js';
import { readBody } from './http-body.js';
import type { HttpExchange, HttpHandler } from './http-endpoint.js';
import { answerStatements, runQuery, type StatementEntry } from './http-query.js';
import { applyHeaders } from './http-client.js';
import type { ClientConnection } from './client-connection.js';

type Variables = Readonly<Record<string, unknown>>;
type Target = { readonly table: string; readonly id?: unknown };

/** Rows of a GET whose url does not say how many. */
const ROWS = 100;

/**
 * /key/{table} and /key/{table}/{key}: GET reads (`limit`, `start`, `fields`), POST creates, PUT replaces, PATCH merges and
 * DELETE answers with what was there. The body is an object in JSON or SurrealQL; what else the url says are its variables.
 */
export const keyRoutes: Readonly<Record<string, HttpHandler>> = Object.freeze({
  GET: (exchange) =>
    onTarget(exchange, (target) => {
      const { searchParams } = exchange.url;
      const fields = searchParams.getAll('fields');
      const { all, some } = statementsFor(target).GET;
      const limit = countIn(searchParams, 'limit', ROWS);
      const start = countIn(searchParams, 'start', 0);
      return { text: fields.length === 0 ? all : some, variables: { ...target, fields, limit, start } };
    }),
  POST: (exchange) => onTarget(exchange, withBody(exchange, 'POST')),
  PUT: (exchange) => onTarget(exchange, withBody(exchange, 'PUT')),
  PATCH: (exchange) => onTarget(exchange, withBody(exchange, 'PATCH')),
  DELETE: (exchange) => onTarget(exchange, (target) => ({ text: statementsFor(target).DELETE, variables: target })),
});

interface Statement {
  readonly text: string;
  readonly variables: Variables;
}

type Writing = (target: Target, connection: ClientConnection) => Statement | Promise<Statement>;

async function onTarget(exchange: HttpExchange, statementFor: Writing): Promise<void> {
  const target = targetOf(exchange.url.pathname);
  const connection = exchange.client();
  await applyHeaders(connection, exchange.request.headers);
  await mustBeSomewhere(connection);
  const { text, variables } = await statementFor(target, connection);
  answerStatements(exchange, await runQuery(connection, text, variables));
}

function withBody({ request, limits, url }: HttpExchange, verb: 'POST' | 'PUT' | 'PATCH'): Writing {
  const reading = readBody(request, limits.keyBodyBytes);
  // Whoever awaits it is told; until then a failure is nobody's.
  reading.catch(() => undefined);
  return async (target, connection) => {
    const variables = Object.fromEntries([...url.searchParams].map(([name, text]) => [name, jsonOr(text)]));
    const data = await evaluated(connection, (await reading).toString('utf8'), variables);
    return { text: statementsFor(target)[verb], variables: { ...variables, ...target, data } };
  };
}

/** The value of the body, which the server takes for SurrealQL: JSON is a part of it. */
async function evaluated(connection: ClientConnection, text: string, variables: Variables): Promise<unknown> {
  const entries = decode(await runQuery(connection, text, variables)) as readonly StatementEntry[];
  const last = entries.at(-1);
  if (last?.status === 'ERR') throw new HttpRefusal(400, String(last.result));
  return last?.result;
}

async function mustBeSomewhere(connection: ClientConnection): Promise<void> {
  const place = decode(await runQuery(connection, serverStatements.place, {})) as readonly StatementEntry[];
  for (const [at, name] of ['namespace', 'database'].entries())
    if (typeof place[at]?.result !== 'string') throw new HttpRefusal(400, `Specify a ${name} to use`);
}

function statementsFor({ id }: Target): typeof tableStatements {
  return id === undefined ? tableStatements : recordStatements;
}

/** `/key/person` or `/key/person/tobie`; a key that is a whole number, a list, an object or a quoted text is read as JSON. */
function targetOf(pathname: string): Target {
  const [table, key, ...more] = pathname.slice('/key/'.length).split('/').map(decoded);
  if (table === undefined || table === '' || key === '' || more.length > 0)
    throw new HttpRefusal(404, 'The requested resource could not be found');
  return key === undefined ? { table } : { table, id: /^(-?\d+$|[[{"])/.test(key) ? jsonOr(key) : key };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpRefusal(400, 'The path holds a percent sign that encodes nothing');
  }
}

function countIn(parameters: URLSearchParams, name: string, otherwise: number): number {
  const text = parameters.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,15}$/.test(text)) throw new HttpRefusal(400, `${name} must be a whole number`);
  return Number(text);
}

/** What JSON says, or the text itself. Whole numbers beyond those that JSON reads keep their digits. */
function jsonOr(text: string): unknown {
  if (/^-?\d{16,19}$/.test(text)) return BigInt(text);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
