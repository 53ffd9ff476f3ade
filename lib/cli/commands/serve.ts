import { Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { ReverieError } from '../../errors/index.js';
import type { LocalServer, ServerOptions } from '../../server/index.js';
import { capabilitiesOf, capabilityFlags, type CapabilityFlags } from './serve-capabilities.js';

/** Of the real server; the local one has only where it is served to say. */
const LOG_LEVELS = ['none', 'full', 'error', 'warn', 'info', 'debug', 'trace'] as const;
const QUIET: ReadonlySet<string> = new Set(['none', 'error', 'warn']);

interface ServeFlags extends CapabilityFlags {
  readonly log?: (typeof LOG_LEVELS)[number];
  readonly port?: number;
  readonly bind?: Address;
  readonly user?: string;
  readonly pass?: string;
  readonly unauthenticated?: boolean;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORT = 8000;

/**
 * `reverie serve`: the embedded engine behind SurrealDB's wire protocol, until the process is told to stop.
 *
 * ```sh
 * reverie serve --port 8000 --user root --pass root surrealkv://./data
 * ```
 */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description('serve an embedded store over ws:// and http:// on this machine')
    .argument('[url]', 'the store: mem://, surrealkv://path or rocksdb://path', 'mem://')
    .option('-p, --port <port>', `TCP port, 0 for any free one (default: ${DEFAULT_PORT})`, portOf)
    .option('-b, --bind <address>', 'loopback address and port, as in 127.0.0.1:8000', addressOf)
    .addOption(new Option('-u, --user <name>', 'root user, defined when the store has none').env('SURREAL_USER'))
    .addOption(new Option('--pass <password>', 'password of the root user').env('SURREAL_PASS'))
    .option('--unauthenticated', 'serve without sign-in: every client is the owner')
    .addOption(
      new Option('-l, --log <level>', 'up to warn, only errors are printed')
        .choices(LOG_LEVELS)
        .default('info')
        .env('SURREAL_LOG'),
    )
    .action((url: string, flags: ServeFlags) => serve(optionsOf(url, flags), QUIET.has(flags.log ?? 'info')));
  return capabilityFlags(command);
}

function optionsOf(url: string, flags: ServeFlags): ServerOptions {
  const { port, bind, user, pass, unauthenticated } = flags;
  const capabilities = capabilitiesOf(flags);
  return {
    url,
    port: port !== undefined ? port : bind !== undefined ? bind.port : DEFAULT_PORT,
    ...(bind && { host: bind.host }),
    ...(user !== undefined && { user }),
    ...(pass !== undefined && { pass }),
    ...(unauthenticated !== undefined && { unauthenticated }),
    ...(capabilities !== undefined && { engine: { capabilities } }),
  };
}

async function serve(options: ServerOptions, isQuiet: boolean): Promise<void> {
  const { LocalServer } = await import('../../server/index.js');
  let server: LocalServer | undefined;
  try {
    server = await LocalServer.listen(options);
    const stopping = stopOnSignal(server, isQuiet);
    await server.ready;
    if (!stopping() && !isQuiet) announce(server, options);
  } catch (error) {
    await server?.close();
    fail(error);
  }
}

function announce(server: LocalServer, { url, user, unauthenticated }: ServerOptions): void {
  const addresses = [`ws://${server.authority}/rpc`, `http://${server.authority}`].map((address) => pc.cyan(address));
  const who =
    unauthenticated === true
      ? 'everyone is the owner'
      : user === undefined
        ? 'users of the store sign in'
        : `sign in as ${user}`;
  // One write, so that whoever waits for the line has all of it.
  console.log(
    `${pc.green('●')} ${pc.bold(String(url))} is served at ${addresses.join(' and ')}\n${pc.dim(`  ${who}; stop with Ctrl+C`)}`,
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

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('a number from 0 to 65535 is needed');
  return port;
}

function addressOf(text: string): Address {
  const [, host, port] = /^(.*):(\d+)$/.exec(text) ?? [];
  if (host === undefined || host === '' || port === undefined) {
    throw new InvalidArgumentError('an address and a port are needed, as in 127.0.0.1:8000');
  }
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: portOf(port) };
}
