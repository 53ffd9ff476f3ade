import { ConnectionError, ReverieError } from '../errors/index.js';
import { Uuid } from '../values/index.js';
import type { Capabilities } from './capabilities.js';
import { assertSupported, capabilitiesOf, versionOf } from './capability-record.js';
import type { Settings } from './connect-options.js';
import { ConnectionAuth } from './connection-auth.js';
import { ConnectionListeners, type ConnectionEvents } from './connection-events.js';
import type { Driver, DriverTransaction, LiveChannel, LiveRequest, QueryRequest, StatementResult } from './driver.js';
import { errorOf, firstError, onlyValue } from './error-classifier.js';
import { InteractiveTransaction } from './interactive-transaction.js';
import { LiveRouter } from './live-router.js';
import type { Bindings } from './queryable.js';
import { resendIfLost } from './reconnect/resend-if-lost.js';
import type { ObservedRequest, RequestObserver } from './request-observer.js';
import { RpcSession } from './rpc-session.js';
import { SessionQueue } from './session-queue.js';
import { SessionState, type BeforeSignin } from './session-state.js';
import { statementResults } from './statement-results.js';
import { after } from './timers.js';
import type { RpcCall, Send, Transport, TransportHost } from './transport/transport.js';

/** Milliseconds that `close()` waits for calls under way unless it is told otherwise. */
const DRAIN = 5_000;

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
export class Connection extends ConnectionAuth implements Driver {
  readonly #settings: Settings;
  readonly #rpc: RpcSession;
  readonly #live: LiveRouter;
  readonly #listeners = new ConnectionListeners();
  readonly #observer: RequestObserver | undefined;
  readonly #transactions = new Set<InteractiveTransaction>();
  #capabilities: Capabilities | undefined;
  #closed: Promise<void> | undefined;

