import { CapabilityError, ConnectionError } from '../../errors/index.js';
import type { Uuid } from '../../values/index.js';
import { decode, encodeRequest } from '../codec/index.js';
import type { Settings } from '../connect-options.js';
import { isObject } from '../fault-kind.js';
import { fly, type Flight } from '../flight.js';
import { RequestTooLarge } from '../request-too-large.js';
import { faultFrom, RpcFault } from '../rpc-fault.js';
import { RequestPool, type PoolStats } from '../request-pool.js';
import { connectPatiently } from './attempts.js';
import { fetchFailure, statusFailure } from './http-failure.js';
import { HttpSession } from './http-session.js';
import { Line } from './line.js';
import type { RpcCall, Send, Transport, TransportHost } from './transport.js';
import { whileYoung } from './young-token.js';

const MEDIA_TYPE = 'application/cbor';
/** These need a connection that stays. */
const STATEFUL = new Set(['begin', 'commit', 'cancel', 'live', 'sessions']);

/**
 * `http://` and `https://`: each request stands alone, so what a session would know is kept here (see HttpSession) and sent along;
 * an attached session is one more of these.
 */
export class HttpTransport implements Transport {
  readonly kind = 'http';
  readonly engine = 'unknown';
  readonly maxRequestBytes = 4 * 2 ** 20;
  readonly #url: string;
  readonly #settings: Settings;
  readonly #host: TransportHost;
  readonly #pool: RequestPool;
  readonly #line = Line.steady(this);
  readonly #own = new HttpSession();
  readonly #attached = new Map<string, HttpSession>();
  #opening: Promise<void> | undefined;
  #closed = false;

  constructor(url: string, settings: Settings, host: TransportHost) {
    this.#url = url;
    this.#settings = settings;
    this.#host = host;
    this.#pool = new RequestPool(settings.pool);
  }

  get stats(): PoolStats {
    return this.#pool.stats;
  }

  async open(): Promise<void> {
    if (this.#opening === undefined) {
      const opening = connectPatiently(
        this.#settings,
        () => !this.#closed,
        () => this.#host.prepare(this.#sender()),
      );
      this.#opening = opening;
      // A failure is told to whoever waits; the next call tries again.
      opening.catch(() => (this.#opening = undefined));
    }
    await this.#opening;
  }

  async pin(): Promise<Line> {
    await this.open();
    return this.#line;
  }

  async call(call: RpcCall, flight: Flight): Promise<unknown> {
    if (this.#closed) throw closedError();
    await this.open();
    return this.#run(call, flight);
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#pool.close(closedError());
    return Promise.resolve();
  }

  #sender(): Send {
    return (method, params, access = 'read') =>
      fly({ timeout: this.#settings.connectTimeout, signal: undefined, name: method }, (flight) =>
        this.#run({ method, params, access }, flight),
      );
  }

  async #run(call: RpcCall, flight: Flight): Promise<unknown> {
    const { method } = call;
    if (STATEFUL.has(method)) throw needsConnection(method);
    if (call.session !== undefined && this.#attaches(method, call.session)) return undefined;
    const session = this.#sessionOf(call);
    if (session.answersItself(call)) return undefined;
    const result = await this.#pool.run(flight, () =>
      whileYoung(
        () => session.tokenFor(method),
        () => this.#post(call, session, flight),
      ),
    );
    session.answered(call, result);
    return result;
  }

  #attaches(method: string, id: Uuid): boolean {
    if (method === 'attach') this.#attached.set(String(id), new HttpSession());
    else if (method === 'detach') this.#attached.delete(String(id));
    else return false;
    return true;
  }

  #sessionOf({ session }: RpcCall): HttpSession {
    if (session === undefined) return this.#own;
    const attached = this.#attached.get(String(session));
    if (attached !== undefined) return attached;
    throw new ConnectionError({ what: `The session ${String(session)} has ended`, outcome: 'not-sent' });
  }

  async #post(call: RpcCall, session: HttpSession, flight: Flight): Promise<unknown> {
    const body = encodeRequest({ method: call.method, params: session.paramsOf(call) });
    RequestTooLarge.check(body.length, this.maxRequestBytes);
    const controller = new AbortController();
    flight.onAbandon(() => controller.abort());
    flight.send();
    let response: Response;
    let answer: Uint8Array;
    try {
      const init = {
        method: 'POST',
        headers: { 'content-type': MEDIA_TYPE, accept: MEDIA_TYPE, ...session.headersOf(call.method) },
        body: body as Uint8Array<ArrayBuffer>,
        signal: controller.signal,
      };
      response = await fetch(this.#url, init);
      answer = new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      throw fetchFailure(this.#url, flight, error);
    }
    return this.#read(response, answer, body.length);
  }

  #read(response: Response, bytes: Uint8Array, sent: number): unknown {
    const isRpc = response.ok && response.headers.get('content-type')?.startsWith(MEDIA_TYPE) === true;
    if (!isRpc)
      throw statusFailure(this.#url, response.status, new TextDecoder().decode(bytes), sent, this.maxRequestBytes);
    const answer = decode(bytes);
    if (!isObject(answer))
      throw statusFailure(this.#url, response.status, 'the answer held no message', sent, this.maxRequestBytes);
    if (answer['error'] !== undefined) throw new RpcFault(faultFrom(answer['error']));
    return answer['result'];
  }
}

function closedError(): ConnectionError {
  return new ConnectionError({ what: 'The connection is closed', outcome: 'not-sent' });
}

function needsConnection(method: string): CapabilityError {
  const what =
    method === 'live' ? 'Live queries' : method === 'begin' ? 'Interactive transactions' : `The call ${method}`;
  return new CapabilityError({
    what: `${what} cannot be used over http`,
    why: 'each http request stands alone; this needs a connection that stays',
    fix: [
      'connect by ws:// or wss://',
      ...(method === 'begin' ? ['send BEGIN … COMMIT as one query, as em.transaction() does by default'] : []),
    ],
  });
}
