import { withoutUndefined } from '../metadata/without-undefined.js';
import type { NamedConnectionOptions } from './reverie-options.js';

/** The part of an ORM's options that its connection is opened with. */
export function connectOptions(options: Omit<NamedConnectionOptions, 'url' | 'sync'>) {
  const { namespace = 'reverie', database = 'reverie', auth, onSignIn, timeout, connect } = options;
  const { reconnect, ping, pool, capabilities } = options;
  const given = withoutUndefined({ auth, onSignIn, timeout, connect, reconnect, ping, pool, capabilities });
  return { namespace, database, ...given };
}