  /** @internal Use `connect()`. */
  constructor(settings: Settings, makeTransport: (host: TransportHost) => Transport, beforeSignin?: BeforeSignin) {
    const { namespace, database, auth } = settings;
    super(new SessionState({ namespace, database }, auth, beforeSignin));
    this.#settings = settings;
    this.#observer = settings.observer;
    const transport = makeTransport({
      prepare: (send) => this.#prepare(send),
      renewToken: (send) => this.state.signIn(reporting(send)),
      notify: (notification) => this.#live.notify(notification),
      lost: (error) => this.#lost(error as ReverieError),
      resubscribe: (send) => this.#resubscribe(send),
      isWanted: () => this.#live.size > 0,
      gaveUp: (error) => this.#gaveUp(error),
      tell: (event, ...told) => this.#listeners.emit(event, ...told),
    });
    this.#rpc = new RpcSession(
      transport,
      settings.shields.sessionQueue === false ? SessionQueue.unordered() : new SessionQueue(),
    );
    this.#live = new LiveRouter({
      kill: (id) => this.#kill(id),
      resubscribed: (old, now) => this.#listeners.emit('resubscribed', old, now),
    });
  }

  /** @internal */
  async open(): Promise<this> {
    await this.#rpc.transport.open();
    return this;
  }

  /** What this connection can do; filled when it was made. */
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

  execute(request: QueryRequest): Promise<readonly StatementResult[]> {
    return this.#observed(request, () => this.#send(request));
  }

  /**
   * Registers a live query (`LIVE SELECT …`); resolves when the server has it. Nothing that happens afterwards is missed,
   * also before the first `on()`. After a lost connection it is registered anew: `onResubscribed` tells of the gap. https://surrealdb.com/docs/surrealql/statements/live
   *
   * ```ts
   * const channel = await db.live('LIVE SELECT * FROM person');
   * channel.on(({ action, record }) => console.log(action, String(record)));
   * ```
   * @throws CapabilityError over http
   */
  live(request: LiveRequest | string, bindings: Bindings = {}): Promise<LiveChannel> {
    const live = typeof request === 'string' ? { text: request, bindings } : request;
    return this.#live.open(live, async ({ text, bindings: bound }) => {
      // Over http nothing would come: the transport refuses by the method's name.
      if (!this.capabilities.live) await this.rpc('live', []);
      const query = { text, bindings: bound, access: 'write', purpose: 'live' } as const;
      return onlyValue(await this.execute(query), query);
    });
  }

  /**
   * Opens an interactive transaction, with the verbs of the connection. The server sends no live events for what it commits.
   *
   * ```ts
   * const tx = await db.begin();
   * try { await tx.create('person', { name: 'Ann' }); await tx.commit(); }
   * catch (error) { await tx.cancel(); throw error; }
   * ```
   * @throws CapabilityError over http
   */
  async begin(): Promise<InteractiveTransaction & DriverTransaction> {
    const id = await this.rpc('begin', [], { access: 'write' });
    if (!Uuid.is(id)) throw new ConnectionError({ what: 'The server began a transaction without naming it' });
    const epoch = this.#rpc.transport.epoch;
    const transaction = new InteractiveTransaction(id, {
      execute: (request, txn) =>
        this.#observed({ ...request, transaction: txn }, () => this.#send(request, { txn, epoch })),
      end: async (method, txn) =>
        void (await this.rpc(method, [txn], { access: 'write', epoch }).finally(() => this.#observer?.ended?.(txn))),
      ended: (ended) => this.#transactions.delete(ended),
    });
    this.#transactions.add(transaction);
    return transaction;
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

  protected run(request: QueryRequest): Promise<readonly StatementResult[]> {
    return this.execute(request);
  }

  protected async rpc(
    method: string,
    params: readonly unknown[],
    options: { readonly access?: 'read' | 'write'; readonly epoch?: number; readonly auth?: boolean } = {},
  ): Promise<unknown> {
    const { access = 'read', auth, ...rest } = options;
    try {
      return await this.#rpc.call(
        { method, params, access, ...rest },
        { timeout: this.#settings.timeout, signal: undefined, name: method },
      );
    } catch (error) {
      throw errorOf(error, auth === true ? { purpose: 'auth' } : {});
    }
  }

  async #send(request: QueryRequest, extra: Pick<RpcCall, 'txn' | 'epoch'> = {}): Promise<readonly StatementResult[]> {
    const { text, bindings, access, purpose, timeout, signal } = request;
    const options = {
      timeout: timeout === undefined ? this.#settings.timeout : timeout,
      signal,
      name: `the ${purpose} request`,
      // A live query's first events must not overtake the answer with its id.
      sessionAccess: /\blive\b/i.test(text) ? ('exclusive' as const) : ('shared' as const),
    };
    const call = { method: 'query', params: [text, bindings], access, ...extra };
    try {
      return statementResults(await resendIfLost(request, this.#rpc, () => this.#rpc.call(call, options)));
    } catch (error) {
      throw errorOf(error, request);
    }
  }

  async #observed(
    request: ObservedRequest,
    send: () => Promise<readonly StatementResult[]>,
  ): Promise<readonly StatementResult[]> {
    const observer = this.#observer;
    if (observer === undefined) return send();
    await observer.before?.(request);
    const started = performance.now();
    let results: readonly StatementResult[];
    try {
      results = await send();
    } catch (error) {
      await observer.after?.(request, { duration: performance.now() - started, error });
      throw error;
    }
    const error = firstError(results, request);
    await observer.after?.(request, {
      duration: performance.now() - started,
      results,
      ...(error !== undefined && { error }),
    });
    return results;
  }

  async #prepare(send: Send): Promise<void> {
    const told = reporting(send);
    const version = versionOf(await told('version', []));
    assertSupported(version);
    await this.state.restore(told);
    this.#capabilities = capabilitiesOf(this.#rpc.transport, version);
  }

  #resubscribe(send: Send): Promise<void> {
    const told = reporting(send);
    return this.#live.restore(
      async ({ text, bindings }) => {
        const query = { text, bindings, purpose: 'live' } as const;
        return onlyValue(statementResults(await told('query', [text, bindings], 'write')), query);
      },
      async (id) => void (await told('kill', [id], 'write')),
    );
  }

  #lost(error: ReverieError): void {
    this.#rpc.lost();
    this.#live.lost();
    this.#listeners.emit('disconnected', error);
    if (this.#settings.reconnectAttempts === 0) this.#live.endAll('disconnected', error);
  }

  #gaveUp(error: unknown): void {
    if (ReverieError.is(error) && error.code === 'AUTHENTICATION') this.#listeners.emit('authLost', error);
    this.#live.endAll('disconnected', ReverieError.is(error) ? error : unusable(error));
  }

  /** Best effort: the server drops live queries with their connection, and may have dropped this one. */
  async #kill(id: Uuid): Promise<void> {
    await this.rpc('kill', [id], { access: 'write', epoch: this.#rpc.transport.epoch }).catch(() => undefined);
  }

  async #close(timeout: number): Promise<void> {
    const open = [...this.#transactions].map((transaction) => transaction.cancel());
    this.#live.endAll('closed');
    await atMost(timeout, Promise.all([...open, this.#rpc.drain()]));
    await atMost(timeout, this.#rpc.transport.close());
  }
}

function unusable(cause: unknown): ConnectionError {
  return new ConnectionError({
    what: 'The connection could not be made again',
    why: cause instanceof Error ? cause.message : String(cause),
    outcome: 'not-sent',
    cause,
  });
}

/** Sign-ins and the like while a connection is made fail with typed errors too. */
function reporting(send: Send): Send {
  return async (method, params, access) => {
    try {
      return await send(method, params, access);
    } catch (error) {
      throw errorOf(error, method === 'signin' || method === 'authenticate' ? { purpose: 'auth' } : {});
    }
  };
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
