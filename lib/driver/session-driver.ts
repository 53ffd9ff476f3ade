import { CapabilityError, ConnectionError, type AuthenticationError } from '../errors/index.js';
import { Uuid, quoteIdentifier } from '../values/index.js';
import type { Capabilities } from './capabilities.js';
import type { Settings } from './connect-options.js';
import { ConnectionAuth, type RpcOptions } from './connection-auth.js';
import type {
  DriverSession,
  DriverTransaction,
  LiveChannel,
  LiveRequest,
  QueryRequest,
  StatementResult,
} from './driver.js';
import { errorOf, firstError, onlyValue } from './error-classifier.js';
import { InteractiveTransaction } from './interactive-transaction.js';
import type { LiveRouter } from './live-router.js';
import type { Bindings } from './queryable.js';
import { resendIfLost } from './reconnect/resend-if-lost.js';
import type { ObservedRequest } from './request-observer.js';
import type { CallOptions, RpcSession } from './rpc-session.js';
import { SessionEnd } from './session-end.js';
import type { RenewalWatch } from './session-renewal.js';
import { statementResults } from './statement-results.js';
import { Pin, type Line } from './transport/line.js';
import type { RpcCall } from './transport/transport.js';

/** What a session works with. */
export interface SessionParts {
  /** Without what is secret. */
  readonly settings: Omit<Settings, 'auth'>;
  readonly rpc: RpcSession;
  /** Its own live queries: they are registered anew as the same user. */
  readonly live: LiveRouter;
}

