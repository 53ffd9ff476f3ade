/**
 * What this connection can do. Versions and engines are looked at when it is made, here and nowhere else:
 * the rest of Reverie asks the record.
 */
export interface Capabilities {
  readonly transport: 'embedded' | 'websocket' | 'http';
  /** `3.0.2` */
  readonly version: string;
  readonly engine: 'mem' | 'surrealkv' | 'rocksdb' | 'unknown';
  readonly live: boolean;
  readonly interactiveTransactions: boolean;
  readonly sessions: boolean;
  /** Rows in one INSERT or UPSERT statement before it gets slow; CREATE in a loop is always linear. */
  readonly insertChunk: number;
  /** Whether the server is of this version or a later one: `isAtLeast('3.1.0')`. */
  isAtLeast(version: string): boolean;
  /** The largest request in bytes that the transport takes. */
  readonly maxRequestBytes: number;
}
