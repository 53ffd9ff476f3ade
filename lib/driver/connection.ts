import { ConnectionError, ReverieError } from '../errors/index.js';
import { AttachedSession, type SessionHost } from './attached-session.js';
import type { Capabilities } from './capabilities.js';
import { assertSupported, capabilitiesOf, versionOf } from './capability-record.js';
import type { Settings } from './connect-options.js';
import { ConnectionListeners, type ConnectionEvents } from './connection-events.js';
import type { Driver, SessionOptions } from './driver.js';
import { onlyValue } from './error-classifier.js';
import { LiveRouter } from './live-router.js';
import { reporting } from './reporting.js';
import type { PoolStats } from './request-pool.js';
import { RpcSession } from './rpc-session.js';
import { SessionDriver, type SessionParts } from './session-driver.js';
import { SessionQueue } from './session-queue.js';
import { SessionState, type BeforeSignin } from './session-state.js';
import { statementResults } from './statement-results.js';
import { after } from './timers.js';
import type { Line } from './transport/line.js';
import type { Send, Transport, TransportHost } from './transport/transport.js';

/** Milliseconds that `close()` waits for calls under way unless it is told otherwise. */
const DRAIN = 5_000;

/** How a kind of url is connected to. */
export interface Way {
  readonly make: (host: TransportHost) => Transport;
  readonly beforeSignin?: BeforeSignin | undefined;
  /** What runs out: the session that a sign-in begins, or the token that each request carries. */
  readonly expires: 'session' | 'token';
}

/**
 * A connection to a SurrealDB: an embedded engine, or a server by ws or http. Made by `connect()`; all of it is safe to use
 * concurrently.
 *
 * ```ts
 * const db = await connect('mem://', { namespace: 'app', database: 'app' });
 * await db.create('person', { name: 'Ann' });
 * const people = await db.select('person');
 * await db.close();
 * ```
 */
export class Connection extends SessionDriver implements Driver {
  /** @internal */
  readonly parts: SessionParts;
  readonly #way: Way;
  readonly #listeners = new ConnectionListeners();
  /** Those that the server knows; the others are their users' alone. */
  readonly #sessions = new Set<AttachedSession>();
  #capabilities: Capabilities | undefined;
  #closed: Promise<void> | undefined;

