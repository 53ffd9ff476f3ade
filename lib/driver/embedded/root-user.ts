import { AuthenticationError } from '../../errors/index.js';
import { formatString, quoteIdentifier } from '../../values/index.js';
import type { Credentials } from '../credentials.js';
import type { Send } from '../transport/transport.js';

/**
 * Makes the given system user the store's first root user, as a server does with `--user` and `--pass`: only while there is
 * none at all, so an existing store keeps its own and wrong credentials stay wrong.
 */
export async function ensureRootUser(send: Send, credentials: Credentials): Promise<void> {
  if (!('username' in credentials) || credentials.namespace !== undefined) return;
  if (await hasRootUser(send)) return;
  const text = `DEFINE USER ${quoteIdentifier(credentials.username)} ON ROOT PASSWORD ${formatString(credentials.password)} ROLES OWNER`;
  const [answer] = (await send('query', [text], 'write')) as readonly [
    { readonly status: string; readonly result: unknown },
  ];
  if (answer.status === 'OK') return;
  throw new AuthenticationError({
    what: `The root user ${credentials.username} could not be defined`,
    why: String(answer.result),
    fix: 'give another user name or password',
  });
}

async function hasRootUser(send: Send): Promise<boolean> {
  const [answer] = (await send('query', ['INFO FOR ROOT'])) as readonly [
    { readonly result: { readonly users: object } },
  ];
  return Object.keys(answer.result.users).length > 0;
}
