import WebSocket from 'isomorphic-ws';
import { ConnectionError, TimeoutError } from '../../errors/index.js';
import type { Settings } from '../connect-options.js';
import { fly, type Flight } from '../flight.js';
import { LinkKeeper, type LinkState } from '../reconnect/link-keeper.js';
import { after } from '../timers.js';
import type { Line } from './line.js';
import type { RpcCall, Send, Transport, TransportHost } from './transport.js';
import { MAX_MESSAGE_BYTES, WebSocketLink } from './websocket-link.js';

/**
 * `ws://` and `wss://`. A lost connection is made again, with everything the session was told: at once while
 * live queries wait for it, else by the next call.
 */
export class WebSocketTransport implements Transport {
  readonly kind = 'websocket';
  readonly engine = 'unknown';
  readonly maxRequestBytes = MAX_MESSAGE_BYTES;
  readonly #url: string;
  readonly #settings: Settings;
  readonly #host: TransportHost;
  readonly #keeper: LinkKeeper<WebSocketLink>;

  constructor(url: string, settings: Settings, host: TransportHost) {
    this.#url = url;
    this.#settings = settings;
    this.#host = host;
    this.#keeper = new LinkKeeper({
      connect: () => this.#connect(),
      patience: settings.attempts,
      attempts: settings.reconnectAttempts,
      longestPause: settings.longestPause,
      isWanted: () => host.isWanted(this),
      closedError: () => this.#failed('it was closed'),
      events: {
        connected: (link) => this.#connected(link),
        reconnecting: (attempt, waited) => host.tell('reconnecting', attempt, waited),
        failed: (attempt, error, pause) => this.#attemptFailed(attempt, error, pause),
        gaveUp: (error) => host.gaveUp(error, this),
      },
    });
  }

  get state(): LinkState {
    return this.#keeper.state;
  }

  /** The connection that calls go over, while there is one. */
  get line(): Line | undefined {
    return this.#keeper.link?.line;
  }

  async open(): Promise<void> {
    await this.#keeper.get();
  }

  async pin(): Promise<Line> {
    return (await this.#keeper.get()).line;
  }

  async call(call: RpcCall, flight: Flight): Promise<unknown> {
    const { link } = this.#keeper;
    if (call.line !== undefined && call.line !== link?.line)
      throw flight.lost('The connection that this belongs to was lost');
    return (link ?? (await this.#keeper.get())).request(call, flight);
  }

  /** Gives the connection up, as if it had been lost. */
  drop(why: string): void {
    this.#keeper.link?.end(why);
  }

  async close(): Promise<void> {
    const link = await this.#keeper.close();
    link?.line.end();
    await link?.close();
  }

  #connected({ line }: WebSocketLink): void {
    line.begin();
    this.#settings.log({ level: 'info', message: `connected to ${this.#url}` });
    this.#host.connected(line);
  }

  #attemptFailed(attempt: number, error: unknown, pause: number): void {
    const message = `attempt ${attempt} to connect failed, trying again in ${pause} ms`;
    this.#settings.log({ level: 'warn', message, error });
  }

  /** One attempt; its deadline covers the handshake and everything the fresh session is told. */
  async #connect(): Promise<WebSocketLink> {
    const started = Date.now();
    const socket = await this.#openSocket();
    const link: WebSocketLink = new WebSocketLink(socket, {
      lane: this,
      pingInterval: this.#settings.pingInterval,
      pingTimeout: this.#settings.pingTimeout,
      notify: (notification) => this.#host.notify(notification),
      lost: (error) => this.#lost(link, error),
    });
    const { connectTimeout } = this.#settings;
    try {
      await this.#host.prepare(sender(link, () => Math.max(1, connectTimeout - (Date.now() - started))));
      // There may be thousands of live queries: each has a deadline of its own.
      await this.#host.resubscribe(
        sender(link, () => connectTimeout),
        link.line,
      );
    } catch (error) {
      await link.close();
      throw error;
    }
    if (link.ended) throw this.#failed('it was lost again at once');
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
    if (!this.#keeper.lost(link)) return; // it never became the connection: whoever was making it is told by its own calls
    this.#settings.log({ level: 'warn', message: `connection to ${this.#url} lost`, error });
    link.line.end();
    this.#host.lost(error, link.line);
    this.#keeper.recover();
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

/** Sends while the link is being made, each call within a deadline of its own. */
function sender(link: WebSocketLink, timeout: () => number): Send {
  return (method, params, access = 'read') =>
    fly({ timeout: timeout(), signal: undefined, name: method }, async (flight) =>
      link.request({ method, params, access }, flight),
    );
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
