import type { Uuid } from '../../values/index.js';
import type { Capabilities } from '../capabilities.js';
import type { ConnectionEvents } from '../connection-events.js';
import type { Flight } from '../flight.js';
import type { PoolStats } from '../request-pool.js';

/** One RPC; its answer is the decoded result. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly session?: Uuid;
  readonly txn?: Uuid;
  /** A 'write' passes the gate where the engine needs one. */
  readonly access: 'read' | 'write';
  /** Only on this very connection (see `Transport.epoch`): what it names died with it. */
  readonly epoch?: number;
}

/** Sends a call while the connection is being made, before anybody else's. */
export type Send = (method: string, params: readonly unknown[], access?: 'read' | 'write') => Promise<unknown>;

/** What a transport tells the connection above it. */
export interface TransportHost {
  /** Makes a fresh connection usable: version, place, sign-in, variables. */
  prepare(send: Send): Promise<void>;
  /** Registers the live queries that were open on the connection before this one; comes after `prepare`. */
  resubscribe(send: Send): Promise<void>;
  notify(notification: unknown): void;
  /** The connection is gone; calls that come later make a new one. */
  lost(error: Error): void;
  /** True while somebody listens to this connection, so that a lost one is made again without a call. */
  isWanted(): boolean;
  /** A lost connection is not made again until somebody calls. */
  gaveUp(error: unknown): void;
  tell<E extends keyof ConnectionEvents>(event: E, ...told: ConnectionEvents[E]): void;
}

/**
 * A way to a SurrealDB. `call` rejects with an RpcFault for what the server refuses, with a ConnectionError or TimeoutError
 * for what never came back. A call that was handed over once is never handed over again.
 */
export interface Transport {
  readonly kind: Capabilities['transport'];
  readonly engine: Capabilities['engine'];
  readonly maxRequestBytes: number;
  /** Counts the connections made: transactions and live queries belong to one of them. */
  readonly epoch: number;
  /** For transports that bound how many requests are under way. */
  readonly stats?: PoolStats;
  /** Connects and prepares; without it the first call would. */
  open(): Promise<void>;
  call(call: RpcCall, flight: Flight): Promise<unknown>;
  close(): Promise<void>;
}
