import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { ConnectionError } from '../errors/index.js';
import { mayServeOrigin } from './browser-guard.js';
import { ClientConnection, type ClientConnectionOptions } from './client-connection.js';
import { EngineHost } from './engine-host.js';
import { HttpEndpoint } from './http-endpoint.js';
import { NotificationRouter } from './notification-router.js';
import { ensureRootUser } from './root-user.js';
import { resolveOptions, type ResolvedOptions, type ServerOptions } from './server-options.js';
import { SessionTable } from './session-table.js';
import { WsEndpoint } from './ws-endpoint.js';

/**
 * The embedded engine behind SurrealDB's wire protocol. The port listens before the engine is open, so that clients
 * that come early wait instead of being turned away.
 */
export class LocalServer {
  readonly #options: ResolvedOptions;
  readonly #host: EngineHost;
  readonly #http: HttpEndpoint;
  readonly #ws: WsEndpoint;
  readonly #server: Server;
  #stopping = false;
  #closed: Promise<void> | undefined;

  private constructor(options: ResolvedOptions, server: Server) {
    this.#options = options;
    this.#server = server;
    const { limits, unauthenticated, writeGate } = options;
    const router = new NotificationRouter();
    this.#host = new EngineHost({
      url: options.url,
      engine: options.engine,
      prepare: (engine) => (unauthenticated ? Promise.resolve() : ensureRootUser(engine, options.root)),
      onNotification: (notification) => router.route(notification),
      ...(writeGate && { gate: writeGate }),
    });
    const shared: ClientConnectionOptions = { host: this.#host, router, limits, open: unauthenticated };
    const sessions = new SessionTable();
    const connect = (): ClientConnection => new ClientConnection({ ...shared, sessions });
    this.#http = new HttpEndpoint({ host: this.#host, limits, unauthenticated, connect });
    this.#ws = new WsEndpoint({ limits, connect: (emit) => new ClientConnection({ ...shared, emit }) });
    server.on('request', (request, response) => this.#http.handle(request, response));
    server.on('upgrade', (request, socket, head) => {
      const served = !this.#stopping && /^\/rpc(\?|$)/.test(request.url ?? '');
      if (served && mayServeOrigin(request.headers, unauthenticated)) this.#ws.upgrade(request, socket, head);
      else turnAway(socket, this.#stopping ? '503 Service Unavailable' : served ? '403 Forbidden' : '404 Not Found');
    });
  }

  /** Opens the port, then begins to open the engine. Rejects with a ConnectionError when the port is taken. */
  static async listen(options: ServerOptions): Promise<LocalServer> {
    const resolved = resolveOptions(options);
    const server = createServer({ noDelay: true });
    await listening(server, resolved);
    return new LocalServer(resolved, server);
  }

  /** Settles when the engine is open; rejects when it cannot be. */
  get ready(): Promise<void> {
    return this.#host.ready;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Host and port as they stand in a url. */
  get authority(): string {
    const { host } = this.#options;
    return `${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  /** Finishes what is running, ends every connection, frees the engine and gives the port back. Twice is fine. */
  close(): Promise<void> {
    if (this.#closed === undefined) this.#closed = this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#stopping = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await Promise.all([this.#http.close(), this.#ws.close()]);
    await this.#host.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

function listening(server: Server, { port, host, url }: ResolvedOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => reject(listenError(cause, host, port, url));
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number, url: string): ConnectionError {
  const what = `${url} cannot be served on ${host}:${port}`;
  if (cause.code !== 'EADDRINUSE') return new ConnectionError({ what, why: cause.message, cause });
  return new ConnectionError({
    what,
    why: `port ${port} is taken by another process`,
    fix: [
      'choose another port (--port)',
      'let the system choose a free one: port 0',
      'stop the process that listens there',
    ],
    cause,
  });
}

function turnAway(socket: Duplex, status: string): void {
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}
