import type { Uuid } from '../../values/index.js';
import type { Capabilities } from '../capabilities.js';
import type { ConnectionEvents } from '../connection-events.js';
import type { Flight } from '../flight.js';
import type { PoolStats } from '../request-pool.js';
import type { Line } from './line.js';

/** One RPC; its answer is the decoded result. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly session?: Uuid;
  readonly txn?: Uuid;
  /** A 'write' passes the gate where the engine needs one. */
  readonly access: 'read' | 'write';
  /** Only over this very connection: what the call names dies with it. */
  readonly line?: Line;
}

/** Sends a call while the connection is being made, before anybody else's. */
export type Send = (method: string, params: readonly unknown[], access?: 'read' | 'write') => Promise<unknown>;

/** What a transport tells the connection above it. */
export interface TransportHost {
  /** Makes a fresh connection usable: version, place, sign-in, variables. */
  prepare(send: Send): Promise<void>;
  /** Registers the live queries that were open on the connection before this one; comes after `prepare`. */
  resubscribe(send: Send, line: Line): Promise<void>;
  /** Everything is in place, and calls may come. */
  connected(line: Line): void;
  notify(notification: unknown): void;
  /** The connection is gone; calls that come later make a new one. */
  lost(error: Error, line: Line): void;
  /** True while live queries wait for this connection, so that a lost one is made again without a call. */
  isWanted(lane: object): boolean;
  /** Whether the server keeps something on this connection that would end with it. */
  needs(line: Line): boolean;
  /** A lost connection is not made again until somebody calls. */
  gaveUp(error: unknown, lane: object): void;
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
  /** For transports that bound how many connections there are, or requests under way. */
  readonly stats?: PoolStats;
  /** Connects and prepares; without it the first call would. */
  open(): Promise<void>;
  /** A connection for what has to stay on the one that it begins on; made if there is none. */
  pin(): Promise<Line>;
  call(call: RpcCall, flight: Flight): Promise<unknown>;
  close(): Promise<void>;
}