  /** @internal Use `connect()`. */
  constructor(settings: Settings, way: Way) {
    const { auth, ...open } = settings;
    const { namespace, database, onSignIn, shields, connectTimeout: timeout } = open;
    const { beforeSignin, expires } = way;
    super(new SessionState({ place: { namespace, database }, auth, beforeSignin, onSignIn, expires, timeout }));
    this.#way = way;
    const transport = way.make({
      prepare: (send) => this.#prepare(send),
      resubscribe: (send, line) => this.#resubscribe(send, line),
      connected: (line) => this.#connected(line),
      notify: (notification) => {
        for (const { parts } of this.#everybody) parts.live.notify(notification);
      },
      lost: (error, line) => this.#lost(error as ReverieError, line),
      isWanted: (lane) => this.#everybody.some(({ parts }) => parts.live.waitsFor(lane)),
      needs: (line) => this.keeps(line) || [...this.#sessions].some((session) => session.isOn(line)),
      gaveUp: (error, lane) => this.#gaveUp(error, lane),
      tell: (event, ...told) => this.#listeners.emit(event, ...told),
    });
    const queue = shields.sessionQueue === false ? SessionQueue.unordered() : new SessionQueue();
    const rpc = new RpcSession({ transport, queue, state: this.state, timeout, watch: this.renewalWatch });
    const live = new LiveRouter({
      kill: (id, line) => this.kill(id, line),
      resubscribed: (old, now) => this.#listeners.emit('resubscribed', old, now),
    });
    this.parts = { settings: open, rpc, live };
  }

  /** @internal */
  async open(): Promise<this> {
    await this.parts.rpc.transport.open();
    return this;
  }

  get capabilities(): Capabilities {
    if (this.#capabilities === undefined)
      throw new ConnectionError({ what: 'The connection is not open yet', outcome: 'not-sent' });
    return this.#capabilities;
  }

  /**
   * Calls back when the connection is lost, made again, and so on; see `ConnectionEvents`.
   *
   * ```ts
   * db.on('disconnected', (error) => console.warn(error.message)).on('connected', () => console.info('back again'));
   * ```
   */
  on<E extends keyof ConnectionEvents>(event: E, listener: (...told: ConnectionEvents[E]) => void): this {
    this.#listeners.add(event, listener);
    return this;
  }

  off<E extends keyof ConnectionEvents>(event: E, listener: (...told: ConnectionEvents[E]) => void): this {
    this.#listeners.delete(event, listener);
    return this;
  }

  /**
   * A session of its own over this connection: another namespace, database or user, for as long as it is open. What one session
   * does never shows in another. Over http each of its requests says who it is from.
   *
   * ```ts
   * const session = db.session({ auth: { token: request.headers.authorization.slice(7) } });
   * const notes = await session.select('note');
   * await session.close();
   * ```
   * @throws AuthenticationError for an empty token; at the first call for one that the server refuses
   * @throws CapabilityError for `auth: 'anonymous'` on an embedded engine
   */
  session(options: SessionOptions = {}): AttachedSession {
    return new AttachedSession(this.#host(), options);
  }

  nobody(): AttachedSession {
    return new AttachedSession(this.#host(), {}, true);
  }

  /**
   * What the connection is doing: over http by requests, else by the one connection that carries them all.
   *
   * ```ts
   * const { active, waiting, timeouts } = db.stats();
   * ```
   */
  stats(): PoolStats {
    const { transport } = this.parts.rpc;
    if (transport.stats !== undefined) return transport.stats;
    const isBusy = this.#everybody.some(({ parts }) => parts.rpc.running > 0);
    const active = isBusy ? 1 : 0;
    return { total: 1, active, idle: 1 - active, waiting: 0, timeouts: 0 };
  }

  /** The server's version, such as `3.0.2`. */
  async version(): Promise<string> {
    return versionOf(await this.rpc('version', []));
  }

  /** Lets calls under way end, at most `timeout` milliseconds (default 5,000), then lets go of everything. Twice is fine. */
  close(options: { readonly timeout?: number } = {}): Promise<void> {
    if (this.#closed === undefined) this.#closed = this.#close(options.timeout === undefined ? DRAIN : options.timeout);
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  protected authLost(error: Error): void {
    this.#listeners.emit('authLost', error);
  }

  #host(): SessionHost {
    const { settings, rpc } = this.parts;
    const { beforeSignin, expires } = this.#way;
    const { state, capabilities } = this;
    return {
      settings,
      transport: rpc.transport,
      state,
      capabilities,
      beforeSignin,
      expires,
      tell: (event, ...told) => this.#listeners.emit(event, ...told),
      attached: (session, isAttached) =>
        void (isAttached ? this.#sessions.add(session) : this.#sessions.delete(session)),
    };
  }

  async #prepare(send: Send): Promise<void> {
    const told = reporting(send);
    const version = versionOf(await told('version', []));
    assertSupported(version);
    await this.state.restore(told);
    this.#capabilities = capabilitiesOf(this.parts.rpc.transport, version);
  }

  #resubscribe(send: Send, line: Line): Promise<void> {
    const told = reporting(send);
    return this.parts.live.restore(
      line.lane,
      async ({ text, bindings }) => {
        const query = { text, bindings, purpose: 'live' } as const;
        return { id: onlyValue(statementResults(await told('query', [text, bindings], 'write')), query), line };
      },
      async (id) => void (await told('kill', [id], 'write')),
    );
  }

  #connected(line: Line): void {
    for (const session of this.#sessions) void session.resubscribe(line);
    this.#listeners.emit('connected');
  }

  #lost(error: ReverieError, line: Line): void {
    for (const session of [this, ...[...this.#sessions].filter((attached) => attached.isOn(line))]) {
      session.parts.rpc.lost();
      session.parts.live.lost(line);
    }
    this.#listeners.emit('disconnected', error);
    if (this.parts.settings.reconnectAttempts === 0) this.#endLive('disconnected', error, line.lane);
  }

  #gaveUp(error: unknown, lane: object): void {
    if (ReverieError.is(error) && error.code === 'AUTHENTICATION') this.#listeners.emit('authLost', error);
    this.#endLive('disconnected', ReverieError.is(error) ? error : unusable(error), lane);
  }

  #endLive(reason: 'closed' | 'disconnected', error?: ReverieError, lane?: object): void {
    for (const { parts } of this.#everybody) parts.live.endAll(reason, error, lane);
  }

  /** The session that the connection begins with, and those that the server knows beside it. */
  get #everybody(): readonly SessionDriver[] {
    return [this, ...this.#sessions];
  }

  async #close(timeout: number): Promise<void> {
    const { rpc } = this.parts;
    const open = this.windUp();
    const sessions = [...this.#sessions].map((session) => session.close());
    this.#endLive('closed');
    await atMost(timeout, Promise.all([open, ...sessions, rpc.drain()]));
    await atMost(timeout, rpc.transport.close());
  }
}

function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = after(Math.max(1, milliseconds), resolve);
    work
      .then(
        () => resolve(),
        (error: unknown) => reject(error as Error),
      )
      .finally(cancel);
  });
}

function unusable(cause: unknown): ConnectionError {
  return new ConnectionError({
    what: 'The connection could not be made again',
    why: cause instanceof Error ? cause.message : String(cause),
    outcome: 'not-sent',
    cause,
  });
}
