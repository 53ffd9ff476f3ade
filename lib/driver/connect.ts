import { settingsOf, type ConnectOptions, type Settings, type Shields } from './connect-options.js';
import { Connection, type Way } from './connection.js';
import { parseServerUrl } from './server-url.js';

export type {
  ConnectionAttempts,
  ConnectOptions,
  DriverLogEntry,
  PingOptions,
  ReconnectOptions,
} from './connect-options.js';
export type { AttachedSession } from './attached-session.js';
export type { PoolOptions, PoolStats } from './request-pool.js';
export type { SessionOptions } from './driver.js';
export type { Connection } from './connection.js';
export type { ConnectionEvents } from './connection-events.js';
export type {
  AccessCredentials,
  AuthOption,
  Credentials,
  TokenCredentials,
  Tokens,
  UserCredentials,
} from './credentials.js';
export type { ObservedRequest, RequestObserver, RequestOutcome } from './request-observer.js';

/** What `connect` of the package does, before it knows of functions. */
export function connect(url: string, options: ConnectOptions = {}): Promise<Connection> {
  return open(url, options, {});
}

/** `connect` with shields taken off, for tests that show what they are for. */
export function connectUnshielded(url: string, options: ConnectOptions, shields: Shields): Promise<Connection> {
  return open(url, options, shields);
}

async function open(url: string, options: ConnectOptions, shields: Shields): Promise<Connection> {
  const address = parseServerUrl(url);
  const settings = settingsOf(options, shields);
  return new Connection(settings, await LOADERS[address.kind](address.url, settings)).open();
}

/** Each way of connecting is loaded when it is asked for: the embedded one does not exist in browsers. */
const LOADERS = {
  embedded: async (url: string, settings: Settings): Promise<Way> => {
    const { EmbeddedTransport } = await import('./embedded/embedded-transport.js');
    const { ensureRootUser } = await import('./embedded/root-user.js');
    return {
      make: (host) => new EmbeddedTransport(url, settings, host),
      beforeSignin: ensureRootUser,
      expires: 'session',
    };
  },
  websocket: async (url: string, settings: Settings): Promise<Way> => {
    if (settings.pool.size !== Infinity) {
      const { SocketPool } = await import('./transport/socket-pool.js');
      return { make: (host) => new SocketPool(url, settings, host), expires: 'session' };
    }
    const { WebSocketTransport } = await import('./transport/websocket.js');
    return { make: (host) => new WebSocketTransport(url, settings, host), expires: 'session' };
  },
  http: async (url: string, settings: Settings): Promise<Way> => {
    const { HttpTransport } = await import('./transport/http.js');
    return { make: (host) => new HttpTransport(url, settings, host), expires: 'token' };
  },
} as const;
