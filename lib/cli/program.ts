import { Command } from 'commander';
import { completionCommand } from './commands/completion.js';
import { doctorCommand } from './commands/doctor.js';
import { exportCommand } from './commands/export.js';
import { importCommand } from './commands/import.js';
import { initCommand } from './commands/init.js';
import { inspectCommand } from './commands/inspect.js';
import { migrationCommands } from './commands/migration.js';
import { queryCommand } from './commands/query.js';
import { schemaCommands } from './commands/schema.js';
import { seedCommand } from './commands/seed.js';
import { serveCommand } from './commands/serve.js';

/** The command line of Reverie. */
export function makeProgram(): Command {
  const program = new Command('reverie')
    .description('Reverie, the ORM for SurrealDB: commands')
    .showHelpAfterError('See reverie --help.')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 drift or pending migrations, 3 not confirmed,\n130 interrupted.',
    );
  for (const command of [
    initCommand(),
    ...schemaCommands(),
    ...migrationCommands(),
    inspectCommand(),
    exportCommand(),
    importCommand(),
    seedCommand(),
    queryCommand(),
    serveCommand(),
    doctorCommand(),
    completionCommand(program),
  ])
    program.addCommand(command);
  return program;
}