/** Statements, transactions and live queries of one session: the one that a connection begins with, or one attached to it. */
export abstract class SessionDriver extends ConnectionAuth {
  /** @internal */
  abstract readonly parts: SessionParts;
  readonly #end = new SessionEnd({
    concerns: () => !this.parts.live.isEmpty && this.state.token !== undefined && !this.state.isRenewable,
    signIn: () => this.state.token,
    expiry: () => this.#expiry(),
    ended: (error) => this.#endLive(error),
  });
  /** A sign-in that can be renewed, and was not. */
  protected readonly renewalWatch: RenewalWatch = {
    concerns: () => !this.parts.live.isEmpty,
    ended: (error) => this.#endLive(error),
  };
  readonly #transactions = new Map<InteractiveTransaction, Line>();

  /** What this connection can do; filled when it was made. */
  abstract get capabilities(): Capabilities;

  /** A session here that nobody is signed in on yet, to sign somebody in. An engine takes it for its owner's until then. @internal */
  abstract nobody(): DriverSession & ConnectionAuth;

  protected abstract authLost(error: Error): void;

  /** Whether PERMISSIONS hold for whoever is signed in, as far as that is known. */
  get isJudged(): boolean {
    return this.state.mayBeRecordUser;
  }

  execute(request: QueryRequest): Promise<readonly StatementResult[]> {
    return this.#observed(request, () => this.#send(request));
  }

  /**
   * Registers a live query (`LIVE SELECT …`); resolves when the server has it. Nothing that happens afterwards is missed,
   * also before the first `on()`: 10,000 notifications wait for it, and one more ends the query with a LiveError. After a lost
   * connection it is registered anew: `onResubscribed` tells of the gap.
   * https://surrealdb.com/docs/surrealql/statements/live
   *
   * ```ts
   * const channel = await db.live('LIVE SELECT * FROM person');
   * channel.on(({ action, record }) => console.log(action, String(record)));
   * const all = await db.live('person'); // a table by its name alone
   * ```
   * @throws CapabilityError over http
   */
  async live(request: LiveRequest | string, bindings: Bindings = {}): Promise<LiveChannel> {
    const live = typeof request === 'string' ? { text: liveText(request), bindings } : request;
    const letGo = this.parts.rpc.hold();
    try {
      const channel = await this.parts.live.open(live, (asked) => this.registerLive(asked));
      channel.onEnd(letGo);
      void this.#end.watch();
      return channel;
    } catch (error) {
      letGo();
      throw error;
    }
  }

  /**
   * Opens an interactive transaction, with the verbs of the connection. The server sends no live events for what it commits.
   *
   * ```ts
   * const tx = await db.begin();
   * try { await tx.create('person', { name: 'Ann' }); await tx.commit(); }
   * catch (error) { await tx.cancel(); throw error; }
   * ```
   * @throws CapabilityError over http, and for record users: in these transactions the server does not know who `$auth` is
   */
  async begin(): Promise<InteractiveTransaction & DriverTransaction> {
    const pin = new Pin();
    const id = await this.rpc('begin', [], { access: 'write', pin });
    if (!Uuid.is(id)) throw new ConnectionError({ what: 'The server began a transaction without naming it' });
    const { line } = pin;
    if (this.state.isRecordUser) {
      await this.rpc('cancel', [id], { access: 'write', line }).catch(() => undefined);
      throw withoutAuth();
    }
    const letGo = this.parts.rpc.hold();
    const transaction = new InteractiveTransaction(id, {
      execute: (request, txn) =>
        this.#observed({ ...request, transaction: txn }, () => this.#send(request, { txn, line })),
      end: (method, txn) => this.#endTransaction(method, txn, line),
      ended: (ended) => {
        this.#transactions.delete(ended);
        letGo();
      },
    });
    this.#transactions.set(transaction, line);
    return transaction;
  }

  protected run(request: QueryRequest): Promise<readonly StatementResult[]> {
    return this.execute(request);
  }

  protected async registerLive({ text, bindings }: LiveRequest): Promise<{ id: unknown; line: Line }> {
    // Over http nothing would come: the transport refuses by the method's name.
    if (!this.capabilities.live) await this.rpc('live', []);
    const query = { text, bindings, access: 'write', purpose: 'live' } as const;
    const pin = new Pin();
    const results = await this.#observed(query, () => this.#send(query, {}, pin));
    return { id: onlyValue(results, query), line: pin.line };
  }

  /** Whether the server keeps something on this connection that ends with it. */
  protected keeps(line: Line): boolean {
    return this.parts.live.isOn(line) || [...this.#transactions.values()].includes(line);
  }

  /** Best effort: the server drops live queries with their connection, and may have dropped this one. */
  protected async kill(id: Uuid, line: Line): Promise<void> {
    await this.rpc('kill', [id], { access: 'write', line }).catch(() => undefined);
  }

  /** Nothing of the session goes on by itself any more. */
  protected async windUp(): Promise<void> {
    this.#end.stop();
    await Promise.all([...this.#transactions.keys()].map((transaction) => transaction.cancel()));
  }

  protected async rpc(
    method: string,
    params: readonly unknown[],
    options: RpcOptions & Pick<RpcCall, 'line'> & Pick<CallOptions, 'pin'> = {},
  ): Promise<unknown> {
    const { access = 'read', auth, pin, ...rest } = options;
    const { rpc, settings } = this.parts;
    try {
      return await rpc.call(
        { method, params, access, ...rest },
        { timeout: settings.timeout, signal: undefined, name: method, pin },
      );
    } catch (error) {
      throw errorOf(error, auth === true ? { purpose: 'auth' } : {});
    }
  }

  /** When the first of the connections with a live query is no longer signed in. */
  async #expiry(): Promise<number | undefined> {
    const ends = await Promise.all(this.parts.live.lines.map((line) => this.#expiryOn(line)));
    const known = ends.filter((end) => end !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  /** A second more: the server counts whole ones. */
  async #expiryOn(line: Line): Promise<number | undefined> {
    const answer = await this.rpc('query', ['RETURN $session.exp', {}], { line });
    const [first] = answer as readonly { readonly result?: unknown }[];
    return typeof first?.result === 'number' ? (first.result + 1) * 1_000 : undefined;
  }

  #endLive(error: AuthenticationError): void {
    this.parts.live.endAll('disconnected', error);
    this.authLost(error);
  }

  async #endTransaction(method: 'commit' | 'cancel', txn: Uuid, line: Line): Promise<void> {
    try {
      await this.rpc(method, [txn], { access: 'write', line });
    } finally {
      await this.parts.settings.observer?.ended?.(txn);
    }
  }

  async #send(
    request: QueryRequest,
    extra: Pick<RpcCall, 'txn' | 'line'> = {},
    pin?: Pin,
  ): Promise<readonly StatementResult[]> {
    const { text, bindings, access, purpose, timeout, signal } = request;
    const { rpc, settings } = this.parts;
    const options = {
      timeout: timeout === undefined ? settings.timeout : timeout,
      signal,
      name: `the ${purpose} request`,
      // A live query's first events must not overtake the answer with its id.
      sessionAccess: /\blive\b/i.test(text) ? ('exclusive' as const) : ('shared' as const),
      pin,
    };
    try {
      const call = { method: 'query', params: [text, bindings], access, ...extra };
      return statementResults(await resendIfLost(request, rpc, () => rpc.call(call, options)));
    } catch (error) {
      throw errorOf(error, request);
    }
  }

  async #observed(
    request: ObservedRequest,
    send: () => Promise<readonly StatementResult[]>,
  ): Promise<readonly StatementResult[]> {
    const { observer } = this.parts.settings;
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
}

/** PERMISSIONS would be judged for nobody: rows without an owner would be everybody's. */
function withoutAuth(): CapabilityError {
  return new CapabilityError({
    what: 'A record user cannot have an interactive transaction',
    why: 'SurrealDB 3.0 leaves $auth empty in it, so PERMISSIONS that name $auth would be judged for nobody',
    fix: ['em.transaction() as it is by default, deferred', 'send BEGIN … COMMIT as one query'],
  });
}

/** One word is a table. */
function liveText(asked: string): string {
  return /\s/.test(asked.trim()) ? asked : `LIVE SELECT * FROM ${quoteIdentifier(asked.trim())}`;
}
