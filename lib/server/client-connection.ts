import { ByteWriter } from '../driver/codec/byte-writer.js';
import { encode } from '../driver/codec/index.js';
import { answerFault, answerWith, faultIn, notificationFrame } from './answer-envelope.js';
import { CBOR } from './cbor-walk.js';
import { ClientSession } from './client-session.js';
import type { EngineHost } from './engine-host.js';
import type { ServerLimits } from './limits.js';
import { ruleOf } from './method-rules.js';
import { withSession, type NotificationRouter } from './notification-router.js';
import {
  engineRequest,
  idOf,
  openEnvelope,
  parametersOf,
  uuidOf,
  writeUuid,
  type RequestEnvelope,
} from './request-envelope.js';
import { runRequest } from './request-runner.js';
import { SessionTable } from './session-table.js';
import { TransactionTable, type OpenTransaction } from './transaction-table.js';
import { faultOf, wireFaults, WireFaultError, type WireFault } from './wire-fault.js';
import { freshUuid, uuidToText } from './wire-uuid.js';

export interface ClientConnectionOptions {
  readonly host: EngineHost;
  readonly router: NotificationRouter;
  readonly limits: ServerLimits;
  /** Serve without sign-in. */
  readonly open: boolean;
  /** Sends a live notification; undefined where the transport cannot, and then nobody may ask for one. */
  readonly emit?: (frame: Uint8Array) => void;
  /** Attached sessions that outlive this connection (HTTP); its own table when left out. */
  readonly sessions?: SessionTable;
}

const NONE = encode(undefined);

/**
 * One client of the engine, whatever carries its bytes: a session of its own in the engine, the sessions it attached,
 * the transactions it opened, and the end of all three when it leaves.
 */
export class ClientConnection {
  readonly #options: ClientConnectionOptions;
  readonly #sessions: SessionTable;
  readonly #transactions: TransactionTable;
  readonly #own: ClientSession;
  readonly #handling = new Set<Promise<void>>();
  #stopping = false;
  #disposed: Promise<void> | undefined;

  constructor(options: ClientConnectionOptions) {
    this.#options = options;
    this.#sessions = options.sessions === undefined ? new SessionTable() : options.sessions;
    this.#transactions = new TransactionTable(options.limits.transactions);
    this.#own = new ClientSession({ engineId: freshUuid(), open: options.open });
    void this.#enter(this.#own).catch(() => undefined);
  }

