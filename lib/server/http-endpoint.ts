import type { IncomingMessage, ServerResponse } from 'node:http';
import { mayServeOrigin, answerPreflight, writeCorsHeaders } from './browser-guard.js';
import type { ClientConnection } from './client-connection.js';
import type { EngineHost } from './engine-host.js';
import { answerRefusal, HttpRefusal } from './http-answer.js';
import { exportDatabase, importStatements } from './http-dump.js';
import { keyRoutes } from './http-key.js';
import { healthOf, statusOf, versionOf } from './http-probes.js';
import { answerRpc } from './http-rpc.js';
import { signIn, signUp } from './http-sign.js';
import { runSql } from './http-sql.js';
import type { ServerLimits } from './limits.js';

/** One HTTP request with what its handler may need. */
export interface HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly host: EngineHost;
  readonly limits: ServerLimits;
  /** A connection to the engine for this request alone; it ends when the handler is done. */
  readonly client: () => ClientConnection;
}

export type HttpHandler = (exchange: HttpExchange) => Promise<void>;

const ROUTES: Readonly<Record<string, Readonly<Record<string, HttpHandler>>>> = Object.freeze({
  '/health': { GET: healthOf },
  '/status': { GET: statusOf },
  '/version': { GET: versionOf },
  '/rpc': { POST: answerRpc, GET: upgradeRequired },
  '/sql': { POST: runSql },
  '/signin': { POST: signIn },
  '/signup': { POST: signUp },
  '/export': { GET: exportDatabase, POST: exportDatabase },
  '/import': { POST: importStatements },
});

export interface HttpEndpointOptions {
  readonly host: EngineHost;
  readonly limits: ServerLimits;
  readonly unauthenticated: boolean;
  readonly connect: () => ClientConnection;
}

/** Finds the handler of an HTTP request, gives it a connection to the engine and turns what it throws into an answer. */
export class HttpEndpoint {
  readonly #options: HttpEndpointOptions;
  readonly #running = new Set<Promise<void>>();
  #stopping = false;

  constructor(options: HttpEndpointOptions) {
    this.#options = options;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const running = this.#serve(request, response);
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  /** Refuses what comes from now on and waits for what is running. */
  async close(): Promise<void> {
    this.#stopping = true;
    await Promise.allSettled(this.#running);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    const version = this.#options.host.versionSoFar;
    if (version !== undefined) response.setHeader('surreal-version', `surrealdb/${version}`);
    const clients: ClientConnection[] = [];
    try {
      const handler = this.#handlerOf(request, response);
      if (handler === undefined) return;
      const { host, limits, connect } = this.#options;
      const client = (): ClientConnection => {
        const made = connect();
        clients.push(made);
        return made;
      };
      await handler({ request, response, url: urlOf(request), host, limits, client });
    } catch (error) {
      answerRefusal(response, error instanceof HttpRefusal ? error : new HttpRefusal(500, messageOf(error)));
      request.resume();
    } finally {
      await Promise.all(clients.map((client) => client.dispose()));
    }
  }

  #handlerOf(request: IncomingMessage, response: ServerResponse): HttpHandler | undefined {
    if (this.#stopping) throw new HttpRefusal(503, 'The server is gracefully shutting down');
    if (!mayServeOrigin(request.headers, this.#options.unauthenticated)) {
      throw new HttpRefusal(403, 'Without sign-in only pages of this machine are served');
    }
    writeCorsHeaders(request.headers, response);
    if (request.method === 'OPTIONS') {
      answerPreflight(response);
      return undefined;
    }
    const { pathname } = urlOf(request);
    const methods = pathname.startsWith('/key/') ? keyRoutes : ROUTES[pathname];
    if (methods === undefined) throw new HttpRefusal(404, 'The requested resource could not be found');
    const handler = methods[request.method === 'HEAD' ? 'GET' : (request.method ?? '')];
    if (handler === undefined) throw new HttpRefusal(405, `${request.method} is not served here`);
    return handler;
  }
}

function upgradeRequired(): Promise<void> {
  return Promise.reject(new HttpRefusal(426, 'GET /rpc is the WebSocket endpoint; use POST for a single request'));
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://127.0.0.1');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
