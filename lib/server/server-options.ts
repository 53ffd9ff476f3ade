import type { EngineOptions } from '../driver/embedded/engine-options.js';
import { parseEngineUrl } from '../driver/embedded/engine-url.js';
import type { WriteGate } from '../driver/embedded/write-gate.js';
import { ValidationError } from '../errors/index.js';
import { DEFAULT_LIMITS, type ServerLimits } from './limits.js';

/** Options of `startServer`. */
export interface ServerOptions {
  /** The store to serve: `mem://` (default), `surrealkv://path` or `rocksdb://path`. */
  readonly url?: string;
  /** The TCP port; 0 (default) takes any free one. */
  readonly port?: number;
  /** A loopback address to listen on; default `127.0.0.1`. */
  readonly host?: string;
  /** Name of the root user, defined when the store has none yet. */
  readonly user?: string;
  /** Password of the root user. */
  readonly pass?: string;
  /** Serve without sign-in: every client is the owner. */
  readonly unauthenticated?: boolean;
  /** Options of the embedded engine: capabilities and timeouts. */
  readonly engine?: EngineOptions;
  /** Payload and back-pressure limits that differ from a real server's. */
  readonly limits?: Partial<ServerLimits>;
  /** Replaces the write gate; only for tests that show what is lost without it. */
  readonly writeGate?: WriteGate;
}

export interface RootUser {
  readonly name: string;
  readonly password: string;
}

/** The options with every default in place. */
export interface ResolvedOptions {
  readonly url: string;
  readonly port: number;
  readonly host: string;
  readonly root: RootUser | undefined;
  readonly unauthenticated: boolean;
  readonly engine: EngineOptions;
  readonly limits: ServerLimits;
  readonly writeGate: WriteGate | undefined;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** Fills in the defaults. Throws a ValidationError for options that cannot be right, and a CapabilityError for a store that there is not. */
export function resolveOptions(options: ServerOptions): ResolvedOptions {
  const { url = 'mem://', port = 0, host = '127.0.0.1', engine = {}, limits, writeGate } = options;
  // What is to be served is told before who may use it: a password may be there by chance, from the environment.
  parseEngineUrl(url);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw refused('port', `${port} is no TCP port`, 'give a number from 0 (any free port) to 65535');
  }
  if (!LOOPBACK.test(host)) {
    const why = `${host} is not a loopback address, and this server is made for one machine only`;
    throw refused('host', why, 'listen on 127.0.0.1, or run a real SurrealDB server for the network');
  }
  return Object.freeze({
    url,
    port,
    host,
    root: rootUser(options),
    unauthenticated: options.unauthenticated === true,
    engine,
    limits: Object.freeze({ ...DEFAULT_LIMITS, ...limits }),
    writeGate,
  });
}

function rootUser({ user, pass }: ServerOptions): RootUser | undefined {
  if (user === undefined && pass === undefined) return undefined;
  if (user === undefined || user === '')
    throw refused('user', 'a password was given without a user', 'give both user and pass');
  if (pass === undefined || pass === '')
    throw refused('pass', 'a user was given without a password', 'give both user and pass');
  return { name: user, password: pass };
}

function refused(path: string, message: string, fix: string): ValidationError {
  return new ValidationError({
    what: `The server cannot start with this ${path}`,
    why: message,
    fix,
    errors: [{ path, message, rule: 'option' }],
  });
}
