import type { Purpose } from '../driver/driver.js';

export type LogKind = 'query' | 'slow' | 'error' | 'hint';

/** One request that was sent. */
export interface LogEntry {
  readonly kind: LogKind;
  readonly text: string;
  /** The names of the bound parameters; values are never logged. */
  readonly bindings: readonly string[];
  readonly purpose: Purpose;
  /** Milliseconds. */
  readonly duration: number;
  readonly error?: unknown;
  /** How it could be done better: relations that were loaded one by one, say. */
  readonly hint?: string;
}
