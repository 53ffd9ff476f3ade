import WebSocket from 'isomorphic-ws';
import { ConnectionError, TimeoutError } from '../../errors/index.js';
import type { Settings } from '../connect-options.js';
import { fly, type Flight } from '../flight.js';
import { after } from '../timers.js';
import { connectPatiently } from './attempts.js';
import type { RpcCall, Send, Transport, TransportHost } from './transport.js';
import { MAX_MESSAGE_BYTES, WebSocketLink } from './websocket-link.js';

/** `ws://` and `wss://`. A lost connection is made again by the next call, with everything the session was told. */
export class WebSocketTransport implements Transport {
  readonly kind = 'websocket';
  readonly engine = 'unknown';
  readonly maxRequestBytes = MAX_MESSAGE_BYTES;
  readonly #url: string;
  readonly #settings: Settings;
  readonly #host: TransportHost;
  #link: WebSocketLink | undefined;
  #connecting: Promise<WebSocketLink> | undefined;
  #epoch = 0;
  #closed = false;

  constructor(url: string, settings: Settings, host: TransportHost) {
    this.#url = url;
    this.#settings = settings;
    this.#host = host;
  }

  get epoch(): number {
    return this.#epoch;
  }

  async open(): Promise<void> {
    await this.#connected();
  }

  async call(call: RpcCall, flight: Flight): Promise<unknown> {
    const isBound = call.epoch !== undefined;
    if (isBound && (this.#link === undefined || call.epoch !== this.#epoch)) {
      throw flight.lost('The connection that this belongs to was lost');
    }
    const link = this.#link ?? (await this.#connected());
    return link.request(call, flight);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const link = this.#link ?? (await this.#connecting?.catch(() => undefined));
    this.#link = undefined;
    await link?.close();
  }

  async #connected(): Promise<WebSocketLink> {
    if (this.#link !== undefined) return this.#link;
    if (this.#closed) throw this.#failed('it was closed');
    if (this.#connecting === undefined) {
      this.#connecting = connectPatiently(
        this.#settings,
        () => !this.#closed,
        () => this.#connect(),
      ).finally(() => {
        this.#connecting = undefined;
      });
    }
    return this.#connecting;
  }

  /** One attempt; its deadline covers the handshake and everything the fresh session is told. */
  async #connect(): Promise<WebSocketLink> {
    const started = Date.now();
    const socket = await this.#openSocket();
    const link = new WebSocketLink(socket, {
      pingInterval: this.#settings.pingInterval,
      pingTimeout: this.#settings.pingTimeout,
      notify: (notification) => this.#host.notify(notification),
      lost: (error) => this.#lost(link, error),
    });
    const left = () => Math.max(1, this.#settings.connectTimeout - (Date.now() - started));
    const send: Send = (method, params, access = 'read') =>
      fly({ timeout: left(), signal: undefined, name: method }, async (flight) =>
        link.request({ method, params, access }, flight),
      );
    try {
      await this.#host.prepare(send);
    } catch (error) {
      await link.close();
      throw error;
    }
    this.#epoch += 1;
    this.#link = link;
    this.#settings.log({ level: 'info', message: `connected to ${this.#url}` });
    return link;
  }

  #openSocket(): Promise<WebSocket> {
    const socket = new WebSocket(this.#url, ['cbor'], { maxPayload: 0, perMessageDeflate: false });
    socket.binaryType = 'arraybuffer';
    return new Promise((resolve, reject) => {
      const fail = (error: ConnectionError | TimeoutError) => {
        cancel();
        socket.onopen = socket.onclose = null;
        socket.onerror = ignore;
        socket.close();
        reject(error);
      };
      const cancel = after(this.#settings.connectTimeout, () => fail(this.#late()));
      socket.onerror = ({ error, message }) => fail(this.#failed(message, error));
      socket.onclose = ({ code }) => fail(this.#failed(`it was closed during the handshake, code ${code}`));
      socket.onopen = () => {
        if (socket.protocol !== 'cbor') return fail(this.#failed('the server did not agree on CBOR'));
        cancel();
        resolve(socket);
      };
    });
  }

  #lost(link: WebSocketLink, error: ConnectionError): void {
    if (this.#link !== link) return; // it never became the connection: whoever was making it is told by its own calls
    this.#link = undefined;
    this.#settings.log({ level: 'warn', message: `connection to ${this.#url} lost`, error });
    this.#host.lost(error);
  }

  #failed(why: string | undefined, cause?: unknown): ConnectionError {
    return new ConnectionError({
      what: `${this.#url} cannot be reached`,
      why: why === undefined || why === '' ? 'the connection was refused' : why,
      fix: remedies(why),
      outcome: 'not-sent',
      cause,
    });
  }

  #late(): TimeoutError {
    return new TimeoutError({
      what: `${this.#url} did not answer the handshake within ${this.#settings.connectTimeout} ms`,
      fix: ['check host, port and firewall', 'give it more time: the option connect.timeout'],
      outcome: 'not-sent',
    });
  }
}

/** Something that answers is there already: what it says tells what is wrong with the url. */
function remedies(why = ''): string[] {
  if (why.includes('Unexpected server response')) {
    return ['check the path of the url: SurrealDB answers at /rpc', 'check that the port is that of SurrealDB'];
  }
  if (why.includes('wrong version number') || why.includes('WRONG_VERSION_NUMBER')) {
    return ['the server speaks without TLS: write ws:// instead of wss://'];
  }
  return ['start the server: reverie serve', 'check host, port and firewall'];
}

function ignore(): void {
  // A socket that was given up may still say so.
}
