import { InvalidArgumentError, type Command } from 'commander';
import { relative } from 'node:path';
import pc from 'picocolors';
import { MigrationError } from '../../errors/index.js';
import type { MigrationEvent, MigrationRun, MigrationState, MigrationStatus } from '../../migrations/index.js';
import { ormCommand, type CommandContext, type CommonFlags } from '../command.js';
import { counted } from '../counted.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { Interrupted, Interruption } from '../interruption.js';
import { openMigrator } from '../open-migrator.js';
import { showPlan, summary } from '../show-plan.js';
import { isSafe } from '../../schema/index.js';
import { renderTable } from '../table.js';
import { TaskList } from '../task-list.js';
import { mendingCommands } from './migration-mending.js';

/** `reverie migration:*`: what leads a database from one version of the entities to the next. */
export function migrationCommands(): readonly Command[] {
  return [
    createCommand(),
    diffCommand(),
    upCommand(),
    downCommand(),
    statusCommand(),
    checkCommand(),
    ...mendingCommands(),
  ];
}

type TypeFlags = CommonFlags & { readonly type?: 'ts' | 'surql' };

function createCommand(): Command {
  return ormCommand<TypeFlags>(
    'migration:create',
    'write an empty migration',
    async (context, name = '') => {
      const migrator = await openMigrator(context);
      const { file } = await migrator.create({ name, ...(context.flags.type && { type: context.flags.type }) });
      context.output.result({ file }, () => `${pc.green('+')} ${shown(file)}`);
    },
    (command) =>
      command.argument('<name>', 'what it does').option('--type <language>', 'ts or surql (default: ts)', languageOf),
  );
}

function diffCommand(): Command {
  return ormCommand<TypeFlags & { readonly contract?: boolean }>(
    'migration:diff',
    'write what leads from the database to the entities, and back',
    async (context, name = 'schema') => {
      const { flags, output } = context;
      if (flags.dryRun === true) {
        const plan = await (await context.orm()).schema.plan({ contract: flags.contract === true });
        output.result(plan, () => showPlan(plan));
        return;
      }
      const migrator = await openMigrator(context);
      const { isEmpty, files, plan } = await migrator.diff({
        name,
        contract: flags.contract === true,
        ...(flags.type && { type: flags.type }),
      });
      if (!plan.steps.every(isSafe)) output.warn(`Look at it before you apply it: ${summary(plan)}`);
      output.result({ isEmpty, files, plan }, () =>
        isEmpty
          ? `${pc.green('✓')} The database is what the entities say.`
          : files.map((file) => `${pc.green('+')} ${shown(file)}`).join('\n'),
      );
    },
    (command) =>
      command
        .argument('[name]', 'what it does', 'schema')
        .option('--type <language>', 'ts or surql (default: surql)', languageOf)
        .option('--contract', 'also without the columns and tables that renamedFrom names'),
  );
}

function upCommand(): Command {
  return ormCommand<CommonFlags & { readonly to?: string; readonly outOfOrder?: boolean }>(
    'migration:up',
    'apply what is pending',
    async (context) => {
      const { to, dryRun = false, outOfOrder = false } = context.flags;
      const migrator = await openMigrator(context);
      const runs = await withTasks(context, (onEvent) =>
        migrator.up({ dryRun, outOfOrder, onEvent, ...(to !== undefined && { to }) }),
      );
      tell(context, runs, dryRun ? 'would be applied' : 'applied');
    },
    (command) =>
      command
        .option('--to <name>', 'the last one to apply')
        .option('--out-of-order', 'also those that are older than what was applied'),
  );
}

function downCommand(): Command {
  return ormCommand<CommonFlags & { readonly to?: string; readonly steps?: string; readonly all?: boolean }>(
    'migration:down',
    'take back the last one, or those after --to',
    async (context) => {
      const { to, steps, all = false, dryRun = false } = context.flags;
      const migrator = await openMigrator(context);
      const which = { all, ...(to !== undefined && { to }), ...(steps !== undefined && { steps: Number(steps) }) };
      const chosen = await migrator.down({ ...which, dryRun: true });
      if (dryRun || chosen.length === 0) return tell(context, chosen, 'would be taken back');
      await context.confirm(
        `Take back ${chosen.map(({ name }) => name).join(', ')}? What they made goes with its data.`,
      );
      const runs = await withTasks(context, (onEvent) => migrator.down({ ...which, onEvent }));
      return tell(context, runs, 'taken back');
    },
    (command) =>
      command
        .option('--to <name>', 'the first one to keep')
        .option('--steps <count>', 'how many; default 1')
        .option('--all', 'all of them'),
  );
}

