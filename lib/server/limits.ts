/** Sizes and counts the local server keeps to; byte limits are the defaults of a real SurrealDB server. */
export interface ServerLimits {
  /** Largest WebSocket message, in bytes. */
  readonly wsMessageBytes: number;
  /** Largest body of POST /rpc, in bytes. */
  readonly rpcBodyBytes: number;
  /** Largest body of POST /sql, in bytes. */
  readonly sqlBodyBytes: number;
  /** Largest body of POST /signin and /signup, in bytes. */
  readonly signBodyBytes: number;
  /** Largest body of POST, PUT and PATCH /key, in bytes. */
  readonly keyBodyBytes: number;
  /** Largest body of POST /import, in bytes. */
  readonly importBodyBytes: number;
  /** Requests of one connection that are being worked on at once; the rest wait in its backlog. */
  readonly inFlight: number;
  /** Bytes of one connection's waiting requests above which no more of it is read. */
  readonly waitingBytes: number;
  /** Unsent bytes of one connection above which no further request of it is started. */
  readonly pausedSendBytes: number;
  /** Unsent bytes of one connection above which it is closed (1013): its reader has stalled under live events. */
  readonly maxSendBytes: number;
  /** Interactive transactions one connection may hold open. */
  readonly transactions: number;
  /** Attached sessions one connection may hold. */
  readonly sessions: number;
  /** Milliseconds between WebSocket pings. */
  readonly pingInterval: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

export const DEFAULT_LIMITS: ServerLimits = Object.freeze({
  wsMessageBytes: 128 * MIB,
  rpcBodyBytes: 4 * MIB,
  sqlBodyBytes: MIB,
  signBodyBytes: KIB,
  keyBodyBytes: 16 * KIB,
  importBodyBytes: 128 * MIB,
  inFlight: 64,
  waitingBytes: 16 * MIB,
  pausedSendBytes: 16 * MIB,
  maxSendBytes: 256 * MIB,
  transactions: 256,
  sessions: 10_000,
  pingInterval: 5_000,
});
