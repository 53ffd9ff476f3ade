import type WebSocket from 'isomorphic-ws';
import { ConnectionError } from '../../errors/index.js';
import { decode, encode, encodeRequest } from '../codec/index.js';
import { isObject } from '../fault-kind.js';
import type { Flight } from '../flight.js';
import { RequestTooLarge } from '../request-too-large.js';
import { faultFrom, RpcFault } from '../rpc-fault.js';
import { thrownText } from '../thrown.js';
import { after } from '../timers.js';
import { Heartbeat } from './heartbeat.js';
import { Line } from './line.js';
import type { RpcCall } from './transport.js';

export const MAX_MESSAGE_BYTES = 128 * 2 ** 20;

/** Milliseconds the other side has to answer our close frame. */
const CLOSE_TIMEOUT = 1_000;
const OPEN = 1;

interface Pending {
  readonly flight: Flight;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface LinkOptions {
  /** Where it is made again. */
  readonly lane: object;
  readonly pingInterval: number;
  readonly pingTimeout: number;
  readonly notify: (notification: unknown) => void;
  /** Called once when the connection has gone without our closing it. */
  readonly lost: (error: ConnectionError) => void;
}

/** One open WebSocket: requests out, answers matched by id, notifications handed on. It dies once and stays dead. */
export class WebSocketLink {
  readonly line: Line;
  readonly #socket: WebSocket;
  readonly #options: LinkOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #heartbeat: Heartbeat;
  readonly #gone: Promise<void>;
  #lastId = 0;
  #ended: string | undefined;

  constructor(socket: WebSocket, options: LinkOptions) {
    this.line = new Line(options.lane);
    this.#socket = socket;
    this.#options = options;
    this.#gone = new Promise((resolve) => {
      socket.onclose = ({ code, reason }) => {
        this.end(closeReason(code, String(reason)));
        resolve();
      };
    });
    socket.onerror = ({ error }) => this.end(error === undefined ? 'the socket failed' : thrownText(error));
    socket.onmessage = ({ data }) => this.#receive(data);
    this.#heartbeat = new Heartbeat({
      interval: options.pingInterval,
      timeout: options.pingTimeout,
      ping: () => this.#ping(),
      dead: () => this.end(`no sign of life for ${options.pingInterval + options.pingTimeout} ms`),
    });
  }

  /** True once it is of no more use. */
  get ended(): boolean {
    return this.#ended !== undefined;
  }

  request(call: RpcCall, flight: Flight): Promise<unknown> {
    const id = (this.#lastId += 1);
    const { method, params, session, txn } = call;
    const frame = encodeRequest({
      id,
      method,
      params,
      ...(session !== undefined && { session }),
      ...(txn !== undefined && { txn }),
    });
    RequestTooLarge.check(frame.length, MAX_MESSAGE_BYTES);
    if (this.#ended !== undefined || this.#socket.readyState !== OPEN)
      throw flight.lost('The connection was lost', this.#ended);
    return new Promise((resolve, reject) => {
      flight.send();
      this.#pending.set(id, { flight, resolve, reject });
      flight.onAbandon(() => {
        if (this.#pending.delete(id)) reject(new Error('nobody waits for it'));
      });
      this.#socket.send(frame);
    });
  }

  /** It is of no more use: told as a loss. */
  end(why: string): void {
    if (!this.#finish(why)) return;
    this.#destroy();
    this.#options.lost(
      new ConnectionError({
        what: 'The WebSocket connection was lost',
        why,
        fix: 'the next call connects again; what had been sent is not repeated',
      }),
    );
  }

  async close(): Promise<void> {
    this.#finish('it was closed here');
    const cancel = after(CLOSE_TIMEOUT, () => this.#destroy());
    this.#socket.close(1000);
    await this.#gone;
    cancel();
  }

  #ping(): void {
    const id = (this.#lastId += 1);
    if (this.#socket.readyState === OPEN) this.#socket.send(encode({ id, method: 'ping', params: [] }));
  }

  #receive(data: unknown): void {
    this.#heartbeat.beat();
    let message: unknown;
    try {
      message = decode(bytesOf(data));
    } catch (cause) {
      return this.end(`a frame could not be read (${thrownText(cause)})`);
    }
    if (!isObject(message)) return this.end('a frame held no message');
    const { id, result, error } = message;
    if (typeof id === 'number') return this.#answer(id, result, error);
    if (error !== undefined) return this.end(`the server could not read a request (${faultFrom(error).message})`);
    this.#options.notify(result);
  }

  #answer(id: number, result: unknown, error: unknown): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return; // a ping, or a call that nobody waits for any longer
    this.#pending.delete(id);
    if (error === undefined) pending.resolve(result);
    else pending.reject(new RpcFault(faultFrom(error)));
  }

  /** Gives up every call under way; false when that was done before. */
  #finish(why: string): boolean {
    if (this.#ended !== undefined) return false;
    this.#ended = why;
    this.#heartbeat.stop();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { flight, reject } of pending) reject(flight.lost(`The WebSocket connection was lost (${why})`));
    return true;
  }

  /** Browsers cannot cut a connection, only ask for its end. */
  #destroy(): void {
    if (typeof this.#socket.terminate === 'function') this.#socket.terminate();
    else this.#socket.close();
  }
}

function bytesOf(data: unknown): Uint8Array {
  if (typeof data === 'string') throw new Error('it is text, and CBOR was agreed on');
  return ArrayBuffer.isView(data) ? (data as Uint8Array) : new Uint8Array(data as ArrayBuffer);
}

const CLOSE_REASONS: ReadonlyMap<number, string> = new Map([
  [1000, 'the server closed it'],
  [1001, 'the server is going away'],
  [1002, 'the server saw a protocol error'],
  [1003, 'the server does not take such data'],
  [1006, 'it broke without a close frame'],
  [1009, 'a message was too large for the server'],
  [1011, 'the server met an error'],
  [1012, 'the server is restarting'],
  [1013, 'the server is overloaded'],
]);

function closeReason(code: number, reason: string): string {
  const known = CLOSE_REASONS.get(code) ?? 'the server closed it';
  return reason === '' ? `${known}, code ${code}` : `${known}, code ${code}: ${reason}`;
}
