import { LocalServer } from './local-server.js';
import type { ServerOptions } from './server-options.js';

/** A running local server. */
export interface RunningServer {
  readonly port: number;
  /** `ws://127.0.0.1:8000/rpc` */
  readonly wsUrl: string;
  /** `http://127.0.0.1:8000` */
  readonly httpUrl: string;
  /** Finishes what is running, ends every connection, frees the store and gives the port back. Twice is fine. */
  close(): Promise<void>;
}

/**
 * Serves the embedded engine over SurrealDB's wire protocol, WebSocket and HTTP on one port of this machine, so that
 * any client of SurrealDB 3 can use it. Resolves when the store is open.
 *
 * ```ts
 * const server = await startServer({ url: 'mem://', user: 'root', pass: 'root' });
 * const orm = await Reverie.init({ url: server.wsUrl, auth: { username: 'root', password: 'root' }, namespace: 'app', database: 'app', entities: [User] });
 * await server.close();
 * ```
 * https://surrealdb.com/docs/surrealdb/integration/rpc
 *
 * @throws ValidationError for options that cannot be right, or when nobody could sign in
 * @throws ConnectionError when the port is taken or the store cannot be opened
 * @throws CapabilityError when `@surrealdb/node` is not installed
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const server = await LocalServer.listen(options);
  try {
    await server.ready;
  } catch (error) {
    await server.close();
    throw error;
  }
  const { port, authority } = server;
  return Object.freeze({
    port,
    wsUrl: `ws://${authority}/rpc`,
    httpUrl: `http://${authority}`,
    close: () => server.close(),
  });
}