  /** Handles one request: `send` gets its answer, exactly once, and requests start in the order of these calls. */
  handle(frame: Uint8Array, send: (answer: Uint8Array) => void): Promise<void> {
    const handled = this.#answer(frame, send);
    this.#handling.add(handled);
    return handled.finally(() => this.#handling.delete(handled));
  }

  /** A call of the server itself in the connection's own session. Rejects with the WireFaultError of a refused one. */
  async call(method: string, params: readonly unknown[]): Promise<Uint8Array> {
    const envelope = openEnvelope(encode({ method, params }));
    const { answer } = await this.#dispatch(envelope);
    const fault = faultIn(answer);
    if (fault !== undefined) throw new WireFaultError(fault);
    return answer;
  }

  /** From now on requests are refused; those already started go on. */
  stop(): void {
    this.#stopping = true;
  }

  /** Waits for what is running, then cancels open transactions and ends the sessions with their live queries. */
  dispose(): Promise<void> {
    if (this.#disposed === undefined) this.#disposed = this.#leave();
    return this.#disposed;
  }

  async #answer(frame: Uint8Array, send: (answer: Uint8Array) => void): Promise<void> {
    let envelope: RequestEnvelope | undefined;
    let release: (() => void) | undefined;
    try {
      envelope = openEnvelope(frame);
      const outcome = await this.#dispatch(envelope);
      release = outcome.release;
      send(answerWith(envelope, outcome.answer));
    } catch (error) {
      send(
        answerFault(envelope === undefined ? { id: idOf(frame), sessionItem: undefined } : envelope, faultOf(error)),
      );
    } finally {
      release?.();
    }
  }

  #dispatch(envelope: RequestEnvelope): Promise<{ readonly answer: Uint8Array; readonly release?: () => void }> {
    if (this.#stopping) return refuse(wireFaults.stopping);
    switch (envelope.method) {
      case 'ping':
        return Promise.resolve({ answer: NONE });
      case 'attach':
        return this.#attach(envelope);
      case 'detach':
        return this.#detach(envelope);
      case 'sessions':
        return Promise.resolve({ answer: sessionList(this.#ownSessions(envelope)) });
      case 'begin':
        return this.#begin(envelope);
      case 'commit':
      case 'cancel':
        return this.#end(envelope);
      default:
        return this.#run(envelope);
    }
  }

  async #run(envelope: RequestEnvelope): Promise<{ readonly answer: Uint8Array; readonly release?: () => void }> {
    const rule = ruleOf(envelope.method);
    if (rule === undefined) throw new WireFaultError(wireFaults.methodNotFound);
    if (envelope.method === 'live' && this.#options.emit === undefined)
      throw new WireFaultError(wireFaults.liveNotSupported);
    const session = this.#sessionOf(envelope);
    const transaction = envelope.txn === undefined ? undefined : this.#transactionOf(envelope.txn);
    const { host, router } = this.#options;
    return runRequest({ host, router, envelope, rule, session, transaction });
  }

  async #attach(envelope: RequestEnvelope): Promise<{ readonly answer: Uint8Array }> {
    const id = envelope.session;
    if (id === undefined) throw new WireFaultError(wireFaults.sessionIdExpected);
    if (this.#sessions.get(id) !== undefined) throw new WireFaultError(wireFaults.sessionExists(uuidToText(id)));
    const { limits, router, open } = this.#options;
    if (this.#sessions.size >= limits.sessions) throw new WireFaultError(wireFaults.overloaded);
    // The client's own uuid where it is free, so that session::id() says what the client expects.
    const session = new ClientSession({ engineId: router.has(id) ? freshUuid() : id, clientId: id, open });
    this.#sessions.add(id, session);
    try {
      return { answer: await this.#enter(session, envelope.sessionItem) };
    } catch (error) {
      this.#sessions.remove(id, session);
      throw error;
    }
  }

  async #detach(envelope: RequestEnvelope): Promise<{ readonly answer: Uint8Array }> {
    const id = envelope.session;
    if (id === undefined) throw new WireFaultError(wireFaults.sessionIdExpected);
    const session = this.#sessions.get(id);
    if (session === undefined) return { answer: NONE };
    this.#sessions.remove(id, session);
    return { answer: await this.#exit(session) };
  }

  /** Sessions that outlive a connection belong to strangers too, and whoever knows a uuid may use it: only the one named is told. */
  #ownSessions({ session }: RequestEnvelope): readonly ClientSession[] {
    if (this.#options.sessions === undefined) return this.#sessions.list();
    const named = session && this.#sessions.get(session);
    return named === undefined ? [] : [named];
  }

  async #begin(envelope: RequestEnvelope): Promise<{ readonly answer: Uint8Array }> {
    this.#refuseWithoutConnection();
    const session = this.#sessionOf(envelope);
    if (!this.#transactions.reserve()) throw new WireFaultError(wireFaults.overloaded);
    let id: Uint8Array | undefined;
    try {
      const answer = await session.run('shared', (onStart) => {
        if (!session.signedIn) throw new WireFaultError(wireFaults.anonymous);
        return this.#options.host.call({ request: engineRequestOf(envelope, session), gated: true, onStart });
      });
      id = uuidOf(answer);
      return { answer };
    } finally {
      this.#transactions.settle(id);
    }
  }

  async #end(envelope: RequestEnvelope): Promise<{ readonly answer: Uint8Array }> {
    this.#refuseWithoutConnection();
    const session = this.#sessionOf(envelope);
    const [parameter] = parametersOf(envelope);
    const id = parameter && uuidOf(parameter);
    if (id === undefined) throw new WireFaultError(wireFaults.transactionIdExpected);
    const transaction = this.#transactionOf(id);
    this.#transactions.remove(transaction);
    const request = engineRequestOf(envelope, session);
    const answer = await session.run('shared', (onStart) =>
      transaction.run(() => this.#options.host.call({ request, gated: true, onStart })),
    );
    return { answer };
  }

  /** Over HTTP a transaction would end with the request that opened it: the methods do not exist there. */
  #refuseWithoutConnection(): void {
    if (this.#options.emit === undefined) throw new WireFaultError(wireFaults.methodNotFound);
  }

  #sessionOf(envelope: RequestEnvelope): ClientSession {
    if (envelope.session === undefined) return this.#own;
    const session = this.#sessions.get(envelope.session);
    if (session === undefined) throw new WireFaultError(wireFaults.sessionNotFound(uuidToText(envelope.session)));
    return session;
  }

  #transactionOf(id: Uint8Array): OpenTransaction {
    const transaction = this.#transactions.get(id);
    if (transaction === undefined) throw new WireFaultError(wireFaults.transactionNotFound);
    return transaction;
  }

  /** Opens a session in the engine; the first work in the session's order, so requests may follow at once. */
  #enter(session: ClientSession, sessionItem?: Uint8Array): Promise<Uint8Array> {
    const { host, router, emit } = this.#options;
    router.add(session, (notification) => {
      const own = session.clientId === undefined ? notification : withSession(notification, session.clientId);
      emit?.(notificationFrame(sessionItem, own));
    });
    const request = engineRequest({ method: 'attach', session: session.engineId });
    return session.run('exclusive', (onStart) => host.call({ request, gated: false, onStart }));
  }

  async #exit(session: ClientSession): Promise<Uint8Array> {
    const request = engineRequest({ method: 'detach', session: session.engineId });
    try {
      return await session.run('exclusive', (onStart) =>
        this.#options.host.call({ request, gated: session.mayHaveLive, onStart }),
      );
    } finally {
      this.#options.router.remove(session);
    }
  }

  async #leave(): Promise<void> {
    this.#stopping = true;
    await Promise.allSettled(this.#handling);
    const { host, sessions: lasting } = this.#options;
    for (const transaction of this.#transactions.list()) {
      this.#transactions.remove(transaction);
      const params = cancelParams(transaction.id);
      const request = engineRequest({ method: 'cancel', session: this.#own.engineId, params });
      await host.call({ request, gated: true }).catch(() => undefined);
    }
    const mine = lasting === undefined ? [...this.#sessions.list(), this.#own] : [this.#own];
    await Promise.allSettled(mine.map((session) => this.#exit(session)));
  }
}

function refuse(fault: WireFault): Promise<never> {
  return Promise.reject(new WireFaultError(fault));
}

function engineRequestOf(envelope: RequestEnvelope, session: ClientSession): Uint8Array {
  const { method, params, version } = envelope;
  return engineRequest({ method, session: session.engineId, params, version });
}

function sessionList(sessions: readonly ClientSession[]): Uint8Array {
  const out = new ByteWriter();
  out.head(CBOR.array, sessions.length);
  for (const session of sessions) writeUuid(out, session.clientId === undefined ? session.engineId : session.clientId);
  return out.finish();
}

function cancelParams(id: Uint8Array): Uint8Array {
  const out = new ByteWriter();
  out.head(CBOR.array, 1);
  writeUuid(out, id);
  return out.finish();
}
