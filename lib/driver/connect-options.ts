import { ValidationError, type ValidationProblem } from '../errors/index.js';
import type { AuthOption, Tokens } from './credentials.js';
import type { EngineCapabilities } from './embedded/engine-options.js';
import type { PoolOptions } from './request-pool.js';
import type { RequestObserver } from './request-observer.js';

export interface ConnectOptions {
  /** Created by the server when it does not exist. */
  readonly namespace?: string;
  /** Created by the server when it does not exist; needs `namespace`. */
  readonly database?: string;
  /**
   * Who signs in; left out, the connection stays anonymous, which the embedded engine takes for its owner. On an embedded
   * store without any root user, `{ username, password }` becomes the first, as with the server's `--user` and `--pass`.
   */
  readonly auth?: AuthOption;
  /**
   * Told of the tokens of each sign-in that the connection makes by itself; one is awaited before the next begins. With it a refresh
   * token, which is worth one use, can be kept for the next time.
   *
   * ```ts
   * auth: () => ({ access: 'account', variables: { refresh } }),
   * onSignIn: async (tokens) => store((refresh = tokens.refresh)),
   * ```
   */
  readonly onSignIn?: (tokens: Tokens) => void | Promise<void>;
  /** Milliseconds until a request becomes a TimeoutError; default 60,000, `0` for none. */
  readonly timeout?: number;
  readonly connect?: ConnectionAttempts;
  /** How a WebSocket connection notices that its server is gone. */
  readonly ping?: PingOptions;
  /**
   * How a lost WebSocket connection is made again while live queries wait for it; `false` ends them instead. Without any, the
   * next call connects.
   */
  readonly reconnect?: ReconnectOptions | false;
  /** How many connections there are, and how many requests under way at a time. An embedded engine takes all that there are. */
  readonly pool?: PoolOptions;
  /** What statements may reach inside an embedded engine. */
  readonly capabilities?: EngineCapabilities;
  /** Told of every request; one that is left out costs nothing. */
  readonly observer?: RequestObserver;
  /** Told of what happens to the connection itself. */
  readonly logger?: (entry: DriverLogEntry) => void;
}

export interface ConnectionAttempts {
  /** Milliseconds for one attempt: handshake, version, sign-in and namespace together. Default 10,000. */
  readonly timeout?: number;
  /** How often a server that cannot be reached is tried; default 3, with growing pauses. */
  readonly attempts?: number;
}

export interface PingOptions {
  /** Milliseconds of silence after which the server is asked for a sign of life; default 30,000. */
  readonly interval?: number;
  /** Milliseconds the server has to give one; default 10,000. */
  readonly timeout?: number;
}

export interface ReconnectOptions {
  /** Attempts in a row that fail before live queries are ended; default Infinity. */
  readonly attempts?: number;
  /** Milliseconds of the longest pause between two of them; default 30,000. Pauses grow from 200, and are of random length. */
  readonly longestPause?: number;
}

export interface DriverLogEntry {
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly error?: unknown;
}

/** Switches for tests that show what each shield is for. */
export interface Shields {
  /** False lets writes run side by side on an embedded engine. */
  readonly writeGate?: boolean;
  /** False lets calls that change a session overlap others. */
  readonly sessionQueue?: boolean;
}

/** The options with every default in place. */
export interface Settings {
  readonly namespace: string | undefined;
  readonly database: string | undefined;
  readonly auth: AuthOption | undefined;
  readonly onSignIn: ConnectOptions['onSignIn'];
  readonly timeout: number;
  readonly connectTimeout: number;
  readonly attempts: number;
  readonly pingInterval: number;
  readonly pingTimeout: number;
  /** 0 where a lost connection is left alone. */
  readonly reconnectAttempts: number;
  readonly longestPause: number;
  readonly pool: Required<PoolOptions>;
  readonly capabilities: EngineCapabilities | undefined;
  readonly observer: RequestObserver | undefined;
  readonly log: (entry: DriverLogEntry) => void;
  readonly shields: Shields;
}

/** Checks the options before anything is opened. */
export function settingsOf(options: ConnectOptions, shields: Shields = {}): Settings {
  const problems: ValidationProblem[] = [];
  const { namespace, database, connect = {}, ping = {}, pool = {} } = options;
  const reconnect = options.reconnect === false ? { attempts: 0 } : (options.reconnect ?? {});
  const number = (path: string, value: number | undefined, fallback: number, least: number): number => {
    if (value === undefined) return fallback;
    if (typeof value === 'number' && value >= least) return value;
    problems.push({ path, message: `${String(value)} is not a number from ${least} on`, rule: 'range' });
    return fallback;
  };
  if (database !== undefined && namespace === undefined) problems.push(DATABASE_ALONE);
  for (const [path, name] of [['namespace', namespace] as const, ['database', database] as const]) {
    if (name === undefined || (typeof name === 'string' && name !== '')) continue;
    problems.push({ path, message: `${JSON.stringify(name)} is no name`, rule: 'type' });
  }
  const settings = {
    namespace,
    database,
    auth: options.auth,
    onSignIn: options.onSignIn,
    timeout: number('timeout', options.timeout, 60_000, 0),
    connectTimeout: number('connect.timeout', connect.timeout, 10_000, 1),
    attempts: number('connect.attempts', connect.attempts, 3, 1),
    pingInterval: number('ping.interval', ping.interval, 30_000, 1),
    pingTimeout: number('ping.timeout', ping.timeout, 10_000, 1),
    reconnectAttempts: number('reconnect.attempts', reconnect.attempts, Infinity, 0),
    longestPause: number('reconnect.longestPause', reconnect.longestPause, 30_000, 1),
    pool: {
      size: number('pool.size', pool.size, Infinity, 1),
      min: number('pool.min', pool.min, 1, 1),
      requests: number('pool.requests', pool.requests, 1, 1),
      idle: number('pool.idle', pool.idle, 60_000, 0),
      lifetime: number('pool.lifetime', pool.lifetime, 0, 0),
      acquire: number('pool.acquire', pool.acquire, 10_000, 0),
    },
    capabilities: options.capabilities,
    observer: options.observer,
    log: options.logger ?? ignore,
    shields,
  };
  if (settings.pool.min > (pool.size ?? 1)) problems.push(MORE_THAN_ALL);
  if (problems.length > 0) throw refused(problems);
  return settings;
}

const MORE_THAN_ALL: ValidationProblem = {
  path: 'pool.min',
  message: 'there are never more connections than pool.size says',
  rule: 'range',
};

const DATABASE_ALONE: ValidationProblem = {
  path: 'namespace',
  message: 'a database is chosen together with its namespace',
  rule: 'required',
};

function refused(errors: readonly ValidationProblem[]): ValidationError {
  return new ValidationError({
    what: 'The connection options cannot be used',
    why: errors.map(({ path, message }) => `${path}: ${message}`).join('; '),
    fix: "connect('ws://localhost:8000', { namespace: 'app', database: 'app', auth: { username, password } })",
    errors,
  });
}

function ignore(): void {
  // Nobody asked to be told.
}
