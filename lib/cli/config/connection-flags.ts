import type { Command } from 'commander';
import type { ReverieOptions } from '../../config/reverie-options.js';
import type { UserCredentials } from '../../driver/credentials.js';
import { ValidationError } from '../../errors/index.js';

/** Where to connect, said on the command line. */
export interface ConnectionFlags {
  readonly url?: string;
  readonly namespace?: string;
  readonly database?: string;
  readonly user?: string;
  readonly pass?: string;
}

export function addConnectionFlags(command: Command): Command {
  return command
    .option('--url <url>', 'the database, over what the configuration says (SURREAL_URL)')
    .option('--namespace <name>', 'its namespace (SURREAL_NAMESPACE)')
    .option('--database <name>', 'its database (SURREAL_DATABASE)')
    .option('--user <name>', 'who signs in (SURREAL_USER)')
    .option('--pass <password>', 'the password; better in SURREAL_PASS, where no list of processes shows it');
}

/** Flags win over the configuration, the configuration over the environment. */
export function withFlags(given: Partial<ReverieOptions>, flags: ConnectionFlags): Partial<ReverieOptions> {
  const { env } = process;
  const pick = (flag: string | undefined, own: string | undefined, name: string) => flag ?? own ?? env[name];
  const url = pick(flags.url, given.url, 'SURREAL_URL');
  const namespace = pick(flags.namespace, given.namespace, 'SURREAL_NAMESPACE');
  const database = pick(flags.database, given.database, 'SURREAL_DATABASE');
  const auth = authOf(given, flags);
  return {
    ...given,
    ...(url !== undefined && { url }),
    ...(namespace !== undefined && { namespace }),
    ...(database !== undefined && { database }),
    ...(auth !== undefined && { auth }),
  };
}

/** One of the two flags goes with what the configuration says of the other. */
function authOf({ auth }: Partial<ReverieOptions>, { user, pass }: ConnectionFlags): ReverieOptions['auth'] {
  if (user === undefined && pass === undefined && auth !== undefined) return auth;
  const own = hasPassword(auth) ? auth : undefined;
  const username = user ?? own?.username ?? process.env['SURREAL_USER'];
  const password = pass ?? process.env['SURREAL_PASS'] ?? own?.password;
  if (username !== undefined && password !== undefined) return { ...own, username, password };
  if (user === undefined && pass === undefined) return auth;
  const [given, missing] = user === undefined ? ['--pass', '--user'] : ['--user', '--pass'];
  throw new ValidationError({
    what: `${given} was given without ${missing}`,
    why: 'neither the configuration nor the environment says the other of the two',
    fix: `give ${missing} as well, or set ${user === undefined ? 'SURREAL_USER' : 'SURREAL_PASS'}`,
  });
}

function hasPassword(auth: ReverieOptions['auth']): auth is UserCredentials {
  return typeof auth === 'object' && 'username' in auth && 'password' in auth;
}
