import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { decode, encode } from '../../lib/driver/codec/index.js';

export interface FakeCall {
  readonly id?: number;
  readonly method: string;
  readonly params: readonly unknown[];
  /** Which connection it came over, from 1. */
  readonly connection: number;
  readonly headers: IncomingMessage['headers'];
}

/** What a fake server does with a call: a result, an error, silence, or the end of the connection. */
export type FakeAnswer =
  | { readonly result: unknown }
  | {
      readonly error: {
        readonly code: number;
        readonly message: string;
        readonly kind?: string;
        readonly details?: unknown;
      };
    }
  | { readonly status: number; readonly text: string }
  | 'silence'
  | 'cut';

export type FakeScript = (call: FakeCall) => FakeAnswer | undefined;

/** A server that does as a test says: answers what `script` leaves undefined like a SurrealDB with nothing in it. */
export class FakeServer {
  readonly calls: FakeCall[] = [];
  connections = 0;
  script: FakeScript = () => undefined;
  readonly #http: Server;
  readonly #ws: WebSocketServer;
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#http = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const answer = this.#answer(Buffer.concat(chunks), 0, request.headers);
        if (answer === 'silence') return;
        if (answer === 'cut') return void request.socket.destroy();
        if ('status' in answer)
          return void response.writeHead(answer.status, { 'content-type': 'text/plain' }).end(answer.text);
        response.writeHead(200, { 'content-type': 'application/cbor' }).end(encode(answer));
      });
    });
    this.#ws = new WebSocketServer({ server: this.#http, handleProtocols: () => 'cbor' });
    this.#ws.on('connection', (socket, { headers }) => this.#serve(socket, (this.connections += 1), headers));
    this.#http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(port = 0): Promise<FakeServer> {
    const server = new FakeServer();
    await new Promise<void>((resolve) => server.#http.listen(port, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get wsUrl(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  get httpUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** The methods called, with the text of queries. */
  get log(): string[] {
    return this.calls.map(({ method, params }) => (method === 'query' ? String(params[0]) : method));
  }

  /** Sends to every WebSocket client. */
  push(message: unknown): void {
    for (const client of this.#ws.clients) client.send(typeof message === 'string' ? message : encode(message));
  }

  /** Ends every WebSocket connection with a close frame. */
  closeClients(code: number, reason: string): void {
    for (const client of this.#ws.clients) client.close(code, reason);
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #serve(socket: WebSocket, connection: number, headers: IncomingMessage['headers']): void {
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      const answer = this.#answer(data, connection, headers);
      if (answer === 'silence') return;
      if (answer === 'cut') return socket.terminate();
      socket.send(encode({ id: this.calls.at(-1)?.id, ...answer }));
    });
  }

  #answer(data: Buffer, connection: number, headers: IncomingMessage['headers']): FakeAnswer {
    const { id, method, params } = decode(new Uint8Array(data)) as FakeCall;
    const call = { id, method, params, connection, headers } as FakeCall;
    this.calls.push(call);
    const scripted = this.script(call);
    return scripted === undefined ? { result: plain(call) } : scripted;
  }
}

function plain({ method, params }: FakeCall): unknown {
  if (method === 'version') return 'surrealdb-3.0.2';
  if (method === 'query') return [{ status: 'OK', time: '1ms', result: params[0] }];
  if (method === 'signin') return 'a.b.c';
  return undefined;
}
