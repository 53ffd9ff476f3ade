import { Command } from 'commander';
import { Reverie } from '../orm.js';
import { addConnectionFlags, type ConnectionFlags } from './config/connection-flags.js';
import { loadConfig, type LoadedConfig } from './config/load-config.js';
import { confirm, NotConfirmed } from './confirm.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { Interrupted } from './interruption.js';
import { Output } from './output.js';

/** What every command that works on a database takes. */
export interface CommonFlags extends ConnectionFlags {
  readonly config?: string;
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly verbose?: boolean;
}

/** What a command is given: its configuration and its ORM on demand, and ways to speak and to ask. */
export interface CommandContext<F extends CommonFlags = CommonFlags> {
  readonly flags: F;
  readonly output: Output;
  config(): Promise<LoadedConfig>;
  /** Connected, nothing synced; closed when the command ends. */
  orm(options?: OrmOptions): Promise<Reverie>;
  /** Throws unless somebody says yes. */
  confirm(question: string): Promise<void>;
}

export interface OrmOptions {
  /** Default false: commands that look at the schema set no application code off. */
  readonly subscribers?: boolean;
  /** Default true; false for what looks at the database alone. */
  readonly entities?: boolean;
}

export type CommandAction<F extends CommonFlags> = (
  context: CommandContext<F>,
  ...args: string[]
) => Promise<ExitCode | void>;

/**
 * A command with the common flags. Its action answers with an exit code (nothing means 0); what it throws is told without a
 * stack and ends with 1, or with 3 where a question was not answered with yes.
 */
export function ormCommand<F extends CommonFlags = CommonFlags>(
  name: string,
  description: string,
  action: CommandAction<F>,
  configure: (command: Command) => Command = (command) => command,
): Command {
  const command = addConnectionFlags(configure(new Command(name).description(description)))
    .option('--config <file>', 'the configuration; default: ormconfig.ts|js|mjs|cjs|json here')
    .option('--json', 'one JSON document on stdout')
    .option('--dry-run', 'tell what would be done, do nothing')
    .option('-y, --yes', 'go on without asking')
    .option('--verbose', 'every statement, and the stack of an error')
    .option('--no-color', 'without colours (also: NO_COLOR)');
  return command.action((...args: unknown[]) => {
    const given = args
      .slice(0, -2)
      .flat()
      .filter((each): each is string => typeof each === 'string');
    return run(command.opts<F>(), (context) => action(context, ...given));
  });
}

async function run<F extends CommonFlags>(
  flags: F,
  action: (context: CommandContext<F>) => Promise<ExitCode | void>,
): Promise<void> {
  const output = new Output({ json: flags.json === true, verbose: flags.verbose === true });
  const context = new RunningContext(flags, output);
  output.redactor.learn({ password: flags.pass, SURREAL_PASS: process.env['SURREAL_PASS'] });
  try {
    process.exitCode = (await action(context)) ?? EXIT.ok;
  } catch (error) {
    output.error(error);
    process.exitCode = exitCodeOf(error);
  } finally {
    await context.close();
  }
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof NotConfirmed) return EXIT.notConfirmed;
  return error instanceof Interrupted ? EXIT.interrupted : EXIT.failed;
}

class RunningContext<F extends CommonFlags> implements CommandContext<F> {
  readonly flags: F;
  readonly output: Output;
  #config: Promise<LoadedConfig> | undefined;
  readonly #opened: Reverie[] = [];

  constructor(flags: F, output: Output) {
    this.flags = flags;
    this.output = output;
  }

  readonly config = (): Promise<LoadedConfig> => {
    if (this.#config === undefined) this.#config = this.#load(true);
    return this.#config;
  };

  readonly orm = async ({ subscribers = false, entities = true }: OrmOptions = {}): Promise<Reverie> => {
    const { options } = await (entities ? this.config() : this.#load(false));
    const orm = await Reverie.init({
      ...options,
      ...(!subscribers && { subscribers: [] }),
      sync: 'off',
      // A statement of a migration takes as long as it takes.
      timeout: 0,
      allowGlobalContext: true,
      logging: this.flags.verbose === true ? ['query'] : [],
      logger: ({ text, duration }) => this.output.detail(`${text}  -- ${duration.toFixed(1)} ms`),
    });
    this.#opened.push(orm);
    return orm;
  };

  readonly confirm = (question: string): Promise<void> => confirm(question, this.flags.yes === true);

  async close(): Promise<void> {
    for (const orm of this.#opened) await orm.close().catch((error: unknown) => this.output.detail(String(error)));
  }

  async #load(classes: boolean): Promise<LoadedConfig> {
    const { flags, output } = this;
    const config = await loadConfig(flags.config, flags, { classes });
    output.redactor.learn(config.options.auth);
    output.redactor.learn(config.options.url);
    output.detail(`configuration: ${config.file ?? 'flags and environment'}; database: ${config.options.url}`);
    return config;
  }
}
