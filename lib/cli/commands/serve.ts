import { Argument, Command, Option } from 'commander';
import pc from 'picocolors';
import { ReverieError } from '../../errors/index.js';
import type { LocalServer, ServerOptions } from '../../server/index.js';
import { addressOf, isOn, portOf, wholeSeconds, type Address } from './serve-arguments.js';
import { capabilitiesOf, capabilityFlags, type CapabilityFlags } from './serve-capabilities.js';

/** Of the real server; the local one has only where it is served to say. */
const LOG_LEVELS = ['none', 'full', 'error', 'warn', 'info', 'debug', 'trace'] as const;
const QUIET: ReadonlySet<string> = new Set(['none', 'error', 'warn']);

interface ServeFlags extends CapabilityFlags {
  readonly log?: (typeof LOG_LEVELS)[number];
  readonly port?: number;
  readonly bind?: Address;
  readonly user?: string;
  readonly username?: string;
  readonly pass?: string;
  readonly password?: string;
  readonly unauthenticated?: boolean;
  readonly queryTimeout?: number;
  readonly transactionTimeout?: number;
  readonly openTimeout?: number;
}

const DEFAULT_PORT = 8000;

/**
 * `reverie serve`: the embedded engine behind SurrealDB's wire protocol, until the process is told to stop. The options, their
 * environment variables and the store have the names that `surreal start` gives them; `start` is another name of the command.
 *
 * ```sh
 * reverie serve --bind 127.0.0.1:8000 --user root --pass root surrealkv://./data
 * ```
 */
export function serveCommand(): Command {
  const path = process.env['SURREAL_PATH'];
  const command = new Command('serve')
    .alias('start')
    .description('serve an embedded store over ws:// and http:// on this machine')
    .addArgument(
      new Argument('[url]', 'the store: mem://, surrealkv://path or rocksdb://path (env: SURREAL_PATH)').default(
        path === undefined || path === '' ? 'mem://' : path,
      ),
    )
    .option('--port <port>', `TCP port, 0 for any free one (default: ${DEFAULT_PORT})`, portOf)
    .addOption(
      new Option('-b, --bind <address>', 'address and port, as in 127.0.0.1:8000; only this machine is served')
        .argParser(addressOf)
        .env('SURREAL_BIND'),
    )
    .addOption(new Option('-u, --user <name>', 'root user, defined when the store has none').env('SURREAL_USER'))
    .addOption(new Option('-p, --pass <password>', 'password of the root user').env('SURREAL_PASS'))
    .addOption(new Option('--username <name>').hideHelp())
    .addOption(new Option('--password <password>').hideHelp())
    .option('--unauthenticated', 'serve without sign-in: every client is the owner (env: SURREAL_UNAUTHENTICATED)')
    .addOption(
      new Option('-l, --log <level>', 'up to warn, only errors are printed')
        .choices(LOG_LEVELS)
        .default('info')
        .env('SURREAL_LOG'),
    )
    .addOption(
      new Option('--query-timeout <duration>', 'the longest a query may run, as in 30s')
        .argParser(wholeSeconds)
        .env('SURREAL_QUERY_TIMEOUT'),
    )
    .addOption(
      new Option('--transaction-timeout <duration>', 'the longest a transaction may run')
        .argParser(wholeSeconds)
        .env('SURREAL_TRANSACTION_TIMEOUT'),
    )
    .option('--open-timeout <duration>', 'the longest the store may take to open (default: 10s)', wholeSeconds)
    .addOption(new Option('--no-banner').hideHelp())
    .action((url: string, flags: ServeFlags) => serve(url, flags));
  return capabilityFlags(command);
}

function optionsOf(url: string, flags: ServeFlags): ServerOptions {
  const { port, bind, user = flags.username, pass = flags.password } = flags;
  const { queryTimeout, transactionTimeout, openTimeout } = flags;
  const capabilities = capabilitiesOf(flags);
  return {
    url,
    port: port !== undefined ? port : bind !== undefined ? bind.port : DEFAULT_PORT,
    ...(bind && { host: bind.host }),
    ...(user !== undefined && { user }),
    ...(pass !== undefined && { pass }),
    ...(isOn(flags.unauthenticated, 'SURREAL_UNAUTHENTICATED') && { unauthenticated: true }),
    engine: {
      ...(capabilities !== undefined && { capabilities }),
      ...(queryTimeout !== undefined && { queryTimeout }),
      ...(transactionTimeout !== undefined && { transactionTimeout }),
      ...(openTimeout !== undefined && { openTimeout: openTimeout * 1_000 }),
    },
  };
}

async function serve(url: string, flags: ServeFlags): Promise<void> {
  const isQuiet = QUIET.has(flags.log ?? 'info');
  const { LocalServer } = await import('../../server/index.js');
  let server: LocalServer | undefined;
  try {
    const options = optionsOf(url, flags);
    server = await LocalServer.listen(options);
    const stopping = stopOnSignal(server, isQuiet);
    await server.ready;
    if (!stopping() && !isQuiet) announce(server, options, flags.bind);
  } catch (error) {
    await server?.close();
    fail(error);
  }
}

function announce(server: LocalServer, { url, user, unauthenticated }: ServerOptions, bind?: Address): void {
  const addresses = [`ws://${server.authority}/rpc`, `http://${server.authority}`].map((address) => pc.cyan(address));
  const who =
    unauthenticated === true
      ? 'everyone is the owner'
      : user === undefined
        ? 'users of the store sign in'
        : `sign in as ${user}`;
  const narrowed = bind?.narrowed === true ? `${pc.dim('  to this machine alone, whatever --bind says')}\n` : '';
  // One write, so that whoever waits for the line has all of it.
  console.log(
    `${pc.green('●')} ${pc.bold(String(url))} is served at ${addresses.join(' and ')}\n${narrowed}${pc.dim(`  ${who}; stop with Ctrl+C`)}`,
  );
}

/** The first signal stops the server after what is running; a second one does not wait. Answers whether one has come. */
function stopOnSignal(server: LocalServer, isQuiet: boolean): () => boolean {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143);
    stopping = true;
    if (!isQuiet) console.log(pc.dim('  stopping: finishing what is running'));
    void server.close().then(() => process.exit(0), fail);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return () => stopping;
}

function fail(error: unknown): void {
  const message = ReverieError.is(error) || error instanceof Error ? error.message : String(error);
  console.error(`${pc.red('✗')} ${message}`);
  process.exitCode = 1;
}
