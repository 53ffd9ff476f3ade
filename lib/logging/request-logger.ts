import type { LogEntry, LogKind } from './log-entry.js';

export interface LoggingOptions {
  readonly logging?: boolean | readonly LogKind[] | undefined;
  readonly logger?: ((entry: LogEntry) => void) | undefined;
  /** Milliseconds; default 200. */
  readonly slowQuery?: number | undefined;
}

const EVERYTHING: readonly LogKind[] = ['query', 'slow', 'error', 'hint'];

/** Decides what of the requests is logged; undefined when nothing is, so that nothing is measured either. */
export function requestLogger(options: LoggingOptions): ((entry: Omit<LogEntry, 'kind'>) => void) | undefined {
  const { logging = options.logger === undefined ? false : true, slowQuery = 200 } = options;
  const kinds = new Set(logging === true ? EVERYTHING : logging === false ? [] : logging);
  if (kinds.size === 0) return undefined;
  const write = options.logger ?? printEntry;
  return (entry) => {
    const kind = kindOf(entry, slowQuery, kinds);
    if (kind !== undefined) write({ ...entry, kind });
  };
}

/** The most telling kind that is asked for. */
function kindOf(entry: Omit<LogEntry, 'kind'>, slowQuery: number, kinds: ReadonlySet<LogKind>): LogKind | undefined {
  if (entry.error !== undefined && kinds.has('error')) return 'error';
  if (entry.duration >= slowQuery && kinds.has('slow')) return 'slow';
  if (entry.hint !== undefined && kinds.has('hint')) return 'hint';
  return kinds.has('query') ? 'query' : undefined;
}

/** One line a request: `[flush] 4.1 ms BEGIN; LET $g0 = …`. */
function printEntry(entry: LogEntry): void {
  const text = entry.text.replace(/\s+/g, ' ');
  const line = `[${entry.purpose}] ${entry.duration.toFixed(1)} ms ${text.length > 300 ? `${text.slice(0, 300)}…` : text}`;
  const failure = entry.error === undefined ? '' : ` failed: ${String((entry.error as Error).message)}`;
  const outcome = entry.hint === undefined ? failure : `${failure} (${entry.hint})`;
  // eslint-disable-next-line no-console -- the default logger's place is the console
  (entry.kind === 'query' ? console.log : console.warn)(`reverie ${entry.kind} ${line}${outcome}`);
}
