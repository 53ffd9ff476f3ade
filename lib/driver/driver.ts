import type { Uuid } from '../values/uuid.js';
import type { AuthOption } from './credentials.js';
import type { Capabilities } from './capabilities.js';

/**
 * What the rest of Reverie knows of a connection. Everything above sends statements through `execute`;
 * transports, sessions, codecs and the engine's dangers stay below it.
 */
export interface Driver {
  readonly capabilities: Capabilities;
  /** True where a record user is signed in, or may be: PERMISSIONS then leave things out without a word. */
  readonly isJudged?: boolean;
  /** Sends one request and answers with one result a statement, failed ones included (see `firstError`). */
  execute(request: QueryRequest): Promise<readonly StatementResult[]>;
  /** Registers a live query; resolves when the server has it. */
  live(request: LiveRequest): Promise<LiveChannel>;
  /** Opens an interactive transaction (`begin`); a CapabilityError over http. */
  begin(): Promise<DriverTransaction>;
  /** Another session over the same connection, from where and as whom this one is; a driver without sessions has none. */
  session?(options: SessionOptions): DriverSession;
  close(options?: { readonly timeout?: number }): Promise<void>;
}

/** Where a session is, and as whom. */
export interface SessionOptions {
  /** Default: where the session that it is made from is. */
  readonly namespace?: string | undefined;
  /** Default: the name of the database where that session is; of another namespace too. */
  readonly database?: string | undefined;
  /** Default: whoever is signed in there. `'anonymous'`: nobody. */
  readonly auth?: AuthOption | 'anonymous' | undefined;
}

/** A session beside the first one of its connection. */
export interface DriverSession extends Driver {
  /** The server need not keep it; it comes back with the next request. */
  release(): Promise<void>;
}

/** Why a request is made, for logs and `beforeQuery`/`afterQuery`. */
export type Purpose = 'find' | 'count' | 'flush' | 'direct' | 'raw' | 'schema' | 'live' | 'load' | 'auth' | 'system';

export interface QueryRequest {
  readonly text: string;
  readonly bindings: Readonly<Record<string, unknown>>;
  /** A 'write' passes the engine's gate one at a time where the engine needs it. */
  readonly access: 'read' | 'write';
  readonly purpose: Purpose;
  /**
   * To run it twice does no harm: it is sent again if the connection is lost before the answer, unless its text might write or
   * reach out of the database after all.
   */
  readonly idempotent?: boolean;
  /** How it could be done better: for the log. */
  readonly hint?: string;
  /** Milliseconds until a TimeoutError; default the connection's. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

export type StatementResult =
  | { readonly ok: true; readonly value: unknown; readonly time: string }
  | { readonly ok: false; readonly error: ServerFault; readonly time: string };

/** An error as the server describes it, of a statement or of the whole request. */
export interface ServerFault {
  readonly message: string;
  readonly kind?: string;
  readonly code?: number;
  readonly details?: unknown;
  readonly cause?: unknown;
}

export interface DriverTransaction {
  readonly id: Uuid;
  /** A statement in it has failed: it can only be cancelled. */
  readonly isRollbackOnly: boolean;
  execute(request: QueryRequest): Promise<readonly StatementResult[]>;
  commit(): Promise<void>;
  cancel(): Promise<void>;
}

export interface LiveRequest {
  readonly text: string;
  readonly bindings: Readonly<Record<string, unknown>>;
}

/** Raw notifications of one live query, in the order they came. */
export interface LiveChannel {
  /** Another one after each reconnection. */
  readonly id: Uuid;
  on(listener: (notification: LiveNotification) => void): void;
  /** Called after a lost connection was made again, with the query registered on it: what changed in between was missed. */
  onResubscribed(listener: () => void): void;
  /** Called once when the channel ends: killed here, by the server, or with a connection that does not come back. */
  onEnd(listener: (reason: 'closed' | 'killed' | 'disconnected', error?: Error) => void): void;
  close(): Promise<void>;
}

export interface LiveNotification {
  readonly action: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly record: unknown;
  readonly result: unknown;
}
