import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { decode, encode } from '../../../lib/driver/codec/index.js';
import { Uuid } from '../../../lib/values/index.js';

export interface Answer {
  readonly id?: unknown;
  readonly session?: unknown;
  readonly result?: unknown;
  readonly error?: {
    readonly code: number;
    readonly kind: string;
    readonly message: string;
    readonly details?: unknown;
  };
}

export interface Notification {
  readonly action: string;
  readonly id: unknown;
  readonly record: unknown;
  readonly result: unknown;
  readonly session?: unknown;
}

export interface StatementEntry {
  readonly status: string;
  readonly result: unknown;
}

/** A bare client of the wire protocol: what it sends and what comes back, with nothing in between. */
export class RpcSocket {
  readonly socket: WebSocket;
  readonly notifications: (Notification & { readonly outer?: unknown })[] = [];
  /** Everything that arrived, in order: answers and notifications. */
  readonly arrivals: Answer[] = [];
  readonly #waiting = new Map<unknown, (answer: Answer) => void>();
  #anonymous: ((answer: Answer) => void)[] = [];
  #next = 1;
  #closed: { code: number; reason: string } | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => this.#receive(data));
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => (this.#closed = { code, reason: reason.toString() }));
  }

  static open(
    url: string,
    options: { protocols?: string[]; headers?: Record<string, string> } = {},
  ): Promise<RpcSocket> {
    const socket = new WebSocket(url, options.protocols ?? ['cbor'], {
      headers: options.headers,
      perMessageDeflate: false,
    });
    const client = new RpcSocket(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(client));
      socket.once('error', reject);
    });
  }

  /** An open socket, signed in as root and in `test/test`. */
  static async root(url: string): Promise<RpcSocket> {
    const client = await RpcSocket.open(url);
    await client.ok('signin', [{ user: 'root', pass: 'root' }]);
    await client.ok('use', ['test', 'test']);
    return client;
  }

  call(
    method: string,
    params: readonly unknown[] = [],
    extra: Readonly<Record<string, unknown>> = {},
  ): Promise<Answer> {
    const id = this.#next++;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.socket.send(encode({ id, method, params, ...extra }));
    return answered;
  }

  /** The result of a call that must succeed. */
  async ok(
    method: string,
    params: readonly unknown[] = [],
    extra: Readonly<Record<string, unknown>> = {},
  ): Promise<unknown> {
    const answer = await this.call(method, params, extra);
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result;
  }

  async query(
    text: string,
    variables: Readonly<Record<string, unknown>> = {},
    extra = {},
  ): Promise<readonly unknown[]> {
    const entries = (await this.ok('query', [text, variables], extra)) as readonly StatementEntry[];
    return entries.map((entry) => {
      if (entry.status !== 'OK') throw new Error(String(entry.result));
      return entry.result;
    });
  }

  /** Sends bytes as they are and waits for the next answer that carries no id. */
  raw(bytes: Uint8Array): Promise<Answer> {
    const answered = new Promise<Answer>((resolve) => this.#anonymous.push(resolve));
    this.socket.send(bytes);
    return answered;
  }

  async closed(): Promise<{ code: number; reason: string }> {
    if (this.#closed === undefined) await new Promise((resolve) => this.socket.once('close', resolve));
    return this.#closed as { code: number; reason: string };
  }

  async end(): Promise<void> {
    this.socket.close();
    await this.closed();
  }

  #receive(data: Buffer): void {
    const answer = (this.socket.protocol === 'cbor' ? decode(data) : JSON.parse(data.toString())) as Answer;
    this.arrivals.push(answer);
    const waiting = this.#waiting.get(answer.id);
    if (waiting !== undefined) {
      this.#waiting.delete(answer.id);
      waiting(answer);
    } else if (answer.id === undefined && isNotification(answer.result)) {
      this.notifications.push({ ...answer.result, outer: answer.session });
    } else {
      this.#anonymous.shift()?.(answer);
    }
  }
}

function isNotification(result: unknown): result is Notification {
  return typeof result === 'object' && result !== null && 'action' in result;
}

export function freshId(): Uuid {
  return Uuid.parse(randomUUID());
}
