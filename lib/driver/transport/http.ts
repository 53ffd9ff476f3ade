import { CapabilityError, ConnectionError } from '../../errors/index.js';
import { decode, encodeRequest } from '../codec/index.js';
import type { Settings } from '../connect-options.js';
import { tokensOf } from '../credentials.js';
import { isObject } from '../fault-kind.js';
import { fly, type Flight } from '../flight.js';
import { RequestTooLarge } from '../request-too-large.js';
import { faultFrom, RpcFault } from '../rpc-fault.js';
import { connectPatiently } from './attempts.js';
import { fetchFailure, statusFailure } from './http-failure.js';
import { expiryOf } from './token-expiry.js';
import type { RpcCall, Send, Transport, TransportHost } from './transport.js';

const MEDIA_TYPE = 'application/cbor';
/** A token is renewed when it has less than this left, in milliseconds. */
const RENEW_BEFORE = 60_000;
/** These need a connection that stays. */
const STATEFUL = new Set(['begin', 'commit', 'cancel', 'live', 'attach', 'detach', 'sessions']);
const AUTH_METHODS = new Set(['signin', 'signup', 'authenticate', 'version', 'ping']);

/**
 * `http://` and `https://`: each request stands alone, so what a session would know (place, token, variables) is kept here and
 * sent along.
 */
export class HttpTransport implements Transport {
  readonly kind = 'http';
  readonly engine = 'unknown';
  readonly maxRequestBytes = 4 * 2 ** 20;
  readonly epoch = 1;
  readonly #url: string;
  readonly #settings: Settings;
  readonly #host: TransportHost;
  readonly #variables = new Map<string, unknown>();
  #namespace: string | undefined;
  #database: string | undefined;
  #token: string | undefined;
  #expiry: number | undefined;
  #renewing: Promise<void> | undefined;
  #opening: Promise<void> | undefined;
  #closed = false;

  constructor(url: string, settings: Settings, host: TransportHost) {
    this.#url = url;
    this.#settings = settings;
    this.#host = host;
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

  async call(call: RpcCall, flight: Flight): Promise<unknown> {
    if (this.#closed) throw new ConnectionError({ what: 'The connection is closed', outcome: 'not-sent' });
    await this.open();
    return this.#run(call, flight);
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  #sender(): Send {
    return (method, params, access = 'read') =>
      fly({ timeout: this.#settings.connectTimeout, signal: undefined, name: method }, (flight) =>
        this.#run({ method, params, access }, flight),
      );
  }

  async #run(call: RpcCall, flight: Flight): Promise<unknown> {
    const { method, params } = call;
    if (STATEFUL.has(method)) throw needsConnection(method);
    if (method === 'let' || method === 'set') return void this.#variables.set(params[0] as string, params[1]);
    if (method === 'unset') return void this.#variables.delete(params[0] as string);
    if (method === 'invalidate') return this.#setToken(undefined);
    if (!AUTH_METHODS.has(method)) await this.#renew();
    const result = await this.#post(call, flight);
    if (method === 'use') [this.#namespace, this.#database] = placeOf(params);
    if (method === 'signin' || method === 'signup') this.#setToken(tokensOf(result)?.token);
    if (method === 'authenticate') this.#setToken(params[0] as string);
    return result;
  }

  async #post({ method, params, session }: RpcCall, flight: Flight): Promise<unknown> {
    const body = encodeRequest({
      method,
      params: method === 'query' ? this.#withVariables(params) : params,
      ...(session !== undefined && { session }),
    });
    RequestTooLarge.check(body.length, this.maxRequestBytes);
    const controller = new AbortController();
    flight.onAbandon(() => controller.abort());
    flight.send();
    let response: Response;
    let answer: Uint8Array;
    try {
      const init = {
        method: 'POST',
        headers: this.#headers(method),
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

  /** A sign-in must not carry the token that it is to replace: an expired one would be refused before it. */
  #headers(method: string): Record<string, string> {
    return {
      'content-type': MEDIA_TYPE,
      accept: MEDIA_TYPE,
      ...(this.#namespace !== undefined && { 'surreal-ns': this.#namespace }),
      ...(this.#database !== undefined && { 'surreal-db': this.#database }),
      ...(this.#token !== undefined && !AUTH_METHODS.has(method) && { authorization: `Bearer ${this.#token}` }),
    };
  }

  #withVariables(params: readonly unknown[]): readonly unknown[] {
    if (this.#variables.size === 0) return params;
    const [text, bindings] = params;
    return [text, { ...Object.fromEntries(this.#variables), ...(bindings as object | undefined) }];
  }

  #setToken(token: string | undefined): void {
    this.#token = token;
    this.#expiry = token === undefined ? undefined : expiryOf(token);
  }

  /** Signs in again shortly before the token runs out; where that cannot be done the server will say so. */
  async #renew(): Promise<void> {
    if (this.#expiry === undefined || Date.now() < this.#expiry - RENEW_BEFORE) return;
    if (this.#renewing === undefined) {
      this.#renewing = this.#host
        .renewToken(this.#sender())
        .then((token) => token !== undefined && this.#setToken(token))
        .then(() => undefined)
        .finally(() => (this.#renewing = undefined));
    }
    await this.#renewing;
  }
}

/** Header values are text of single bytes, so other names are sent as the server decodes them: as UTF-8. */
function placeOf(params: readonly unknown[]): [string | undefined, string | undefined] {
  return [headerText(params[0]), headerText(params[1])];
}

function headerText(name: unknown): string | undefined {
  if (typeof name !== 'string') return undefined;
  if ([...name].some((char) => char < ' ' || char === '\x7f')) throw unspeakable(name);
  return Array.from(new TextEncoder().encode(name), (byte) => String.fromCharCode(byte)).join('');
}

function unspeakable(name: string): CapabilityError {
  return new CapabilityError({
    what: `The name ${JSON.stringify(name)} cannot be used over http`,
    why: 'namespace and database travel in headers, which hold no control characters',
    fix: 'connect by ws:// or wss://',
  });
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
