import type { Command } from 'commander';
import type { ReverieOptions } from '../../config/reverie-options.js';

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

function authOf({ auth }: Partial<ReverieOptions>, flags: ConnectionFlags): ReverieOptions['auth'] {
  if (flags.user === undefined && auth !== undefined) return auth;
  const username = flags.user ?? process.env['SURREAL_USER'];
  const password = flags.pass ?? process.env['SURREAL_PASS'];
  return username === undefined || password === undefined ? auth : { username, password };
}