function statusCommand(): Command {
  return ormCommand<CommonFlags & { readonly check?: boolean }>(
    'migration:status',
    'list migrations and their state',
    async (context) => {
      const all = await (await openMigrator(context)).status();
      context.output.result(all, () => statusTable(all));
      return context.flags.check === true && all.some(({ state }) => state !== 'applied') ? EXIT.differs : EXIT.ok;
    },
    (command) => command.option('--check', 'exit with 2 unless all are applied and unchanged'),
  );
}

const COLOURS: Readonly<Record<MigrationState, (text: string) => string>> = {
  applied: pc.green,
  pending: pc.yellow,
  changed: pc.red,
  missing: pc.red,
};

function statusTable(all: readonly MigrationStatus[]): string {
  if (all.length === 0) return 'There are no migrations.';
  const rows = all.map(({ name, state, appliedAt, duration }) => [
    COLOURS[state](state),
    name,
    appliedAt === undefined ? '' : appliedAt.toISOString().slice(0, 19).replace('T', ' '),
    duration === undefined ? '' : `${duration} ms`,
  ]);
  return renderTable(['state', 'migration', 'applied (UTC)', 'took'], rows, { flexible: 1 });
}

function checkCommand(): Command {
  return ormCommand(
    'migration:check',
    'exit with 2 where files were changed or are missing, or migrations are pending',
    async (context): Promise<ExitCode> => {
      const migrator = await openMigrator(context);
      try {
        await migrator.check();
      } catch (error) {
        if (!(error instanceof MigrationError)) throw error;
        context.output.error(error);
        return EXIT.differs;
      }
      const pending = (await migrator.status()).filter(({ state }) => state === 'pending').map(({ name }) => name);
      context.output.result({ ok: pending.length === 0, pending }, () =>
        pending.length === 0
          ? `${pc.green('✓')} All migrations are applied and unchanged.`
          : `${counted(pending.length, 'migration')} pending: ${pending.join(', ')}`,
      );
      return pending.length === 0 ? EXIT.ok : EXIT.differs;
    },
  );
}

/** Shows migrations as they run. Ctrl-C stops between two of them, or between two batches of one. */
async function withTasks(
  { output }: CommandContext,
  work: (onEvent: (event: MigrationEvent) => void) => Promise<readonly MigrationRun[]>,
): Promise<readonly MigrationRun[]> {
  const tasks = new TaskList(output.animated, (text) => process.stderr.write(text));
  const interruption = new Interruption(output);
  const story = new MigrationStory();
  try {
    return await work((event) => {
      story.hear(event);
      showEvent(tasks, event);
      if (event.type === 'start' || event.type === 'batch') interruption.check(() => '');
    });
  } catch (error) {
    const isInterrupted = error instanceof Interrupted || (error as Error | undefined)?.cause instanceof Interrupted;
    throw isInterrupted ? new Interrupted(story.told()) : error;
  } finally {
    tasks.stop();
    interruption.done();
  }
}

/** What migrations have come to when they are interrupted. */
class MigrationStory {
  readonly #done: string[] = [];
  #half: string | undefined;
  #direction = 'up';

  hear(event: MigrationEvent): void {
    if (event.type === 'waiting') return;
    this.#direction = event.direction;
    if (event.type === 'done') this.#done.push(event.name);
    if (event.type === 'failed')
      this.#half = event.isWhole
        ? `nothing of ${event.name} was kept`
        : `what ${event.name} did until then is kept, and it goes on there`;
  }

  told(): string {
    const isUp = this.#direction === 'up';
    const names = this.#done.length === 0 ? '' : `: ${this.#done.join(', ')}`;
    const all = `${counted(this.#done.length, 'migration')} ${isUp ? 'applied' : 'taken back'}${names}`;
    const half = this.#half === undefined ? '' : `; ${this.#half}`;
    return `Interrupted. ${all}${half}. Go on with: reverie migration:${this.#direction}`;
  }
}

function showEvent(tasks: TaskList, event: MigrationEvent): void {
  switch (event.type) {
    case 'waiting':
      return tasks.show('another process is running migrations');
    case 'start':
      return tasks.show(event.name);
    case 'batch':
      return tasks.show(`${event.name} ${pc.dim(counted(event.count, 'record'))}`);
    case 'done':
      return tasks.done(`${event.name} ${pc.dim(`${event.duration} ms`)}`);
    case 'failed':
      return tasks.failed(event.name);
  }
}

function tell({ output }: CommandContext, runs: readonly MigrationRun[], what: string): void {
  output.result(runs, () =>
    runs.length === 0
      ? 'Nothing to do.'
      : `${counted(runs.length, 'migration')} ${what}: ${runs.map(({ name }) => name).join(', ')}`,
  );
}

function languageOf(text: string): 'ts' | 'surql' {
  if (text === 'ts' || text === 'surql') return text;
  throw new InvalidArgumentError('ts or surql');
}

const shown = (file: string): string => relative(process.cwd(), file);
