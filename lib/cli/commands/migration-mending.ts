import type { Command } from 'commander';
import { relative } from 'node:path';
import pc from 'picocolors';
import { ormCommand, type CommandContext, type CommonFlags } from '../command.js';
import { openMigrator } from '../open-migrator.js';

/** Commands that change the history of migrations without running them. */
export function mendingCommands(): readonly Command[] {
  return [baselineCommand(), repairCommand(), squashCommand()];
}

function baselineCommand(): Command {
  return ormCommand<CommonFlags & { readonly to?: string }>(
    'migration:baseline',
    'note pending migrations as applied without running them',
    async (context) => {
      const { to, dryRun } = context.flags;
      const migrator = await openMigrator(context);
      const pending = (await migrator.status()).filter(({ state }) => state === 'pending').map(({ name }) => name);
      const asked = pending.filter((name) => to === undefined || name <= to || name.startsWith(to));
      if (dryRun === true || asked.length === 0) return tell(context, asked, 'would be noted as applied');
      await context.confirm(`Note ${asked.join(', ')} as applied without running them?`);
      return tell(context, await migrator.baseline(to === undefined ? {} : { to }), 'noted as applied');
    },
    (command) => command.option('--to <name>', 'the last one'),
  );
}

function repairCommand(): Command {
  return ormCommand(
    'migration:repair',
    'take the files for right: note changed ones, forget missing ones',
    async (context) => {
      const migrator = await openMigrator(context);
      const all = await migrator.status();
      const wrong = all.filter(({ state }) => state === 'changed' || state === 'missing').map(({ name }) => name);
      if (context.flags.dryRun === true || wrong.length === 0) return tell(context, wrong, 'would be mended');
      await context.confirm(`Take the files of ${wrong.join(', ')} for right?`);
      return tell(context, await migrator.repair(), 'mended');
    },
  );
}

function squashCommand(): Command {
  return ormCommand(
    'migration:squash',
    'put one migration in the place of all that were applied',
    async (context, name = 'squashed') => {
      const migrator = await openMigrator(context);
      const all = (await migrator.status()).map((each) => each.name);
      if (context.flags.dryRun === true) return tell(context, all, 'would be squashed');
      await context.confirm(
        `Remove ${all.length} files and put one in their place? It makes the schema, not the data.`,
      );
      const { file, squashed } = await migrator.squash({ name });
      return context.output.result({ file, squashed }, () => `${pc.green('+')} ${relative(process.cwd(), file)}`);
    },
    (command) => command.argument('[name]', 'what it is called', 'squashed'),
  );
}

function tell({ output }: CommandContext, names: readonly string[], what: string): void {
  output.result(names, () => (names.length === 0 ? 'Nothing to do.' : `${names.join(', ')}: ${what}`));
}
