import { AuthenticationError, CapabilityError } from '../errors/index.js';
import type { Capabilities } from './capabilities.js';
import type { Settings } from './connect-options.js';
import { assertCredentials, type AuthOption, type Place } from './credentials.js';
import type { DriverSession, LiveRequest, SessionOptions } from './driver.js';
import type { ConnectionEvents } from './connection-events.js';
import { LiveRouter } from './live-router.js';
import { RpcSession } from './rpc-session.js';
import { SessionCarrier } from './session-carrier.js';
import { SessionDriver, type SessionParts } from './session-driver.js';
import { SessionQueue } from './session-queue.js';
import { placeAfterUse, SessionState, type BeforeSignin } from './session-state.js';
import { reporting } from './reporting.js';
import type { Line } from './transport/line.js';
import type { Transport } from './transport/transport.js';

/** What an attached session needs of its connection. */
export interface SessionHost {
  readonly settings: Omit<Settings, 'auth'>;
  readonly transport: Transport;
  readonly state: SessionState;
  readonly capabilities: Capabilities;
  readonly beforeSignin: BeforeSignin | undefined;
  readonly expires: 'session' | 'token';
  tell<E extends keyof ConnectionEvents>(event: E, ...told: ConnectionEvents[E]): void;
  /** The server knows the session, or no longer does. */
  attached(session: AttachedSession, isAttached: boolean): void;
}

/**
 * A session beside the connection's own, over the same transport: a place, a user and variables of its own, with the same verbs.
 * Made by `connection.session()`; the server hears of it with the first call.
 *
 * ```ts
 * const session = db.session({ auth: { token } });
 * const own = await session.select('note'); // what PERMISSIONS let this user see
 * await session.close();
 * ```
 */
export class AttachedSession extends SessionDriver implements DriverSession {
  /** @internal */
  readonly parts: SessionParts;
  readonly #host: SessionHost;
  readonly #carrier: SessionCarrier;

  /** @internal Use `connection.session()`. */
  constructor(host: SessionHost, options: SessionOptions, asNobody = false) {
    const { settings, transport, beforeSignin, expires } = host;
    const auth = asNobody ? undefined : authOf(host, options.auth);
    const timeout = settings.connectTimeout;
    const place = placeOf(host.state.place, options);
    const state = new SessionState({ place, auth, beforeSignin, expires, timeout });
    super(state);
    this.#host = host;
    this.#carrier = new SessionCarrier({
      transport,
      state,
      timeout,
      reporting,
      attached: (isAttached) => host.attached(this, isAttached),
    });
    const queue = settings.shields.sessionQueue === false ? SessionQueue.unordered() : new SessionQueue();
    const rpc = new RpcSession({ transport, queue, state, timeout, carrier: this.#carrier, watch: this.renewalWatch });
    const live = new LiveRouter({
      kill: (id, line) => this.kill(id, line),
      resubscribed: (old, now) => host.tell('resubscribed', old, now),
    });
    this.parts = { settings, live, rpc };
  }

  /** Another session, from where and as whom this one is. */
  session(options: SessionOptions = {}): AttachedSession {
    return new AttachedSession({ ...this.#host, state: this.state }, options);
  }

  nobody(): AttachedSession {
    return new AttachedSession({ ...this.#host, state: this.state }, {}, true);
  }

  get capabilities(): Capabilities {
    return this.#host.capabilities;
  }

  /** @internal */
  isOn(line: Line): boolean {
    return this.#carrier.isOn(line);
  }

  /** Registers the live queries that were open on the connection before one that was made. @internal */
  async resubscribe({ lane }: Line): Promise<void> {
    const { live } = this.parts;
    if (!live.waitsFor(lane)) return;
    let refused: Error | undefined;
    const register = (request: LiveRequest) =>
      this.registerLive(request).catch((error: unknown) => {
        if (error instanceof AuthenticationError && refused === undefined)
          this.#host.tell('authLost', (refused = error));
        throw error;
      });
    try {
      await live.restore(lane, register, (id, line) => this.kill(id, line));
    } catch {
      // The connection was lost again; the next one brings them back.
    }
  }

  protected authLost(error: Error): void {
    this.#host.tell('authLost', error);
  }

  /** The server need not keep it: it comes back with the next call. */
  async release(): Promise<void> {
    await this.#carrier.detach();
  }

  /** Lets calls under way end, then ends the session; twice is fine. */
  async close(): Promise<void> {
    await this.windUp();
    this.parts.live.endAll('closed');
    await this.parts.rpc.drain();
    await this.#carrier.detach();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function placeOf(current: Place, { namespace, database }: SessionOptions): Place {
  if (namespace === undefined && database === undefined) return current;
  return placeAfterUse(current, {
    ...(namespace !== undefined && { namespace }),
    ...(database !== undefined ? { database } : current.database !== undefined && { database: current.database }),
  });
}

function authOf(host: SessionHost, auth: SessionOptions['auth']): AuthOption | SessionState | undefined {
  if (auth === undefined) return host.state;
  if (auth === 'anonymous') {
    if (host.capabilities.transport === 'embedded') throw ownerInstead();
    return undefined;
  }
  if (typeof auth === 'string') throw notCredentials(auth);
  if (typeof auth !== 'function') assertCredentials(auth);
  return auth;
}

/** The engine runs without authentication: to it a session without a sign-in is its owner's. */
function ownerInstead(): CapabilityError {
  return new CapabilityError({
    what: 'An embedded engine has no anonymous users',
    why: 'it takes a session that nobody signed in for its owner, who may do everything',
    fix: ['give the token of a record user', 'connect to a server: `reverie serve` refuses anonymous sessions'],
  });
}

function notCredentials(auth: string): AuthenticationError {
  return new AuthenticationError({
    what: 'A text is no credentials',
    why: `auth is ${auth === '' ? 'an empty text' : 'a text'}`,
    fix: ['{ auth: { token } } for a token', "{ auth: 'anonymous' } for nobody"],
  });
}
