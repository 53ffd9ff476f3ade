import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ClientConnection } from './client-connection.js';
import { HttpRefusal } from './http-answer.js';
import { applyHeaders } from './http-client.js';
import { jsonFormat } from './json-format.js';
import type { ServerLimits } from './limits.js';
import { cborFormat } from './wire-format.js';
import { WsConnection } from './ws-connection.js';

export interface WsEndpointOptions {
  readonly limits: ServerLimits;
  /** Makes the engine side of one connection; `emit` takes its live notifications. */
  readonly connect: (emit: (frame: Uint8Array) => void) => ClientConnection;
}

const CLOSE_GRACE = 1_000;

/** Takes the WebSocket upgrades of /rpc and keeps the connections that came of them. */
export class WsEndpoint {
  readonly #options: WsEndpointOptions;
  readonly #server: WebSocketServer;
  readonly #connections = new Set<WsConnection>();
  readonly #leaving = new Set<Promise<void>>();
  readonly #pings: NodeJS.Timeout;
  #stopping = false;

  constructor(options: WsEndpointOptions) {
    this.#options = options;
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: options.limits.wsMessageBytes,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has('cbor') ? 'cbor' : offered.has('json') ? 'json' : false),
    });
    this.#pings = setInterval(() => this.#ping(), options.limits.pingInterval);
    this.#pings.unref();
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const offered = request.headers['sec-websocket-protocol'];
    if (offered !== undefined && !/\b(cbor|json)\b/.test(offered)) {
      refuse(socket, new HttpRefusal(400, 'The subprotocols of this server are cbor and json'));
      return;
    }
    const { authorization } = request.headers;
    const seeded = authorization !== undefined || 'surreal-ns' in request.headers || 'surreal-db' in request.headers;
    if (seeded) this.#watch(this.#upgradeSeeded(request, socket, head));
    else this.#server.handleUpgrade(request, socket, head, (ws) => this.#accept(ws));
  }

  /** Ends every connection after what is running on it. */
  async close(): Promise<void> {
    clearInterval(this.#pings);
    this.#stopping = true;
    const open = [...this.#connections];
    for (const connection of open) connection.client.stop();
    await Promise.allSettled(open.map((connection) => connection.close(CLOSE_GRACE)));
    while (this.#leaving.size > 0) await Promise.allSettled(this.#leaving);
    this.#server.close();
  }

  /** The headers must be right before the upgrade is granted, so the connection's session comes first. */
  async #upgradeSeeded(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    let emit: (frame: Uint8Array) => void = () => undefined;
    const client = this.#options.connect((frame) => emit(frame));
    // Whatever becomes of the upgrade, the client's sessions end with the socket.
    socket.once('close', () => this.#watch(client.dispose()));
    socket.on('error', () => undefined);
    try {
      await applyHeaders(client, request.headers);
    } catch (error) {
      refuse(socket, error instanceof HttpRefusal ? error : new HttpRefusal(500, 'Internal server error'));
      return;
    }
    if (socket.destroyed) return;
    if (this.#stopping) {
      refuse(socket, new HttpRefusal(503, 'The server is gracefully shutting down'));
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      this.#accept(ws, (send) => {
        emit = send;
        return client;
      });
    });
  }

  #accept(socket: WebSocket, connect = this.#options.connect): void {
    const format = socket.protocol === 'cbor' ? cborFormat : jsonFormat;
    const connection = new WsConnection({ socket, format, limits: this.#options.limits, client: connect });
    this.#connections.add(connection);
    socket.once('close', () => {
      this.#connections.delete(connection);
      this.#watch(connection.client.dispose());
    });
  }

  /** Remembers work that must end before the engine may go. */
  #watch(work: Promise<void>): void {
    this.#leaving.add(work);
    void work.finally(() => this.#leaving.delete(work));
  }

  #ping(): void {
    for (const connection of this.#connections) connection.ping();
  }
}

function refuse(socket: Duplex, refusal: HttpRefusal): void {
  const body = Buffer.from(refusal.message);
  const reason = refusal.status === 401 ? 'Unauthorized' : refusal.status === 400 ? 'Bad Request' : 'Error';
  const head = `HTTP/1.1 ${refusal.status} ${reason}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`;
  socket.end(Buffer.concat([Buffer.from(head), body]));
}
