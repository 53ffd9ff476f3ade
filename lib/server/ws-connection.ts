import type { RawData, WebSocket } from 'ws';
import { answerFault } from './answer-envelope.js';
import type { ClientConnection } from './client-connection.js';
import type { ServerLimits } from './limits.js';
import { openEnvelope } from './request-envelope.js';
import { wireFaults } from './wire-fault.js';
import type { WireFormat } from './wire-format.js';

export interface WsConnectionOptions {
  readonly socket: WebSocket;
  readonly format: WireFormat;
  readonly limits: ServerLimits;
  /** Makes the client's side of the engine; notifications go to `emit`. */
  readonly client: (emit: (frame: Uint8Array) => void) => ClientConnection;
}

const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;
/** No ping is larger. */
const PING_BYTES = 256;
const OVERLOAD = 'The server is unable to handle the request';

/**
 * One WebSocket: frames wait in a backlog and are started only while few are running and the peer reads its answers.
 * Pausing the socket alone would not do, since frames that are already parsed still arrive.
 */
export class WsConnection {
  readonly #options: WsConnectionOptions;
  readonly #client: ClientConnection;
  #backlog: Uint8Array[] = [];
  #backlogBytes = 0;
  #running = 0;
  #stopping = false;
  #idle: (() => void) | undefined;
  readonly #gone: Promise<void>;

  constructor(options: WsConnectionOptions) {
    this.#options = options;
    this.#client = options.client((frame) => this.#send(frame));
    const { socket } = options;
    socket.on('message', (data) => this.#receive(data));
    // A failed socket also closes; the error itself has nobody to be told to.
    socket.on('error', () => undefined);
    this.#gone = new Promise((resolve) => socket.once('close', resolve));
    void this.#gone.then(() => this.#leave());
  }

  get client(): ClientConnection {
    return this.#client;
  }

  ping(): void {
    if (this.#options.socket.readyState === this.#options.socket.OPEN) this.#options.socket.ping();
  }

  /** Lets what is running finish, closes the socket and cleans up; the peer has `grace` milliseconds to say goodbye. */
  async close(grace: number): Promise<void> {
    this.#stopping = true;
    this.#pump();
    await this.#whenIdle();
    const { socket } = this.#options;
    socket.close(GOING_AWAY, 'The server is stopping');
    const forced = setTimeout(() => socket.terminate(), grace);
    await this.#gone;
    clearTimeout(forced);
    await this.#client.dispose();
  }

  #receive(data: RawData): void {
    const frame = bytesOf(data);
    // A client that hears nothing of its ping takes us for dead, however busy we are with what it has sent before.
    if (this.#isHeldUp() && this.#isPing(frame)) return this.#start(frame);
    this.#backlog.push(frame);
    this.#backlogBytes += frame.byteLength;
    this.#pump();
    const { socket, limits } = this.#options;
    if (this.#backlogBytes > limits.waitingBytes && !socket.isPaused) socket.pause();
  }

  #isHeldUp(): boolean {
    const { socket, limits } = this.#options;
    return this.#backlog.length > 0 || !this.#mayStart(socket.bufferedAmount, limits);
  }

  #isPing(frame: Uint8Array): boolean {
    if (frame.byteLength > PING_BYTES) return false;
    try {
      return openEnvelope(this.#options.format.decodeRequest(frame)).method === 'ping';
    } catch {
      return false; // it is told so in its turn
    }
  }

  #pump(): void {
    const { socket, limits } = this.#options;
    while (this.#backlog.length > 0 && this.#mayStart(socket.bufferedAmount, limits)) {
      const frame = this.#backlog.shift() as Uint8Array;
      this.#backlogBytes -= frame.byteLength;
      this.#start(frame);
    }
    if (this.#backlogBytes <= limits.waitingBytes && socket.isPaused) socket.resume();
  }

  #mayStart(unsent: number, limits: ServerLimits): boolean {
    return this.#stopping || (this.#running < limits.inFlight && unsent < limits.pausedSendBytes);
  }

  #start(frame: Uint8Array): void {
    const request = this.#decoded(frame);
    if (request === undefined) return;
    this.#running += 1;
    const handled = this.#client.handle(request, (answer) => this.#send(answer));
    void handled.finally(() => {
      this.#running -= 1;
      this.#pump();
      if (this.#running === 0) this.#idle?.();
    });
  }

  #decoded(frame: Uint8Array): Uint8Array | undefined {
    try {
      return this.#options.format.decodeRequest(frame);
    } catch {
      this.#send(answerFault({ id: undefined, sessionItem: undefined }, wireFaults.parse));
      return undefined;
    }
  }

  #send(answer: Uint8Array): void {
    const { socket, format, limits } = this.#options;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > limits.maxSendBytes) {
      socket.close(TRY_AGAIN_LATER, OVERLOAD);
      setTimeout(() => socket.terminate(), 1_000).unref();
      return;
    }
    socket.send(format.encodeAnswer(answer), () => this.#pump());
  }

  async #leave(): Promise<void> {
    this.#backlog = [];
    this.#backlogBytes = 0;
    await this.#client.dispose();
  }

  #whenIdle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#idle = resolve));
  }
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return ArrayBuffer.isView(data) ? data : new Uint8Array(data);
}
